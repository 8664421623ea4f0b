/**
 * Reach marks: rare branches that a long run must have been through, so that a simulation which no longer gets there
 * fails instead of passing in silence. Most are read from the stored histories; the network, the post and the database
 * name their own as they happen.
 */
import type { Books, Story } from './check.ts';
import type { RunRecord } from './record.ts';

/** Names what the stored histories went through. */
export function markHistories({ mark }: RunRecord, { stories }: Books): void {
  for (const story of stories) markHistory(mark, story);
}

function markHistory(mark: (name: string) => void, { payment, events, refunds }: Story): void {
  mark(`end: ${payment.method} ${payment.state}${payment.isLate ? ' late' : ''}`);
  let state: string | undefined;
  for (const { kind, detail, state: next } of events) {
    const fact = detail['fact'];
    if (kind === 'fact' && state !== undefined) mark(`cell: ${state} x ${String(fact)}`);
    if (kind === 'silence')
      mark(`silence: ${String(detail['method'])}, ${String(detail['reason'])}`);
    if (kind === 'incident') mark(`incident: ${String(detail['reason'])}`);
    if (kind === 'fact' && fact === 'paid' && next !== 'paid' && state !== 'reversed') {
      mark('paid held back while a cancel is on its way');
    }
    if (kind === 'refund_fact') mark(`refund: ${String(fact)}`);
    if (kind !== 'fact' && kind !== 'silence') mark(`event: ${kind}`);
    state = next;
  }
  const sends = events.filter(({ kind }) => kind === 'refund_sent').length;
  if (sends > refunds.length) mark('refund sent again under its number');
  if (payment.attempt > 1) mark(`attempt ${payment.attempt} of a bill, by ${payment.method}`);
}

/** Branches that a run may not miss, by the number of payments from which that proves something. */
const REQUIRED: readonly { readonly fromPayments: number; readonly marks: readonly string[] }[] = [
  {
    fromPayments: 20_000,
    marks: [
      ...cells('created', ['paid', 'waiting', 'qr_issued', 'refused', 'absent']),
      ...cells('created', ['cancel_found_nothing', 'closed_unpaid', 'cancel_refunded']),
      ...cells('awaiting_buyer', ['paid', 'waiting', 'absent', 'closed_unpaid', 'cancel_refunded']),
      ...cells('paid', ['paid', 'absent', 'waiting', 'closed_refunded']),
      ...cells('declined', ['paid', 'waiting', 'absent', 'closed_unpaid']),
      ...cells('closed', ['paid', 'waiting', 'absent', 'closed_unpaid']),
      ...each('end: barcode', ['paid', 'paid late', 'declined', 'closed', 'reversed']),
      ...each('end: qr', ['paid', 'paid late', 'closed']),
      ...each('refund:', ['done', 'accepted', 'refused', 'absent']),
      ...['pay', 'precreate', 'query', 'cancel', 'close'].map(
        (name) => `silence: ${name}, timeout`,
      ),
      ...each('silence: query,', ['bad_signature', 'unsigned', 'wrong_number', 'doubtful_code']),
      ...each('silence: cancel,', ['lease_ended', 'unsettled']),
      ...['pay', 'precreate', 'query', 'cancel', 'close', 'refund'].flatMap((name) =>
        each(`network: ${name}`, [
          'request lost',
          'response lost',
          'request late',
          'request doubled',
        ]),
      ),
      ...each('network: answer', [
        'corrupted',
        'of another order',
        'forged by nobody',
        'forged by refuser',
        'forged by stranger',
      ]),
      ...each('alipay:', ['unknown_20000', 'unknown_20000_gbk', 'http_502', 'empty_body']),
      ...each('alipay:', ['bad_signature', 'no_signature', 'tampered_body']),
      ...each('alipay:', ['refund refused', 'refund taken', 'cancel retry']),
      ...each('notification:', ['lost', 'late', 'doubled']),
      ...each('notification: forged,', ['another amount', 'another app', 'another seller']),
      ...each('notification: forged,', [
        'broken signature',
        'no signature',
        'signature of a stranger',
      ]),
      ...each('crash:', [
        'after db begin',
        'after db insert',
        'after db update',
        'after db commit',
      ]),
      ...each('crash:', ['after db select', 'during send', 'after send', 'during sleep']),
      'race lost: insert of payment',
      ...each('told: hb_barcode', ['paid', 'failed', 'open', 'taken', 'error']),
      ...each('told: refund', ['refunded', 'refused', 'open', 'error']),
      ...each('event:', ['adopted', 'hint', 'late_payment', 'cancel_sent', 'incident_resolved']),
      'incident: late_payment',
      'paid held back while a cancel is on its way',
      'refund sent again under its number',
      'attempt 3 of a bill, by barcode',
      'stall: long',
      ...each('v2:', [
        'replayed',
        'replayed while the first was under way',
        'replayed, and nobody heard the first answer',
        'replayed, and open still',
        'a wait ran out',
        'a wait was ended by the outcome',
        'a wait was ended by another node',
        'create, alipay_silent',
        'create, idempotency_key_reused',
        'create, merchant_reference_taken',
        'cancel, payment_not_cancelable',
        'refund, idempotency_key_reused',
        'refund, refund_exceeds_payment',
      ]),
      ...each('feed:', ['more than a page', 'read again after a crash']),
      ...each('webhook:', [
        'nobody',
        'silence',
        'late',
        'lost there',
        'late there',
        'lost back',
        'closed',
      ]),
      ...each('webhook:', [
        'refused, and sent again',
        'taken, and sent again',
        'arrived after hours',
        'the past was asked for',
      ]),
    ],
  },
  {
    fromPayments: 500_000,
    marks: [
      ...each('incident:', [
        'late_refund_refused',
        'reversed_after_paid',
        'refund_done_after_refused',
      ]),
      // Once or twice in a hundred thousand payments.
      ...each('race lost:', ['claim of payment', 'claim of refund']),
      'cell: paid x cancel_refunded',
      'network: paid heard after a cancel gave it back',
      ...each('v2: refund,', ['payment_in_doubt', 'payment_not_refundable']),
      ...each('crash:', ['during webhook', 'after webhook']),
      ...each('webhook:', ['301', '302', '500', 'too large', 'signed by two secrets']),
      ...each('webhook:', ['given up', 'given up for one payment']),
    ],
  },
];

function each(group: string, names: readonly string[]): readonly string[] {
  return names.map((name) => `${group} ${name}`);
}

function cells(state: string, facts: readonly string[]): readonly string[] {
  return each(`cell: ${state} x`, facts);
}

/** Which of them a run of so many payments missed. */
export function missingMarks(
  marks: ReadonlyMap<string, number>,
  payments: number,
): readonly string[] {
  const due = REQUIRED.filter(({ fromPayments }) => payments >= fromPayments);
  return due.flatMap((group) => group.marks).filter((mark) => !marks.has(mark));
}
