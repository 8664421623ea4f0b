/**
 * What the examples of timelines, incidents and dongles show: the noon of `samples.ts`, and what somebody had to look into.
 */
import { INCIDENT_TEXTS } from '../../flows/incident-texts.ts';
import type { DongleResource } from './dongle-schemas.ts';
import { MERCHANT, PAID } from './samples.ts';
import type { IncidentResource, TimelineResource } from './story-schemas.ts';

const TRACE = '21d4f2b816639276414571184e0f41ba';
const NOTIFY_ID = '2026112300222120501068150513486152';

export const TIMELINE: TimelineResource = {
  object: 'timeline',
  payment: PAID.id,
  why: {
    en: 'paid: a verified answer of Alipay says so (2026-11-23 12:05:01.000).',
    zh: 'paid：支付宝验签通过的应答表明已付款（2026-11-23 12:05:01.000）。',
  },
  next: null,
  entries: [
    {
      at: '2026-11-23T12:05:00.000+08:00',
      kind: 'gateway',
      title: { en: 'Payment begun', zh: '支付开始' },
      text: {
        en: 'intent stored: barcode, 88.00 yuan, by first try (key_1f6ae09b52c478d3)',
        zh: '意图已保存：付款码，88.00 元，操作者 first try (key_1f6ae09b52c478d3)',
      },
      moved: 'created',
      detail: {
        event: 'created',
        state: 'created',
        version: 1,
        method: 'barcode',
        amount_fen: 8800,
        created_by: 'key_1f6ae09b52c478d3',
        created_by_name: 'first try',
      },
    },
    {
      at: '2026-11-23T12:05:00.002+08:00',
      kind: 'request',
      title: { en: 'Alipay asked', zh: '请求支付宝' },
      text: {
        en: 'alipay.trade.pay, out_trade_no FF2611230000001',
        zh: 'alipay.trade.pay，out_trade_no FF2611230000001',
      },
      moved: null,
      detail: { event: 'request', method: 'pay' },
    },
    {
      at: '2026-11-23T12:05:01.204+08:00',
      kind: 'answer',
      title: { en: 'Alipay answered', zh: '支付宝应答' },
      text: {
        en: `alipay.trade.pay: paid, code 10000, trace ${TRACE}, took 1202 ms`,
        zh: `alipay.trade.pay：已付款，code 10000，trace ${TRACE}，耗时 1202 ms`,
      },
      moved: 'created -> paid',
      detail: {
        event: 'fact',
        state: 'paid',
        version: 2,
        method: 'pay',
        outcome: 'paid',
        code: '10000',
        trace_id: TRACE,
        asked_at: '2026-11-23T12:05:00.002+08:00',
        fact: 'paid',
      },
    },
    {
      at: '2026-11-23T12:05:01.530+08:00',
      kind: 'notification',
      title: { en: 'Alipay notified', zh: '支付宝通知' },
      text: {
        en: `Alipay notifies: TRADE_SUCCESS, notify_id ${NOTIFY_ID}`,
        zh: `支付宝通知：TRADE_SUCCESS，notify_id ${NOTIFY_ID}`,
      },
      moved: null,
      detail: {
        event: 'hint',
        state: 'paid',
        version: 3,
        from: 'notification',
        trade_status: 'TRADE_SUCCESS',
        notify_id: NOTIFY_ID,
      },
    },
  ],
};

const { title, happened, undecided, todo } = INCIDENT_TEXTS.late_payment;

export const INCIDENT: IncidentResource = {
  id: 'inc_1',
  object: 'incident',
  merchant: MERCHANT.id,
  payment: PAID.id,
  refund: null,
  reason: 'late_payment',
  title,
  happened,
  undecided,
  advice: todo,
  state: 'open',
  opened_at: '2026-11-23T12:32:00.000+08:00',
  last_seen_at: '2026-11-23T12:32:00.000+08:00',
  seen_count: 1,
  resolved_at: null,
  resolved_by: null,
  note: null,
};

export const RESOLVED_INCIDENT: IncidentResource = {
  ...INCIDENT,
  state: 'resolved',
  resolved_at: '2026-11-23T12:34:00.000+08:00',
  resolved_by: 'first try',
  note: 'The guest had paid in cash: refunded at the desk',
};

export const DONGLE: DongleResource = {
  object: 'dongle',
  number: '0F58C1D2A94B4E7F8C3D6A1B2E9F7C05',
  state: 'registered',
  allow_listed: true,
  own_merchants: [],
  granted_merchants: [],
  created_at: '2026-11-23T12:52:00.000+08:00',
};

export const GRANTED_DONGLE: DongleResource = { ...DONGLE, granted_merchants: [MERCHANT.id] };

export const REVOKED_DONGLE: DongleResource = { ...DONGLE, state: 'revoked' };
