/**
 * The acquiring bill (`trade`) of a day or month: a zip of two GBK CSV files, details and summary,
 * as Alipay's bill centre writes them (protocol 2.8.1). It is worked out from the trades in the
 * book; asking for it is `./methods/bill.ts`.
 */
import type { BillLink, Book } from './book/book.ts';
import type { Refund, Trade } from './book/entities.ts';
import { WALLETS } from './buyers.ts';
import { allTrades } from './trades.ts';
import { encodeText } from './wire/charset.ts';
import { yuan } from './wire/money.ts';
import { addMonths, momentOf, nextMidnight, parseDate, timeText } from './wire/time.ts';
import { zip } from './zip.ts';

/** One row: a payment, or a refund of one. */
export type BillRow = {
  trade: Trade;
  refund?: Refund;
  amountFen: number;
  feeFen: number;
  atMs: number;
};

/** 0.6 %, the usual fee (protocol 4.8); a payment costs it, a refund gives it back. */
const FEE_PER_MILLE = 6;
const feeOf = (fen: number): number => Math.round((fen * FEE_PER_MILLE) / 1000);

/** First and end moment of a bill; undefined while its period is not over (T+1). */
function periodOf(billDate: string, nowMs: number): { fromMs: number; toMs: number } | undefined {
  const isMonth = billDate.length === 7;
  const fromMs = parseDate(isMonth ? `${billDate}-01` : billDate);
  if (fromMs === undefined) return undefined;
  const toMs = isMonth ? addMonths(fromMs, 1) : nextMidnight(fromMs);
  return nowMs >= toMs ? { fromMs, toMs } : undefined;
}

function rowsOf(trade: Trade): BillRow[] {
  const { paidAtMs, order } = trade;
  if (paidAtMs === undefined) return [];
  const paid = { trade, amountFen: order.totalFen, feeFen: -feeOf(order.totalFen), atMs: paidAtMs };
  let refundedFen = 0;
  const refunds = trade.refunds.map((refund) => {
    // The fee of what is refunded so far, less what was given back before: the parts add up to the
    // whole.
    const feeFen = feeOf(refundedFen + refund.amountFen) - feeOf(refundedFen);
    refundedFen += refund.amountFen;
    return { trade, refund, amountFen: -refund.amountFen, feeFen, atMs: refund.refundedAtMs };
  });
  return [paid, ...refunds];
}

/** The rows of a bill, by time; undefined while the period is not over. */
export function billTrades(
  book: Book,
  nowMs: number,
  scope: string,
  billDate: string,
): BillRow[] | undefined {
  const period = periodOf(billDate, nowMs);
  if (period === undefined) return undefined;
  return allTrades(book, nowMs)
    .filter((trade) => trade.order.scope === scope)
    .flatMap(rowsOf)
    .filter(({ atMs }) => atMs >= period.fromMs && atMs < period.toMs)
    .toSorted((a, b) => a.atMs - b.atMs);
}

const DETAIL_HEADERS =
  '支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,门店编号,门店名称,操作员,终端号,对方账户,订单金额（元）,商家实收（元）,支付宝红包（元）,集分宝（元）,支付宝优惠（元）,商家优惠（元）,券核销金额（元）,券名称,商家红包消费金额（元）,卡消费金额（元）,退款批次号/请求号,服务费（元）,分润（元）,备注';
const SUMMARY_HEADERS =
  '门店编号,门店名称,交易订单总笔数,退款订单总笔数,订单金额（元）,商家实收（元）,支付宝优惠（元）,商家优惠（元）,卡消费金额（元）,服务费（元）,分润（元）,实收净额（元）';

/** Red packets, points, Alipay's and the shop's discounts, vouchers: nobody has any here. */
const NO_DISCOUNTS = ['0.00', '0.00', '0.00', '0.00', '0.00'] as const;

