/**
 * What an export shows of a payment: one column for each row of the table, with its title in both languages. How the cells are
 * written is in `csv.ts` and `xlsx.ts`.
 */
import { fen, formatYuan } from '../../core/money.ts';
import type { Payment } from '../../core/payment.ts';
import { shanghaiText } from '../../core/time.ts';
import { buyerLogonId, shownState } from '../../flows/describe-payment.ts';
import type { NamedPayment } from '../../store/payment-walk.ts';
import { merchantId, paymentId } from './ids.ts';
import type { Words } from './operation.ts';

export type Language = keyof Words;

/** A number is decimal text. */
export type Cell = { readonly text: string; readonly isNumber: boolean };

type Column = Words & {
  /** In characters, for a spreadsheet. */
  readonly width: number;
  readonly textOf: (row: NamedPayment, language: Language) => string | null;
  readonly isNumber?: true;
};

const STATES: Readonly<Record<Payment['state'], Words>> = {
  created: { en: 'begun', zh: '已发起' },
  awaiting_buyer: { en: 'awaiting the buyer', zh: '等待付款' },
  paid: { en: 'paid', zh: '已付款' },
  declined: { en: 'declined', zh: '已拒绝' },
  closed: { en: 'closed', zh: '已关闭' },
  reversed: { en: 'reversed', zh: '已撤销' },
};
const METHODS: Readonly<Record<Payment['method'], Words>> = {
  barcode: { en: 'payment code', zh: '付款码' },
  qr: { en: 'QR code', zh: '二维码' },
};
const YES: Words = { en: 'yes', zh: '是' };

const COLUMNS: readonly Column[] = [
  { en: 'Payment', zh: '支付编号', width: 22, textOf: ({ payment }) => paymentId(payment) },
  {
    en: 'Begun at',
    zh: '发起时间',
    width: 20,
    textOf: ({ payment }) => shanghaiText(payment.createdAtMs),
  },
  { en: 'Merchant', zh: '商户编号', width: 22, textOf: ({ cpiNo }) => merchantId(cpiNo) },
  { en: 'Merchant name', zh: '商户名称', width: 20, textOf: ({ merchantName }) => merchantName },
  { en: 'Merchant reference', zh: '商户单号', width: 22, textOf: ({ payment }) => payment.localNo },
  {
    en: 'Method',
    zh: '付款方式',
    width: 14,
    textOf: ({ payment }, language) => METHODS[payment.method][language],
  },
  {
    en: 'State',
    zh: '状态',
    width: 14,
    textOf: ({ payment }, language) => STATES[shownState(payment)][language],
  },
  {
    en: 'Amount (yuan)',
    zh: '金额（元）',
    width: 14,
    isNumber: true,
    textOf: ({ payment }) => yuan(payment.amountFen),
  },
  {
    en: 'Refunded (yuan)',
    zh: '已退金额（元）',
    width: 14,
    isNumber: true,
    textOf: ({ payment }) => yuan(payment.refundedFen),
  },
  {
    en: 'Net (yuan)',
    zh: '净收金额（元）',
    width: 14,
    isNumber: true,
    textOf: ({ payment }) => yuan(netFen(payment)),
  },
  { en: 'Subject', zh: '商品', width: 24, textOf: ({ payment }) => payment.subject },
  { en: 'Description', zh: '说明', width: 24, textOf: ({ payment }) => payment.body },
  { en: 'Operator', zh: '操作员', width: 12, textOf: ({ payment }) => payment.operatorId },
  { en: 'Store', zh: '门店', width: 12, textOf: ({ payment }) => payment.storeId },
  {
    en: 'Alipay trade number',
    zh: '支付宝交易号',
    width: 32,
    textOf: ({ payment }) => payment.alipayTradeNo,
  },
  { en: 'Buyer', zh: '买家账号', width: 18, textOf: ({ payment }) => buyerLogonId(payment) },
  {
    en: 'Paid at',
    zh: '付款时间',
    width: 20,
    textOf: ({ payment }) => (payment.paidAtMs === null ? null : shanghaiText(payment.paidAtMs)),
  },
  {
    en: 'Late',
    zh: '迟到的付款',
    width: 10,
    textOf: ({ payment }, language) => (payment.isLate ? YES[language] : null),
  },
  { en: 'Notes', zh: '备注', width: 30, textOf: ({ payment }) => payment.metadata },
];

export const WIDTHS = COLUMNS.map(({ width }) => width);

export function titlesIn(language: Language): readonly string[] {
  return COLUMNS.map((column) => column[language]);
}

export function cellsOf(row: NamedPayment, language: Language): readonly Cell[] {
  return COLUMNS.map(({ textOf, isNumber = false }) => ({
    text: textOf(row, language) ?? '',
    isNumber,
  }));
}

/** As `net_amount` of the totals adds it up. */
function netFen(payment: Payment): number {
  return shownState(payment) === 'paid' ? payment.amountFen - payment.refundedFen : 0;
}

function yuan(amountFen: number): string {
  return formatYuan(fen(amountFen));
}
