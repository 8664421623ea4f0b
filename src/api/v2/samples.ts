/**
 * What the examples of the OpenAPI document show: one shop's noon, as the gateway answers it with the simulator. Each operation's
 * own examples stand in its route's file; a test sends them all, and holds the answers against these.
 */
import type { Static } from './shape.ts';
import type { AuditEntryResource } from './audit-routes.ts';
import type { EventResource } from './event-schemas.ts';
import type { MerchantResource, MerchantTest } from './merchant-schemas.ts';
import type { ApiKeyResource, PaymentResource, PaymentStatus, RefundResource } from './schemas.ts';
import type { DeliveryResource, EndpointResource, EndpointTest } from './webhook-schemas.ts';

/** The gateway’s public key for the shop’s application. */
const OUR_KEY =
  'MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAlhO6nICfs2iGLgv+6/KVxVLiEI4cyy2uyk5aUCHgCjeM' +
  '1C/bi/0ZjO//UgZIpueND7uvVOuhdhDuph8AUVCcIseWe0l9qC9l4sa3xWAUfn9MHkJon00OO+vU/J61bmG2JxyI' +
  'uz0Ox6Z6vY4geFE6Ej+YZXEQ2rj3rGIdG3NnT89JjSF5uuBJI3V2pXRpA/e1HY8Vdm3QksY60Wj7Hfqt8IPoFuTA' +
  'kRMJrefVh3cV7tGZxfWRcDH4Z5auao6xEj6h3YDcVPIYrwI6OtOB4AB4EM7I5dmXNDQovFLezq9tZdeFoBFrQhq/' +
  'hIqohxhntW2tQa6BpDqaJv4TyZtgU1MfZwIDAQAB';
/** Alipay’s. */
const ALIPAY_KEY =
  'MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA1WCG6WrCEDj0e6IG0yJmbPBK9xOArMS9vks1GmrCIPze' +
  '4SX4gzJ3xDV/eurlZRsH9tKpuARpvDufIN4cvEY0IdqtS0azMDlbSABUGR2SizgODAQXX0l3RcCn0jZHxInUolz0' +
  'EvIOxE4AypEv82gWBAejYPeGrYDiFIyPO4u/dcyT+XrYU+NiE5pwSRHfQpOCwa/QoJf86xvzH9dzbfCsTPi7CPSz' +
  'sV9aVVBySd+h2Q0Q8X2q1RJjZA1ey1u6Cjidpoi6guIQOsWaq4AhcIQjkCHH41iUALWRuqyopfpkZOgY9yxBwVm4' +
  '+Zv1QCXACa5TOSSlun8zUTHLhWXjLxOEDQIDAQAB';

export const MERCHANT: MerchantResource = {
  id: 'mch_DL20261123000001',
  object: 'merchant',
  shop_no: 'TEA-1',
  store_no: '001',
  name: 'Tea house',
  state: 'active',
  seller_id: '2088102146225135',
  product_codes: { barcode: 'FACE_TO_FACE_PAYMENT', qr: 'FACE_TO_FACE_PAYMENT' },
  authorization: null,
  app: {
    app_id: '2016022901171807',
    sign_type: 'RSA2',
    public_key: OUR_KEY,
    alipay_public_key: ALIPAY_KEY,
    next_key: null,
    certificates: null,
  },
  created_at: '2026-11-23T12:00:00.000+08:00',
};

export const MERCHANT_TEST: MerchantTest = {
  object: 'merchant_test',
  ok: true,
  heartbeat: { result: 'ok', code: null, message: null },
  query: { result: 'ok', code: null, message: null },
};

export const PAID: PaymentResource = {
  id: 'pay_FF2611230000001',
  object: 'payment',
  merchant: MERCHANT.id,
  merchant_reference: '1',
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
  subject: 'Tea',
  description: null,
  operator_id: null,
  store_id: null,
  metadata: { room: '1203' },
  created_by: { id: 'key_1f6ae09b52c478d3', name: 'first try' },
  alipay: {
    out_trade_no: 'FF2611230000001',
    trade_no: '2026112322001000000000214134',
    buyer_logon_id: '159****5620',
  },
  created_at: '2026-11-23T12:05:00.000+08:00',
  expires_at: '2026-11-23T12:06:00.000+08:00',
  paid_at: '2026-11-23T12:05:01.000+08:00',
};