function detailLine({ trade, refund, amountFen, feeFen, atMs }: BillRow): string {
  const { order } = trade;
  return [
    `${trade.tradeNo}\t`,
    `${order.outTradeNo}\t`,
    refund === undefined ? '交易\t' : '退款\t',
    order.subject,
    timeText(trade.createdAtMs),
    timeText(atMs),
    `${order.storeId ?? ''}\t`,
    '\t',
    `${order.operatorId ?? ''}\t`,
    `${order.terminalId ?? ''}\t`,
    `*客户(${WALLETS[trade.buyer].logonId})\t`,
    yuan(amountFen),
    yuan(amountFen),
    ...NO_DISCOUNTS,
    '',
    '0.00\t',
    '0.00',
    `${refund?.outRequestNo ?? ''}\t`,
    yuan(feeFen),
    '0.00',
    order.body ?? order.subject,
  ].join(',');
}

const sumOf = (rows: readonly BillRow[], field: 'amountFen' | 'feeFen'): number =>
  rows.reduce((sum, row) => sum + row[field], 0);

function summaryLine(name: string, rows: readonly BillRow[]): string {
  const payments = rows.filter(({ refund }) => refund === undefined).length;
  const [amount, fee] = [sumOf(rows, 'amountFen'), sumOf(rows, 'feeFen')];
  return [
    name,
    '',
    payments,
    rows.length - payments,
    yuan(amount),
    yuan(amount),
    '0.00',
    '0.00',
    '0.00',
    yuan(fee),
    '0.00',
    yuan(amount + fee),
  ].join(',');
}

const chineseDay = (epochMs: number): string => {
  const { year, month, day } = momentOf(epochMs);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${year}年${two(month)}月${two(day)}日`;
};

function frame(
  link: BillLink,
  nowMs: number,
  name: string,
  lines: readonly string[],
  trailer: readonly string[],
): Buffer {
  const period = periodOf(link.billDate, nowMs) ?? { fromMs: nowMs, toMs: nowMs };
  const exportTime = `${chineseDay(nowMs)} ${timeText(nowMs).slice(11)}`;
  const text = [
    `#支付宝业务${name}查询`,
    `#账号：[${link.pid}0156]`,
    `#起始日期：[${chineseDay(period.fromMs)} 00:00:00]   终止日期：[${chineseDay(period.toMs)} 00:00:00]`,
    `#-----------------------------------------业务${name}列表----------------------------------------`,
    ...lines,
    `#-----------------------------------------业务${name}列表结束------------------------------------`,
    ...trailer,
    `#导出时间：[${exportTime}]`,
  ];
  return encodeText(`${text.join('\r\n')}\r\n`, 'GBK');
}

function detailFile(link: BillLink, nowMs: number, rows: readonly BillRow[]): Buffer {
  const payments = rows.filter(({ refund }) => refund === undefined);
  const refunds = rows.filter(({ refund }) => refund !== undefined);
  return frame(
    link,
    nowMs,
    '明细',
    [DETAIL_HEADERS, ...rows.map(detailLine)],
    [
      `#交易合计：${payments.length}笔，商家实收共${yuan(sumOf(payments, 'amountFen'))}元，商家优惠共0.00元`,
      `#退款合计：${refunds.length}笔，商家实收退款共${yuan(sumOf(refunds, 'amountFen'))}元，商家优惠退款共0.00元`,
    ],
  );
}

function summaryFile(link: BillLink, nowMs: number, rows: readonly BillRow[]): Buffer {
  const stores = [...new Set(rows.map(({ trade }) => trade.order.storeId ?? ''))].toSorted();
  const lines = stores.map((store) =>
    summaryLine(
      store,
      rows.filter(({ trade }) => (trade.order.storeId ?? '') === store),
    ),
  );
  return frame(link, nowMs, '汇总', [SUMMARY_HEADERS, ...lines, summaryLine('合计', rows)], []);
}

/** The zip behind a link, or undefined if the link is unknown or too old. */
export function billFile(book: Book, nowMs: number, token: string): Buffer | undefined {
  const link = book.billLinks.get(token);
  if (link === undefined || link.expiresAtMs <= nowMs) return undefined;
  const rows = billTrades(book, nowMs, link.scope, link.billDate) ?? [];
  const stem = `${link.pid}0156_${link.billDate.replaceAll('-', '')}_业务明细`;
  return zip([
    { name: encodeText(`${stem}.csv`, 'GBK'), content: detailFile(link, nowMs, rows) },
    { name: encodeText(`${stem}(汇总).csv`, 'GBK'), content: summaryFile(link, nowMs, rows) },
  ]);
}
