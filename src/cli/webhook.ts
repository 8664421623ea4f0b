/**
 * `f2f webhook …`: for whoever writes a receiver of webhooks, in any language: signs a body as the gateway would, and says why
 * a signature does not fit. Needs no gateway.
 */
import type { Command } from 'commander';
import { webhookRequest } from '../flows/deliver-webhooks.ts';
import { isWebhookSecret } from '../flows/webhook-secrets.ts';
import { CommandError, type CommandContext } from './context.ts';
import { EXAMPLE_EVENT } from './webhook/example-event.ts';
import { judge, parse, SECRET_RULE, TIMESTAMP_PATTERN } from './webhook/judge.ts';

export type WebhookContext = Pick<CommandContext, 'clock' | 'print'> & {
  /** The bytes of a file, or of stdin for `-`. */
  readInput(path: string): Promise<Uint8Array>;
};

type SignOptions = {
  readonly secret: string;
  readonly body?: string;
  readonly id?: string;
  readonly timestamp?: string;
  readonly url: string;
  readonly json?: boolean;
};

type VerifyOptions = {
  readonly secret: string;
  readonly id: string;
  readonly timestamp: string;
  readonly signature: string;
  readonly body: string;
};

const BODY = 'file with the body, byte for byte; "-" for stdin';

export function addWebhookCommands(program: Command, context: WebhookContext): void {
  const webhook = program.command('webhook').description('try out a receiver of webhooks');
  webhook
    .command('sign')
    .description('print the headers that the gateway would send with a body, and a line for curl')
    .requiredOption('--secret <whsec>', 'the secret of the receiver')
    .option('--body <file>', `${BODY}; without it, an example event`)
    .option('--id <id>', 'webhook-id; else that of the event')
    .option('--timestamp <seconds>', 'webhook-timestamp; else now')
    .option('--url <url>', 'the receiver, for curl', 'http://127.0.0.1:3000/hook')
    .option('--json', 'print headers and body as JSON')
    .action((options: SignOptions) => sign(context, options));
  webhook
    .command('verify')
    .description('say whether a signature fits, or else why it does not')
    .requiredOption('--secret <whsec>', 'the secret of the receiver')
    .requiredOption('--id <id>', 'the header webhook-id')
    .requiredOption('--timestamp <seconds>', 'the header webhook-timestamp')
    .requiredOption('--signature <text>', 'the header webhook-signature')
    .option('--body <file>', BODY, '-')
    .action((options: VerifyOptions) => verify(context, options));
}

async function sign(context: WebhookContext, options: SignOptions): Promise<void> {
  const { secret, timestamp, url } = options;
  if (!isWebhookSecret(secret)) throw new CommandError(`--secret ${SECRET_RULE}`);
  if (timestamp !== undefined && !TIMESTAMP_PATTERN.test(timestamp)) {
    throw new CommandError('--timestamp must be whole seconds since 1970');
  }
  const body = await bodyOf(context, options.body);
  const atMs = timestamp === undefined ? context.clock.nowMs() : Number(timestamp) * 1000;
  const ownId = parse(body)?.['id'];
  const id = options.id ?? (typeof ownId === 'string' ? ownId : EXAMPLE_EVENT.id);
  const { headers } = webhookRequest(url, [secret], { id, body }, atMs);
  if (options.json === true) {
    context.print(JSON.stringify({ headers, body }, undefined, 2));
    return;
  }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  for (const line of lines) context.print(line);
  context.print('');
  const isFile = options.body !== undefined && options.body !== '-';
  const data = isFile
    ? `--data-binary ${quoted(`@${options.body}`)}`
    : `--data-raw ${quoted(body)}`;
  const parts = [...lines.map((line) => `-H ${quoted(line)}`), data];
  context.print([`curl -i ${quoted(url)}`, ...parts].join(' \\\n  '));
}

async function bodyOf(context: WebhookContext, path: string | undefined): Promise<string> {
  if (path === undefined) return JSON.stringify(EXAMPLE_EVENT);
  const bytes = await context.readInput(path);
  const body = Buffer.from(bytes).toString('utf8');
  if (Buffer.from(body, 'utf8').equals(bytes)) return body;
  throw new CommandError('The body is not UTF-8, and the gateway sends nothing else');
}

/** As one word of a shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

async function verify(context: WebhookContext, options: VerifyOptions): Promise<void> {
  const body = await context.readInput(options.body);
  const verdict = judge({ ...options, body }, context.clock.nowMs());
  if (!verdict.fits) throw new CommandError(verdict.sentences.join('\n'));
  context.print(`The signature fits, and the webhook is ${verdict.ageS} s old`);
}
