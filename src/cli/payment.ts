/**
 * `f2f payment …`: payments, each with the timeline of what happened to it and why it is in its state. Reads only; the lines
 * are made in `flows/timeline.ts`, the sentence in `flows/why.ts`.
 */
import { InvalidArgumentError, type Command } from 'commander';
import { formatYuan, fen } from '../core/money.ts';
import type { Payment } from '../core/payment.ts';
import { shanghaiText, shanghaiTextMs } from '../core/time.ts';
import { readHistory } from '../flows/read-history.ts';
import type { Db } from '../store/database.ts';
import { findAnyMerchant } from '../store/merchants.ts';
import { listPayments } from '../store/payments.ts';
import { CommandError, printRows, type CommandContext } from './context.ts';
import { maskAccount } from '../flows/mask.ts';
import { timelineOf } from '../flows/timeline.ts';
import { whyOf } from '../flows/why.ts';

const LIMIT_DEFAULT = 20;
const LIMIT_MAX = 1000;

type ListOptions = { json?: boolean; limit: number; merchant?: string };

export function addPaymentCommands(program: Command, context: CommandContext): void {
  const payment = program.command('payment').description('payments and what happened to them');
  payment
    .command('list')
    .description('the newest payments')
    .option('--limit <n>', `how many, at most ${LIMIT_MAX}`, readLimit, LIMIT_DEFAULT)
    .option('--merchant <cpiNo>', 'of one shop')
    .option('--json', 'print JSON')
    .action(async ({ json, limit, merchant }: ListOptions) => {
      const payments = await context.withDatabase(async (db) => {
        const shop = merchant === undefined ? undefined : await findAnyMerchant(db, merchant);
        if (merchant !== undefined && shop === undefined) {
          throw new CommandError(`No shop has the number ${merchant}`);
        }
        return listPayments(db, { merchantId: shop?.merchantId, limit });
      });
      printRows(context, payments.map(rowOf), json);
    });
  payment
    .command('show <no>')
    .description(
      'one payment, by its number or its id: its refunds, what happened, and why it is in its state',
    )
    .option('--json', 'print JSON')
    .action(async (no: string, { json }: { json?: boolean }) => showPayment(context, no, json));
}

async function showPayment(
  context: CommandContext,
  no: string,
  json: boolean | undefined,
): Promise<void> {
  const shown = await context.withDatabase((db) => readStory(db, no, context.clock.nowMs()));
  if (json === true) {
    context.print(JSON.stringify(shown, undefined, 2));
    return;
  }
  const { payment, refunds, timeline, faults, why } = shown;
  printRows(
    context,
    Object.entries(payment).map(([field, value]) => ({ field, value })),
    false,
  );
  if (refunds.length > 0) {
    context.print('');
    printRows(context, refunds, false);
  }
  context.print('');
  printRows(
    context,
    timeline.map(({ at, what, moved, text }) => ({ at, what, moved, text })),
    false,
  );
  context.print('');
  for (const fault of faults) context.print(`The history does not replay to the rows: ${fault}`);
  context.print(why.en);
  context.print(why.zh);
}

/** Everything that is shown of a payment: what people read and what `--json` prints. */
async function readStory(db: Db, no: string, nowMs: number) {
  const history = await readHistory({ db }, no.replace(/^pay_/, ''));
  if (history === undefined) throw new CommandError(`No payment has the number ${no}`);
  const { payment, refunds, events, faults } = history;
  return {
    payment: detailsOf(payment),
    refunds: refunds.map((refund) => ({
      requestNo: refund.requestNo,
      amount: formatYuan(refund.amountFen),
      state: refund.state,
      createdBy: creatorOf(refund),
      created: shanghaiText(refund.createdAtMs),
      nextLook: timeOf(refund.dueAtMs),
    })),
    timeline: timelineOf(payment.paymentNo, events).map((line) => ({
      at: shanghaiTextMs(line.atMs),
      what: line.what,
      moved: line.moved,
      text: line.text.en,
      data: line.data,
    })),
    faults,
    why: whyOf(history, nowMs),
  };
}

function readLimit(text: string): number {
  const limit = Number(text);
  if (Number.isInteger(limit) && limit >= 1 && limit <= LIMIT_MAX) return limit;
  throw new InvalidArgumentError(`It must be a whole number from 1 to ${LIMIT_MAX}.`);
}

function rowOf(payment: Payment) {
  return {
    no: payment.paymentNo,
    localNo: payment.localNo,
    method: payment.method,
    amount: formatYuan(payment.amountFen),
    refunded: formatYuan(fen(payment.refundedFen)),
    state: payment.state,
    created: shanghaiText(payment.createdAtMs),
  };
}

function detailsOf(payment: Payment) {
  return {
    ...rowOf(payment),
    merchantId: payment.merchantId,
    attempt: payment.attempt,
    subject: payment.subject,
    appId: payment.appId,
    alipayTradeNo: payment.alipayTradeNo,
    buyer: buyerOf(payment),
    paid: timeOf(payment.paidAtMs),
    deadline: timeOf(payment.deadlineAtMs),
    nextLook: timeOf(payment.dueAtMs),
    createdBy: creatorOf(payment),
    version: payment.version,
  };
}

/** The buyer as far as Alipay's answer that is kept names one: enough to compare with what a guest says. */
function buyerOf({ answer }: Payment): string | null {
  const account = /"buyer_logon_id"\s*:\s*"([^"]+)"/.exec(answer ?? '')?.[1];
  return account === undefined ? null : maskAccount(account);
}

/** Who asked for it over v2. */
function creatorOf({
  createdBy,
  createdByName,
}: Pick<Payment, 'createdBy' | 'createdByName'>): string | null {
  return createdBy === null ? null : `${createdByName} (${createdBy})`;
}

function timeOf(atMs: number | null): string | null {
  return atMs === null ? null : shanghaiText(atMs);
}
