/**
 * Planted mistakes: each is a small patch to the gateway that a programmer could have made, among them every mistake that
 * open gateways were seen to make. The simulation must catch each; one that lives is a hole in the checks. How they
 * are run is in `mutants-main.ts`.
 */
import { V2_MUTANTS } from './v2/mutants.ts';

export type Edit = {
  readonly file: string;
  /** Occurs in the file exactly once. */
  readonly find: string;
  readonly replace: string;
};
/** One edit, and more where a mistake takes more than one. */
export type Mutant = Edit & { readonly name: string; readonly also?: readonly Edit[] };

export const MUTANTS: readonly Mutant[] = [
  // What open gateways do today.
  {
    name: 'after a timeout no poller looks at the payment any more',
    file: 'src/core/decide-payment.ts',
    find: "const dueAtMs = dueAtAfter(after, nowMs, before.state === 'paid' && before.dueAtMs === null);",
    replace: 'const dueAtMs = null;',
  },
  {
    name: 'five questions without an answer are a verdict',
    file: 'src/core/decide-payment.ts',
    find: '    cancelSentAtMs: wasEnding ? null : before.cancelSentAtMs,\n',
    replace:
      "    cancelSentAtMs: wasEnding ? null : before.cancelSentAtMs,\n    state: before.asksInVain > 4 && isOpen(before.state) ? 'closed' : before.state,\n",
  },
  {
    name: 'a clock closes the payment without asking Alipay',
    file: 'src/core/decide-payment.ts',
    find: '  if (!isOpen(payment.state)) return false;\n',
    replace:
      '  if (!isOpen(payment.state)) return false;\n  if (askedAtMs >= payment.deadlineAtMs) return true;\n',
  },
  {
    name: 'a failed query is taken as a failed payment',
    file: 'src/flows/learn.ts',
    find: '  if (fact === null || answer === undefined) return applySilence(deps, asked, detail, isEnding);',
    replace:
      "  if (fact === null && method === 'query') {\n    const failed: Evidence = { fact: 'closed_unpaid', method: 'query', askedAtMs, askedIn: asked.state, raw: '{}' };\n    return applyFact(deps, asked, failed, detail);\n  }\n  if (fact === null || answer === undefined) return applySilence(deps, asked, detail, isEnding);",
  },
  {
    name: '20000 is recorded as a failure',
    file: 'src/alipay/decode.ts',
    find: "      return unknown(answer, 'doubtful_code', 'Alipay does not say what became of the call');",
    replace: "      return { kind: 'refused', cause: 'business' as never, answer };",
  },
  {
    name: 'money that arrives after closing is acknowledged and dropped',
    file: 'src/core/payment.ts',
    find: "  closed: {\n    paid: 'paid',",
    replace: "  closed: {\n    paid: 'same',",
  },
  {
    name: 'a retry of one order makes a second payable trade',
    file: 'src/core/local-no.ts',
    find: "  if (answersAgain) return { kind: 'same', payment: again };",
    replace:
      "  const isOpen = ['created', 'awaiting_buyer'].includes(latest.state);\n  if (isOpen) return { kind: 'new', attempt: latest.attempt + 1 };\n  if (answersAgain) return { kind: 'same', payment: again };",
  },
  {
    name: 'what is owed to a payment is kept in memory alone',
    file: 'src/flows/start-charge.ts',
    find: '    dueAtMs: firstLookAtMs(nowMs, settings.alipayTimeoutMs),',
    replace: '    dueAtMs: null,',
  },
  // The order of steps, and who may write.
  {
    name: 'a payment is written without the version check',
    file: 'src/store/payments.ts',
    find: `    .where('payment_no', '=', paymentNo)
    .where('version', '=', readVersion);`,
    replace: "    .where('payment_no', '=', paymentNo);",
  },
  {
    name: 'a claim takes the due time away, and a crash loses it',
    file: 'src/store/due.ts',
    find: `    .updateTable('payment')
    .from('due')
    .set({ due_at_ms: leaseEndMs })`,
    replace: `    .updateTable('payment')
    .from('due')
    .set({ due_at_ms: null })`,
  },
  {
    name: 'a lease never expires',
    file: 'src/core/schedule.ts',
    find: '  return 2 * alipayTimeoutMs + LOOK_RESERVE_MS;',
    replace: '  return 2 * alipayTimeoutMs + 1_000_000 * LOOK_RESERVE_MS;',
  },
  {
    name: 'the event is written outside the transaction of its change',
    file: 'src/store/payment-changes.ts',
    find: `    await appendEvents(tx, payment, atMs, [event]);
    await also?.(tx);
    return true;
  });
  return isWritten ?? false;`,
    replace: `    await also?.(tx);
    return true;
  });
  if (isWritten === true) await appendEvents(db, payment, atMs, [event]);
  return isWritten ?? false;`,
  },
  {
    name: 'merchants do not hear of a change',
    file: 'src/flows/record-change.ts',
    find: 'told: eventTypesOf(change) };',
    replace: 'told: refund === undefined ? eventTypesOf(change) : [] };',
  },
  {
    name: 'the intent is stored after the call',
    file: 'src/flows/charge-barcode.ts',
    find: '  const outcome = await askAlipay(loaded, pay, isInTime);',
    replace:
      "  const early = await deps.alipay.query(loaded.app, payment);\n  if (early.kind === 'absent') await askAlipay(loaded, (app) => deps.alipay.pay(app, { paymentNo: `${payment.paymentNo}B`, authCode, amountFen: payment.amountFen, subject: payment.subject, timeoutMinutes: 2 }));\n  const outcome = await askAlipay(loaded, pay, isInTime);",
  },
  {
    name: 'a charge without an answer is sent again',
    file: 'src/flows/ask-alipay.ts',
    find: '  let outcome = await ask(app);',
    replace:
      "  let outcome = await ask(app);\n  if (outcome.kind === 'unknown') outcome = await ask(app);",
  },
  // What counts as evidence.
  {
    name: 'an answer for another order is accepted',
    file: 'src/alipay/decode.ts',
    find: '  if (number !== undefined && number !== asked.paymentNo)',
    replace: '  if (number !== undefined && number === undefined)',
  },
  {
    name: 'the signature of an answer is not verified',
    file: 'src/alipay/verify.ts',
    find: '  if (isSignatureValid(content, signature, publicKey, signType)) return content;',
    replace: '  if (signature !== undefined) return content;',
  },
  {
    name: 'an unsigned answer is accepted',
    file: 'src/alipay/verify.ts',
    find: '    if (answer !== undefined && UNSIGNED_REFUSALS.has(answer.code))',
    replace: '    if (answer !== undefined)',
  },
  {
    name: 'a trade that is not found ends the payment at once',
    file: 'src/core/decide-payment.ts',
    find: '  const since = payment.cancelFoundNothingAtMs;\n',
    replace: '  const since = payment.createdAtMs - GONE_AFTER_CANCEL_MS;\n',
  },
  {
    name: 'a cancel that found nothing counts as a cancellation',
    file: 'src/core/payment.ts',
    find: "    cancel_found_nothing: 'same',\n    foreign: 'same',\n    closed_unpaid: 'closed',\n    closed_refunded: 'reversed',\n    cancel_refunded: 'reversed',\n  },\n  awaiting_buyer: {",
    replace:
      "    cancel_found_nothing: 'closed',\n    foreign: 'same',\n    closed_unpaid: 'closed',\n    closed_refunded: 'reversed',\n    cancel_refunded: 'reversed',\n  },\n  awaiting_buyer: {",
  },
  {
    name: 'a QR code that runs out here is closed without regard to Alipay',
    file: 'src/core/decide-payment.ts',
    find: "  if (payment.method === 'qr') return askedAtMs >= payment.diesAtMs + GONE_AFTER_DEATH_MS;",
    replace: "  if (payment.method === 'qr') return askedAtMs >= payment.createdAtMs + 20_000;",
  },
  {
    name: '"paid" is told while a cancel is on its way',
    file: 'src/core/decide-payment.ts',
    find: '    before.cancelSentAtMs !== null &&\n    evidence.method',
    replace: '    before.cancelSentAtMs === -1 &&\n    evidence.method',
  },
  {
    name: 'a cancel is sent without asking first',
    file: 'src/core/schedule.ts',
    find: "      if (payment.method === 'barcode' && !wasOpenAtDeadline) return 'query';",
    replace: "      if (payment.method === 'barcode' && !wasOpenAtDeadline) return 'cancel';",
  },
  {
    name: 'a declined charge leaves its open trade alone',
    file: 'src/core/schedule.ts',
    find: "    if (tradeSeen === 'open') return 0;\n    if (tradeSeen === 'never_asked') return VERIFY_DECLINE_AFTER_MS;",
    replace: '    if (createdAtMs > 0) return null;',
  },
  {
    name: 'a closed payment is not watched for late money',
    file: 'src/core/schedule.ts',
    find: "    return payment.tradeSeen === 'absent' ? watchGapMs(payment, nowMs) : null;",
    replace: '    return null;',
  },
  {
    name: 'silence is told as a failure',
    file: 'src/flows/answer-till.ts',
    find: '  created: payInProcess,',
    replace: '  created: (payment) => payHasClosed(payment.paymentNo, null),',
  },
  // Refunds.
  {
    name: 'a refund is retried under a new number',
    file: 'src/flows/check-refund.ts',
    find: '      requestNo: refund.requestNo,\n      amountFen',
    replace:
      '      requestNo: refund.asksInVain > 0 ? `${refund.requestNo}-2` : refund.requestNo,\n      amountFen',
  },
  {
    name: 'a refund is done when Alipay accepted it',
    file: 'src/core/refund.ts',
    find: "  created: { done: 'done', accepted: 'same', refused: 'refused', absent: 'same' },",
    replace: "  created: { done: 'done', accepted: 'done', refused: 'refused', absent: 'same' },",
  },
  {
    name: 'a refund that the query does not find was refused',
    file: 'src/core/refund.ts',
    find: "  const wasRefused = before.inDoubt && before.answerFact === 'refused';",
    replace: '  const wasRefused = true;',
  },
  {
    name: 'a refund refused in doubt is not watched',
    file: 'src/core/schedule.ts',
    find: "  return state === 'refused' && inDoubt && lastSentAtMs !== null;",
    replace: '  return false;',
  },
  {
    name: 'a refusal of a repeated refund counts for the first one',
    file: 'src/core/refund.ts',
    find: "  if (cell === 'refused' && before.inDoubt) return before.state;",
    replace: '',
  },
  {
    name: 'two refunds of one trade are not kept apart',
    file: 'src/flows/check-refund.ts',
    find: "isOurs = refundStep(refund) === 'send' && nowMs >= payment.refundNotBeforeMs;",
    replace: "isOurs = refundStep(refund) === 'send';",
  },
  {
    name: 'refunds may exceed the payment',
    file: 'src/flows/refund-payment.ts',
    find: "  return input.amountFen > restFen ? 'ACQ.REFUND_AMT_NOT_EQUAL_TOTAL' : undefined;",
    replace:
      "  return input.amountFen > restFen + 1_000_000 ? 'ACQ.REFUND_AMT_NOT_EQUAL_TOTAL' : undefined;",
  },
  {
    name: 'a refund number may stand for two amounts',
    file: 'src/flows/refund-payment.ts',
    find: '  if (refund.amountFen !== input.amountFen) {',
    replace: '  if (refund.amountFen > input.amountFen * 1000) {',
  },
  {
    name: 'late money is promised back and kept',
    file: 'src/flows/apply-fact.ts',
    find: "    deps.settings.latePayment === 'refund' &&",
    replace: "    deps.settings.latePayment !== 'refund' &&",
  },
  // Others.
  {
    name: 'late money that goes back by itself is told as paid',
    file: 'src/flows/answer-till.ts',
    find: "  return payment.state === 'paid' && !isGivenBackLate(payment);",
    replace: "  return payment.state === 'paid';",
  },
  {
    name: 'an unsigned refusal of a refund is believed',
    file: 'src/flows/check-refund.ts',
    find: "  const isUnsigned = outcome.kind === 'refused' && !outcome.answer.isSigned;",
    replace: '  const isUnsigned = false;',
  },
  {
    name: 'the amount of a notification is not checked',
    file: 'src/alipay/notification.ts',
    find: "  if (readYuan(fields['total_amount']) !== subject.amountFen)",
    replace: "  if (readYuan(fields['total_amount']) === undefined)",
  },
  {
    name: 'the app of a notification is not checked',
    file: 'src/alipay/notification.ts',
    find: "  if (fields['app_id'] !== subject.appId) return",
    replace: "  if (fields['app_id'] === undefined) return",
  },
  {
    name: 'the signature of a notification is not verified',
    file: 'src/alipay/notification.ts',
    find: '  if (!isSignatureValid(bytes, signature, alipayPublicKey, signType))',
    replace: '  if (bytes.length === 0)',
  },
  {
    name: 'another shop of the same app may refund',
    file: 'src/flows/query-trade.ts',
    find: '  if (payment !== undefined && payment.merchantId !== merchant.merchantId)',
    replace: '  if (payment !== undefined && payment.merchantId < 0)',
    also: [
      {
        file: 'src/flows/query-trade.ts',
        find: 'if (begun !== undefined && begun.merchantId !== merchant.merchantId)',
        replace: 'if (begun !== undefined && begun.merchantId < 0)',
      },
    ],
  },
  {
    name: 'the first answer is forgotten',
    file: 'src/core/decide-payment.ts',
    find: '  if (!isOpen(before.state) && state === before.state) return kept;\n',
    replace: '',
    also: [
      {
        file: 'src/core/decide-payment.ts',
        find: "  return state === 'paid' && before.state !== 'paid' ? heard : kept;",
        replace: '  return heard;',
      },
    ],
  },
  ...V2_MUTANTS,
];
