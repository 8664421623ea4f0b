/** What the examples of figures show: the noon of `samples.ts`, after the refund. */
import type { FiguresShape, StatisticsResource, TotalsResource } from './figure-schemas.ts';
import { MERCHANT } from './samples.ts';

const NONE = { count: 0, amount: 0 };

export const TOTALS: TotalsResource = {
  object: 'payment_totals',
  count: 4,
  amount: 27_200,
  paid: { count: 1, amount: 8800 },
  refunded: { count: 1, amount: 800 },
  net_amount: 8000,
  by_method: {
    barcode: { count: 3, amount: 26_400, refunded_amount: 800 },
    qr: { count: 1, amount: 800, refunded_amount: 0 },
  },
  by_state: {
    created: NONE,
    awaiting_buyer: { count: 1, amount: 800 },
    paid: { count: 1, amount: 8800 },
    declined: { count: 1, amount: 8800 },
    closed: { count: 1, amount: 8800 },
    reversed: NONE,
  },
};

const NOON: FiguresShape = {
  paid_count: 1,
  paid_amount: 8800,
  ended_count: 3,
  success_rate: 0.3333,
  average_amount: 8800,
  refund_count: 1,
  refunded_amount: 800,
};
const NOTHING: FiguresShape = {
  paid_count: 0,
  paid_amount: 0,
  ended_count: 0,
  success_rate: null,
  average_amount: null,
  refund_count: 0,
  refunded_amount: 0,
};

export const STATISTICS: StatisticsResource = {
  object: 'statistics',
  from: '2026-11-23T12:00:00.000+08:00',
  before: '2026-11-23T13:00:00.000+08:00',
  by: 'hour',
  total: NOON,
  previous: NOTHING,
  series: [{ from: '2026-11-23T12:00:00.000+08:00', ...NOON }],
  methods: [
    { method: 'barcode', ...NOON },
    { method: 'qr', ...NOTHING },
  ],
  merchants: [{ merchant: MERCHANT.id, name: 'Tea house at the lake', ...NOON }],
};

export const EXPORT = `\uFEFFPayment,Begun at,Merchant,Merchant name,Merchant reference,Method,State,Amount (yuan),Refunded (yuan),Net (yuan),Subject,Description,Operator,Store,Alipay trade number,Buyer,Paid at,Late,Notes\r
pay_FF2611230000001,2026-11-23 12:05:00,mch_DL20261123000001,Tea house at the lake,1,payment code,paid,88.00,8.00,80.00,Tea,,,,2026112322001000000000214134,159****5620,2026-11-23 12:05:01,,"{""room"":""1203""}"\r
`;