/** A QR payment that waits to be scanned. */
export const SHOWN: PaymentResource = {
  ...PAID,
  id: 'pay_FF2611230000002',
  merchant_reference: '2',
  method: 'qr',
  amount: 800,
  state: 'awaiting_buyer',
  allowed_actions: ['cancel'],
  next_action: {
    type: 'show_qr_code',
    qr_code: 'https://qr.alipay.com/bax65wyinlhj78flcb2n',
    svg_url: '/v2/payments/pay_FF2611230000002/qr_code.svg?token=95787557c8ad5f1c71aa6fcd0b4acf83',
    png_url: '/v2/payments/pay_FF2611230000002/qr_code.png?token=95787557c8ad5f1c71aa6fcd0b4acf83',
  },
  stream_url:
    '/v2/payments/pay_FF2611230000002/stream?token=Zy5ZXOtT3NE0MVnehMkGuq82BMO42uQEoVKIroskZZk',
  metadata: {},
  alipay: { out_trade_no: 'FF2611230000002', trade_no: null, buyer_logon_id: null },
  created_at: '2026-11-23T12:10:00.000+08:00',
  expires_at: '2026-11-23T12:25:00.000+08:00',
  paid_at: null,
};

/** A payment code whose guest has to confirm on the phone. */
export const CONFIRMING: PaymentResource = {
  ...PAID,
  id: 'pay_FF2611230000003',
  merchant_reference: '3',
  state: 'awaiting_buyer',
  allowed_actions: ['cancel'],
  next_action: { type: 'wait_for_buyer' },
  stream_url:
    '/v2/payments/pay_FF2611230000003/stream?token=ymFtkqpmBBFEL9gm8PfeJnjVfEr3928HkIwK40jUDY4',
  metadata: {},
  alipay: {
    out_trade_no: 'FF2611230000003',
    trade_no: '2026112322001000000000754125',
    buyer_logon_id: '159****5620',
  },
  created_at: '2026-11-23T12:15:00.000+08:00',
  expires_at: '2026-11-23T12:16:00.000+08:00',
  paid_at: null,
};

/** The same, cancelled. */
export const CANCELLED: PaymentResource = {
  ...CONFIRMING,
  state: 'closed',
  allowed_actions: [],
  next_action: null,
  expires_at: '2026-11-23T12:15:20.000+08:00',
};

export const DECLINED: PaymentResource = {
  ...PAID,
  id: 'pay_FF2611230000004',
  merchant_reference: '4',
  state: 'declined',
  allowed_actions: [],
  stream_url:
    '/v2/payments/pay_FF2611230000004/stream?token=9wQ0y3m1N2Hk8Zr6sVt4XcB7uLpE5aJfGdKiOqTxYnM',
  failure: { code: 'ACQ.BUYER_BALANCE_NOT_ENOUGH', message: '买家余额不足' },
  metadata: {},
  alipay: { out_trade_no: 'FF2611230000004', trade_no: null, buyer_logon_id: null },
  created_at: '2026-11-23T12:20:00.000+08:00',
  expires_at: '2026-11-23T12:21:00.000+08:00',
  paid_at: null,
};

const STATUS: PaymentStatus = {
  id: PAID.id,
  object: 'payment_status',
  state: 'paid',
  final: true,
  amount: 8800,
  currency: 'CNY',
  refunded_amount: 0,
  refunding_amount: 0,
  expires_at: PAID.expires_at,
};

export const STREAM = `retry: 2000\n\nid: 3\ndata: ${JSON.stringify(STATUS)}\n\n`;

export const REFUND: RefundResource = {
  id: 're_FF2611230000001.c0390055f4cd161a201f8d7304b1403b',
  object: 'refund',
  payment: PAID.id,
  amount: 800,
  currency: 'CNY',
  state: 'succeeded',
  reason: 'One cup too many',
  failure: null,
  created_by: PAID.created_by,
  created_at: '2026-11-23T12:30:00.000+08:00',
};

export const EVENT: EventResource = {
  id: 'evt_2',
  object: 'event',
  type: 'payment.paid',
  merchant: MERCHANT.id,
  created_at: '2026-11-23T12:05:01.000+08:00',
  data: PAID,
};

export const EVENT_STREAM = `retry: 2000\n\nid: evt_0\n\nid: ${EVENT.id}\ndata: ${JSON.stringify(EVENT)}\n\n`;

export const ENDPOINT: EndpointResource = {
  id: 'whe_5f2c9a417be03d68',
  object: 'webhook_endpoint',
  merchant: null,
  url: 'https://pms.example.com/hook',
  types: ['payment.paid', 'refund.succeeded'],
  description: 'Front desk',
  state: 'enabled',
  failing_since: null,
  older_secret_until: null,
  created_at: '2026-11-23T12:01:00.000+08:00',
};

