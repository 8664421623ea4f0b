/**
 * `f2f incident …`: what waits for a person. Lists and shows it with what happened, why the gateway did not decide and
 * what can be done, in English and Chinese; and resolves it, by name and with a note.
 */
import { InvalidArgumentError, type Command } from 'commander';
import type { Incident } from '../core/incident.ts';
import type { Merchant } from '../core/merchant.ts';
import { fen, formatYuan } from '../core/money.ts';
import type { Payment } from '../core/payment.ts';
import { shanghaiText } from '../core/time.ts';
import { resolveIncident, type Resolution, type ResolveResult } from '../flows/resolve-incident.ts';
import { findIncident, listIncidents } from '../store/incidents.ts';
import { findAnyMerchant, listMerchants } from '../store/merchants.ts';
import { findPayment } from '../store/payments.ts';
import { asOperator } from './as-operator.ts';
import { CommandError, printRows, type CommandContext } from './context.ts';
import { INCIDENT_TEXTS, type IncidentText } from '../flows/incident-texts.ts';

type ListOptions = { all?: boolean; merchant?: string; json?: boolean };

export function addIncidentCommands(program: Command, context: CommandContext): void {
  const incident = program.command('incident').description('what waits for a person');
  incident
    .command('list')
    .description('open incidents, oldest first')
    .option('--all', 'resolved ones too')
    .option('--merchant <cpiNo>', 'of one shop')
    .option('--json', 'print JSON')
    .action((options: ListOptions) => list(context, options));
  incident
    .command('show')
    .description('one incident: what happened, why it is undecided, what to do')
    .argument('<no>', 'its number', readNo)
    .option('--json', 'print JSON')
    .action((no: number, { json }: { json?: boolean }) => show(context, no, json));
  incident
    .command('resolve')
    .description('say that an incident has been dealt with')
    .argument('<no>', 'its number', readNo)
    .requiredOption('--by <name>', 'who dealt with it')
    .requiredOption('--note <text>', 'what was found and done')
    .action((no: number, resolution: Resolution) => resolve(context, no, resolution));
}

function readNo(text: string): number {
  const no = Number(text.replace(/^inc_/, ''));
  if (Number.isSafeInteger(no) && no >= 1) return no;
  throw new InvalidArgumentError(
    'It must be a whole number from 1, as f2f incident list shows it.',
  );
}

async function list(context: CommandContext, options: ListOptions): Promise<void> {
  const rows = await context.withDatabase(async (db) => {
    const merchants = await listMerchants(db);
    const { merchant: cpiNo, all: isAll } = options;
    const shop = cpiNo === undefined ? undefined : await findAnyMerchant(db, cpiNo);
    if (cpiNo !== undefined && shop === undefined) {
      throw new CommandError(`--merchant: no shop has the number ${cpiNo}`);
    }
    const incidents = await listIncidents(db, { isAll, merchantId: shop?.merchantId });
    return incidents.map((incident) => rowOf(incident, merchants));
  });
  printRows(context, rows, options.json);
}

function rowOf(incident: Incident, merchants: readonly Merchant[]) {
  const { merchantId, incidentNo, paymentNo, requestNo, reason, state, seenCount } = incident;
  return {
    no: incidentNo,
    state,
    reason,
    merchant: merchants.find((merchant) => merchant.merchantId === merchantId)?.cpiNo,
    payment: paymentNo,
    refund: requestNo,
    opened: shanghaiText(incident.openedAtMs),
    lastSeen: shanghaiText(incident.lastSeenAtMs),
    seen: seenCount,
  };
}

async function show(context: CommandContext, no: number, json: boolean | undefined): Promise<void> {
  const shown = await context.withDatabase(async (db) => {
    const incident = await findIncident(db, no);
    if (incident === undefined) throw unknown(no);
    const payment = await findPayment(db, incident.merchantId, incident.paymentNo);
    return {
      incident: {
        ...rowOf(incident, await listMerchants(db)),
        resolved: incident.resolvedAtMs === null ? null : shanghaiText(incident.resolvedAtMs),
        by: incident.resolvedBy,
        note: incident.note,
      },
      payment: payment && factsOf(payment),
      text: INCIDENT_TEXTS[incident.reason] satisfies IncidentText,
    };
  });
  if (json === true) {
    context.print(JSON.stringify(shown, undefined, 2));
    return;
  }
  const { incident, payment, text } = shown;
  printFields(context, { ...incident });
  context.print('');
  printFields(context, { ...payment });
  for (const [title, part] of [
    ['What happened 发生了什么', text.happened],
    ['Why the gateway did not decide 网关为何不作决定', text.undecided],
    ['What a person can do 人可以做什么', text.todo],
  ] as const) {
    for (const line of ['', `${title}:`, `  ${part.en}`, `  ${part.zh}`]) context.print(line);
  }
  for (const line of ['', `The whole story 完整经过: f2f payment show ${incident.payment}`]) {
    context.print(line);
  }
}

function factsOf(payment: Payment) {
  return {
    paymentState: payment.state,
    method: payment.method,
    amount: formatYuan(payment.amountFen),
    refunded: formatYuan(fen(payment.refundedFen)),
    refunding: formatYuan(fen(payment.refundingFen)),
    localNo: payment.localNo,
    alipayTradeNo: payment.alipayTradeNo,
    created: shanghaiText(payment.createdAtMs),
    paid: payment.paidAtMs === null ? null : shanghaiText(payment.paidAtMs),
  };
}

function printFields(context: CommandContext, fields: Readonly<Record<string, unknown>>): void {
  printRows(
    context,
    Object.entries(fields).map(([field, value]) => ({ field, value })),
    false,
  );
}

async function resolve(context: CommandContext, no: number, resolution: Resolution): Promise<void> {
  const change = {
    operation: 'resolveIncident',
    target: `inc_${no}`,
    request: { by: resolution.by, note: resolution.note },
  };
  await context.withDatabase((db) =>
    asOperator(context, db, change, async () =>
      requireResolved(no, await resolveIncident({ ...context, db }, no, resolution)),
    ),
  );
  context.print(`resolved ${no}`);
}

/** Throws the sentence of a resolution that was refused. */
function requireResolved(no: number, result: ResolveResult): void {
  switch (result.kind) {
    case 'resolved':
      return;
    case 'unknown':
      throw unknown(no);
    case 'already': {
      const { resolvedBy, resolvedAtMs, note } = result.incident;
      const at = resolvedAtMs === null ? '' : ` at ${shanghaiText(resolvedAtMs)}`;
      const said = note === null ? '' : `: ${note}`;
      throw new CommandError(`Incident ${no} was resolved by ${resolvedBy}${at}${said}`);
    }
    case 'invalid':
      throw new CommandError(`--${result.field}: ${result.rule}`);
    default:
      result satisfies never;
  }
}

function unknown(no: number): CommandError {
  return new CommandError(`No incident has the number ${no}`);
}
