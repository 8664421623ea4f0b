/**
 * An event as the gateway sends it, for whoever signs one without having one. A test holds it against the API's document.
 */
export const EXAMPLE_EVENT = {
  id: 'evt_1',
  object: 'event',
  type: 'payment.paid',
  merchant: 'mch_DL20261123000001',
  created_at: '2026-11-23T12:00:00.000+08:00',
  data: {
    id: 'pay_FF2611230000001',
    object: 'payment',
    merchant: 'mch_DL20261123000001',
    merchant_reference: 'A-1',
    attempt: 1,
    method: 'barcode',
    amount: 8800,
    currency: 'CNY',
    refunded_amount: 0,
    refunding_amount: 0,
    state: 'paid',
    late: false,
    allowed_actions: ['refund'],
    next_action: null,
    stream_url:
      '/v2/payments/pay_FF2611230000001/stream?token=SpixLZVUb0y3cagNCz_RiBO8yu2gs8CAuGz3kmwh46Q',
    failure: null,
    subject: '茶 Tea',
    description: null,
    operator_id: null,
    store_id: null,
    metadata: { room: '12' },
    created_by: { id: 'key_3f9a0c61d2b7e845', name: 'Till 1' },
    alipay: {
      out_trade_no: 'FF2611230000001',
      trade_no: '2026112322001000000000100001',
      buyer_logon_id: '159****5620',
    },
    created_at: '2026-11-23T11:59:58.000+08:00',
    expires_at: '2026-11-23T12:00:58.000+08:00',
    paid_at: '2026-11-23T11:59:59.000+08:00',
  },
} as const;