/** As only the answer that made it shows it. */
export const NEW_ENDPOINT: EndpointResource = {
  ...ENDPOINT,
  secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
};

export const ROTATED_ENDPOINT: EndpointResource = {
  ...ENDPOINT,
  secret: 'whsec_kG3uVq0cZ5r1Xn8TjWb7yDhLs2EfAo6P',
  older_secret_until: '2026-11-24T12:40:00.000+08:00',
};

export const DISABLED_ENDPOINT: EndpointResource = {
  ...ENDPOINT,
  state: 'disabled',
  older_secret_until: ROTATED_ENDPOINT.older_secret_until,
};

export const ENDPOINT_TEST: EndpointTest = {
  object: 'webhook_test',
  ok: true,
  status: 200,
  answer_headers: { 'content-length': '6' },
  answer: 'thanks',
  fault: null,
  duration_ms: 84,
};

export const DELIVERY: DeliveryResource = {
  id: 'whd_5f2c9a417be03d68_2',
  object: 'webhook_delivery',
  endpoint: ENDPOINT.id,
  event: EVENT.id,
  type: EVENT.type,
  payment: EVENT.data.id,
  state: 'delivered',
  attempt_count: 1,
  next_attempt_at: null,
};

export const DELIVERY_WITH_ATTEMPTS: DeliveryResource = {
  ...DELIVERY,
  attempts: [
    {
      at: '2026-11-23T12:05:01.020+08:00',
      url: ENDPOINT.url,
      request_headers: {
        'content-type': 'application/json; charset=utf-8',
        'user-agent': 'alipay-f2f',
        'webhook-id': EVENT.id,
        'webhook-timestamp': '1795406701',
        'webhook-signature': 'v1,qXp2xxVTnPZ1v5oYH0Jq0ddDLzJ8DXbLh9O7cEwY1nM=',
      },
      request_body: JSON.stringify(EVENT),
      status: 200,
      answer_headers: { 'content-length': '6' },
      answer: 'thanks',
      fault: null,
      duration_ms: 71,
    },
  ],
};

export const PENDING_DELIVERY: DeliveryResource = {
  ...DELIVERY,
  state: 'pending',
  next_attempt_at: '2026-11-23T12:35:00.000+08:00',
};

type ApiKey = Static<typeof ApiKeyResource>;

export const API_KEY: ApiKey = {
  id: 'key_8d21c7e4a90f36b5',
  object: 'api_key',
  name: 'Till 1',
  merchant: MERCHANT.id,
  scopes: ['read', 'charge'],
  hint: 'f2f_b7e14c0d…',
  created_at: '2026-11-23T12:45:00.000+08:00',
  last_used_at: null,
  revoked_at: null,
};

/** As only the answer that made it shows it. */
export const NEW_API_KEY: ApiKey = {
  ...API_KEY,
  secret: 'f2f_b7e14c0d93a8625f1e4b7c0d93a8625f1e4b7c0d93a8625f',
};

export const REVOKED_API_KEY: ApiKey = {
  ...API_KEY,
  revoked_at: '2026-11-23T12:50:00.000+08:00',
};

/** The key that the command line made, and that makes all the others. */
export const FIRST_API_KEY: ApiKey = {
  ...API_KEY,
  id: 'key_1f6ae09b52c478d3',
  name: 'first try',
  merchant: null,
  scopes: ['read', 'charge', 'refund', 'manage', 'administer'],
  hint: 'f2f_44d0a9e2…',
  created_at: '2026-11-23T11:55:00.000+08:00',
  last_used_at: '2026-11-23T12:45:00.000+08:00',
};

/** The refund above, as the audit log tells of it. */
export const AUDIT_ENTRY: AuditEntryResource = {
  id: 'aud_9',
  object: 'audit_entry',
  number: 9,
  at: '2026-11-23T12:30:00.000+08:00',
  actor: { kind: 'api_key', id: 'key_1f6ae09b52c478d3', name: 'first try' },
  address: '127.0.0.1',
  operation: 'createRefund',
  target: PAID.id,
  request: {
    params: { id: PAID.id },
    body: { amount: 800, reason: 'One cup too many' },
  },
  outcome: { status: 201, code: null, replayed: false, at: '2026-11-23T12:30:00.000+08:00' },
  hash: '8f434346648f6b96df89dda901c5176b10a6d83961dd3c1ac88b59b2dc327aa4',
};

/** A page that is the last. */
export function lastPage<Item>(...data: readonly Item[]) {
  return { object: 'list', data, next_cursor: null };
}
