/**
 * `f2f audit …`: who did what, and whether the log of it is whole. Both read only; who writes the log is told in
 * `flows/keep-audit.ts`, and how it is checked in `flows/verify-audit.ts`.
 */
import { InvalidArgumentError, type Command } from 'commander';
import { parseRfc3339, parseShanghaiText, shanghaiText } from '../core/time.ts';
import { auditView, type AuditView } from '../flows/audit-view.ts';
import { verifyAudit, type AuditVerdict } from '../flows/verify-audit.ts';
import { pageAudit, type AuditHead } from '../store/audit.ts';
import { CommandError, printRows, type CommandContext, type FileContext } from './context.ts';

type AuditContext = CommandContext & Pick<FileContext, 'showProgress'>;

const LIMIT_DEFAULT = 100;
const LIMIT_MAX = 10_000;
const UNIT_MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

type ListOptions = {
  readonly actor?: string;
  readonly operation?: string;
  readonly target?: string;
  readonly since?: string;
  readonly limit: number;
  readonly json?: boolean;
};

type VerifyOptions = { readonly head?: AuditHead; readonly json?: boolean };

export function addAuditCommands(program: Command, context: AuditContext): void {
  const audit = program.command('audit').description('who did what, and whether the log is whole');
  audit
    .command('list')
    .description('what was done, newest first')
    .option('--actor <id>', 'by this one: user_…, key_…, operator_cli or nobody')
    .option('--operation <id>', 'this operation, e.g. createRefund')
    .option('--target <id>', 'to this one, e.g. a payment: pay_…')
    .option(
      '--since <time>',
      'a time (RFC 3339), a day in Shanghai (2026-11-23), or 30m, 24h, 7d ago',
    )
    .option('--limit <n>', `how many, at most ${LIMIT_MAX}`, readLimit, LIMIT_DEFAULT)
    .option('--json', 'print JSON')
    .action((options: ListOptions) => list(context, options));
  audit
    .command('verify')
    .description('check every entry against the one before it; exit code 1 if one does not hold')
    .option(
      '--head <number:hash>',
      'a head that was printed before: it must be in the log',
      readHead,
    )
    .option('--json', 'print JSON')
    .action((options: VerifyOptions) => verify(context, options));
}

async function list(context: AuditContext, options: ListOptions): Promise<void> {
  const { actor: actorId, operation, target, since, limit, json } = options;
  const fromMs = since === undefined ? undefined : sinceMs(since, context.clock.nowMs());
  const rest = { beforeMs: undefined, after: undefined, limit };
  const { found, next } = await context.withDatabase((db) =>
    pageAudit(db, { actorId, operation, target, fromMs, ...rest }),
  );
  const views = found.map(auditView);
  printRows(context, json === true ? views : views.map(rowOf), json);
  if (next !== null && json !== true) context.print(`There are more: --limit ${limit * 2}`);
}

function rowOf({ number, at, actor, operation, target, outcome, address }: AuditView) {
  return {
    no: number,
    at: shanghaiText(parseRfc3339(at) ?? 0),
    who: actor.name === '' ? actor.id : `${actor.name} (${actor.id})`,
    operation,
    target,
    outcome:
      outcome && [outcome.code ?? outcome.status, ...(outcome.replayed ? ['again'] : [])].join(' '),
    from: address,
  };
}

async function verify(context: AuditContext, { head: noted, json }: VerifyOptions): Promise<void> {
  const verdict = await context.withDatabase((db) =>
    verifyAudit(db, {
      noted,
      onProgress: (done, total) => context.showProgress(`${done} of ${total} entries`),
    }),
  );
  context.showProgress('');
  const { held, head, fault } = verdict;
  const headText = head && `${head.number}:${head.hash}`;
  if (json === true) context.print(JSON.stringify({ held, head: headText, fault }, undefined, 2));
  else for (const line of linesOf(verdict, headText)) context.print(line);
  if (fault !== null) throw new CommandError(`Entry ${fault.number} does not hold: ${fault.what}`);
}

function linesOf({ held, fault }: AuditVerdict, headText: string | null): readonly string[] {
  if (held === 0) return fault === null ? ['The log is empty'] : [];
  if (fault !== null) return [`Entries that hold: 1 to ${held}`];
  return [
    `All entries hold: 1 to ${held}`,
    `head ${headText}`,
    'Note the head elsewhere: --head tells later whether the log was cut or made anew since.',
  ];
}

function sinceMs(text: string, nowMs: number): number {
  const { count, unit = '' } = /^(?<count>\d{1,6})(?<unit>[mhd])$/.exec(text)?.groups ?? {};
  const ago = UNIT_MS[unit];
  const ms =
    ago === undefined
      ? (parseRfc3339(text) ?? parseShanghaiText(`${text} 00:00:00`))
      : nowMs - Number(count) * ago;
  if (ms !== undefined) return ms;
  throw new CommandError('--since must be a time (RFC 3339), a day (2026-11-23), or 30m, 24h, 7d');
}

function readLimit(text: string): number {
  const limit = Number(text);
  if (Number.isInteger(limit) && limit >= 1 && limit <= LIMIT_MAX) return limit;
  throw new InvalidArgumentError(`It must be a whole number from 1 to ${LIMIT_MAX}.`);
}

function readHead(text: string): AuditHead {
  const { number, hash } = /^(?<number>\d{1,15}):(?<hash>[0-9a-f]{64})$/.exec(text)?.groups ?? {};
  if (number !== undefined && hash !== undefined) return { number: Number(number), hash };
  throw new InvalidArgumentError('It must be a head as f2f audit verify prints it: NUMBER:HASH.');
}
