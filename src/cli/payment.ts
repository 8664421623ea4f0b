/**
 * `f2f payment …`: payments and their histories. Reads only.
 */
import { InvalidArgumentError, type Command } from 'commander';
import { formatYuan, fen } from '../core/money.ts';
import type { Payment } from '../core/payment.ts';
import { shanghaiText } from '../core/time.ts';
import { listEvents } from '../store/events.ts';
import { findAnyMerchant } from '../store/merchants.ts';
import { findPaymentByNo, listPayments } from '../store/payments.ts';
import { listRefunds } from '../store/refunds.ts';
import { CommandError, printRows, type CommandContext } from './context.ts';

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
    .description('one payment with its refunds and its history')
    .option('--json', 'print JSON')
    .action(async (no: string, { json }: { json?: boolean }) => showPayment(context, no, json));
}

async function showPayment(
  context: CommandContext,
  no: string,
  json: boolean | undefined,
): Promise<void> {
  const { payment, refunds, events } = await context.withDatabase(async (db) => {
    const payment = await findPaymentByNo(db, no);
    if (payment === undefined) throw new CommandError(`No payment has the number ${no}`);
    return {
      payment: detailsOf(payment),
      refunds: (await listRefunds(db, payment)).map((refund) => ({
        requestNo: refund.requestNo,
        amount: formatYuan(refund.amountFen),
        state: refund.state,
        created: shanghaiText(refund.createdAtMs),
        nextLook: timeOf(refund.dueAtMs),
      })),
      events: (await listEvents(db, payment)).map(({ atMs, kind, state, detail }) => ({
        at: shanghaiText(atMs),
        event: kind,
        state,
        detail,
      })),
    };
  });
  if (json === true) {
    context.print(JSON.stringify({ payment, refunds, events }, undefined, 2));
    return;
  }
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
  printRows(context, events, false);
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
    paid: timeOf(payment.paidAtMs),
    deadline: timeOf(payment.deadlineAtMs),
    nextLook: timeOf(payment.dueAtMs),
    version: payment.version,
  };
}

function timeOf(atMs: number | null): string | null {
  return atMs === null ? null : shanghaiText(atMs);
}
