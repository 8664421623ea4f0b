/**
 * `alipay.data.dataservice.bill.downloadurl.query` (protocol 2.8): a link, good for 30 s, to the
 * bill of a day or month that is over. What the bill says is written in `../bills.ts`.
 */
import { billTrades } from '../bills.ts';
import { randomText } from '../book/random.ts';
import { parseDate } from '../wire/time.ts';
import { readContent, refused, success } from './call.ts';
import type { Call, MethodAnswer } from './call.ts';

const BILL_RULES = {
  bill_type: { max: 20, required: true },
  bill_date: { max: 15, required: true, pattern: /^\d{4}-\d{2}(?:-\d{2})?$/ },
} as const;

/** A link dies so soon (protocol 2.8). */
const LINK_LIFE_MS = 30_000;
/** Alipay's other bill types (protocol 2.8); only the acquiring bill is simulated. */
const OTHER_TYPES = [
  'signcustomer',
  'merchant_act',
  'trade_zft_merchant',
  'zft_acc',
  'settlementMerge',
];

export function bill(call: Call): MethodAnswer {
  const { book, nowMs, app } = call;
  const values = readContent(call, BILL_RULES);
  const billDate = values?.bill_date ?? '';
  const isMonth = billDate.length === 7;
  if (parseDate(isMonth ? `${billDate}-01` : billDate) === undefined) {
    return refused('invalid_arguments');
  }
  if (OTHER_TYPES.includes(values?.bill_type ?? '')) return refused('TYPE_NOT_SUPPORTED');
  if (values?.bill_type !== 'trade') return refused('invalid_arguments');
  const entries = billTrades(book, nowMs, app.scope, billDate);
  if (entries === undefined || entries.length === 0) return refused('isp.bill_not_exist');
  for (const [token, link] of book.billLinks) {
    if (link.expiresAtMs <= nowMs) book.billLinks.delete(token);
  }
  const token = randomText(book.random, 32, '0123456789abcdef');
  const expiresAtMs = nowMs + LINK_LIFE_MS;
  book.billLinks.set(token, { scope: app.scope, pid: app.pid, billDate, expiresAtMs });
  const digits = billDate.replaceAll('-', '');
  const link = new URLSearchParams({
    bizType: 'trade',
    userId: `${app.pid}0156`,
    fileType: 'csv.zip',
    bizDates: digits,
    downloadFileName: `${app.pid}0156_${digits}.csv.zip`,
    fileId: `/trade/${token}`,
  });
  return success({
    bill_download_url: `http://${call.host}/downloadBillFile.resource?${link.toString()}`,
  });
}
