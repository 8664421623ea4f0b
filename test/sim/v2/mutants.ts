/**
 * Planted mistakes of v2: of keys, waits, the feed of events and webhooks. The others are in `../mutants.ts`.
 */
import type { Mutant } from '../mutants.ts';

export const V2_MUTANTS: readonly Mutant[] = [
  // Keys.
  {
    name: 'a key is stored after the intent that it stands for',
    file: 'src/flows/start-charge.ts',
    find: '    if (await insertPaymentWithEvent(deps.db, payment, nowMs, created, keepCall)) {\n',
    replace:
      '    if (await insertPaymentWithEvent(deps.db, payment, nowMs, created)) {\n      await keepCall?.(deps.db);\n',
  },
  {
    name: 'a repeated call is answered as things are now',
    file: 'src/api/v2/idempotency.ts',
    find: '  if (stored.answer !== null) return stored.answer;\n',
    replace: '  if (stored.answer !== null) return resume(stored);\n',
  },
  {
    name: 'a key stands for whatever is said under it',
    file: 'src/api/v2/idempotency.ts',
    find: '  if (stored.requestHash !== call.requestHash) throw',
    replace: '  if (stored.requestHash === undefined) throw',
  },
  {
    name: 'the last answer is kept, and not the first',
    file: 'src/store/idempotency.ts',
    find: "    .where('answer', 'is', null)\n",
    replace: '',
  },
  {
    name: 'a repetition does not say that it is one',
    file: 'src/api/v2/idempotency.ts',
    find: "      void reply.header('idempotent-replayed', 'true');\n      return send(reply, await replay",
    replace: '      return send(reply, await replay',
  },
  {
    name: 'a refund has a number of its own at each call',
    file: 'src/api/v2/refunds.ts',
    find: '    requestNo: requestNoOf(call),',
    replace:
      '    requestNo: requestNoOf({ ...call, idempotencyKey: `${call.idempotencyKey}${deps.clock.nowMs()}` }),',
  },
  // Who did what.
  {
    name: 'a payment forgets who asked for it',
    file: 'src/flows/start-charge.ts',
    find: '{ ...charge, ...createdBy(by), paymentNo,',
    replace: '{ ...charge, ...createdBy(undefined), paymentNo,',
  },
  {
    name: 'two entries of the audit log follow one',
    file: 'src/store/audit.ts',
    find: '    .set({ hash: entry.hash })\n',
    replace: '    .set({ hash: entry.prevHash })\n',
  },
  {
    name: 'refunds are not logged',
    file: 'src/api/v2/audit-hook.ts',
    find: 'if (operationId === undefined ||',
    replace: "if (operationId === undefined || operationId === 'createRefund' ||",
  },
  // Waits and answers.
  {
    name: 'a wait ends a second before its time',
    file: 'src/flows/wait-for-row.ts',
    find: 'leftMs <= 0',
    replace: 'leftMs <= 1000',
  },
  {
    name: 'a wait tells what was so when it began',
    file: 'src/flows/wait-for-payment.ts',
    find: '  return waitForPayment(deps, payment, untilMs, ({ state }) => !isOpen(state));',
    replace:
      '  await waitForPayment(deps, payment, untilMs, ({ state }) => !isOpen(state));\n  return payment;',
  },
  {
    name: 'a wait hears nothing of other nodes',
    file: 'src/flows/wait-for-row.ts',
    find: 'const LOOK_EVERY_MS = 1000;',
    replace: 'const LOOK_EVERY_MS = 60_000;',
  },
  {
    name: 'v2 shows late money as paid that goes back by itself',
    file: 'src/core/payment.ts',
    find: "  return payment.state === 'paid' && isGivenBackLate(payment) ? 'reversed' : payment.state;",
    replace: '  return payment.state;',
  },
  {
    name: 'the key of another shop finds the payment',
    file: 'src/api/v2/caller.ts',
    find: '  const payment = await (merchantId === null\n',
    replace: '  const payment = await (merchantId !== -1\n',
  },
  // The feed.
  {
    name: 'what merchants hear is stored after the commit',
    file: 'src/store/payment-changes.ts',
    find: `    await appendEvents(tx, payment, atMs, [event]);
    await also?.(tx);
    return true;
  });
`,
    replace: `    await appendEvents(tx, payment, atMs, [{ ...event, told: [] }]);
    await also?.(tx);
    return true;
  });
  for (const type of isWritten === true ? (event.told ?? []) : []) {
    await db.insertInto('event').values(toToldRow(payment, atMs, type)).execute();
  }
`,
    also: [
      {
        file: 'src/store/payment-changes.ts',
        find: 'import { appendEvents, toEventRow, type NewEvent }',
        replace: 'import { appendEvents, toEventRow, toToldRow, type NewEvent }',
      },
    ],
  },
  {
    name: 'events that are stored together get their places in any order',
    file: 'src/store/event-feed.ts',
    find: 'row_number() over (order by told_at_ms, version,',
    replace: 'row_number() over (order by type, told_at_ms, version,',
  },
  {
    name: 'events of one payment go by the clocks of two nodes',
    file: 'src/store/event-feed.ts',
    find: 'max(at_ms) over (partition by merchant_id, payment_no order by version, type)',
    replace: 'at_ms',
  },
  {
    name: 'a page of the feed goes on after the last event there is',
    file: 'src/api/v2/events.ts',
    find: '    next_cursor: toPlaceCursor(page.at(-1)?.position ?? upTo),',
    replace: '    next_cursor: toPlaceCursor(upTo),',
  },
  {
    name: 'a feed that waits forgets where it looked from',
    file: 'src/flows/read-events.ts',
    find: '      after = upTo;\n      await follower.next',
    replace: '      after = upTo + 1;\n      await follower.next',
  },
  // Webhooks.
  {
    name: 'webhooks of one payment are sent in any order',
    file: 'src/store/webhooks.ts',
    find: ".where('before.state', '=', PENDING),",
    replace: ".where('before.state', '=', 'failed'),",
  },
  {
    name: 'a webhook that was claimed counts as delivered until it failed',
    file: 'src/store/webhooks.ts',
    find: '      .set({ due_at_ms: leaseEndMs })',
    replace: "      .set({ due_at_ms: null, state: 'delivered' })",
  },
  {
    name: 'a redirect counts as heard',
    file: 'src/flows/deliver-webhooks.ts',
    find: 'outcome.status < 300;',
    replace: 'outcome.status < 400;',
  },
  {
    name: 'a call that nobody answered counts as heard',
    file: 'src/flows/deliver-webhooks.ts',
    find: "  return 'status' in outcome && outcome",
    replace: "  return !('status' in outcome) || outcome",
  },
  {
    name: 'what an endpoint is owed is stored after the place',
    file: 'src/flows/tell-events.ts',
    find: `  const { events, owed } = await inTransaction(deps.db, async (tx) => {
    const placed = await givePlaces(tx, untold);
    return { events: placed, owed: await oweDeliveries(tx, placed, nowMs) };
  });`,
    replace: `  const events = await inTransaction(deps.db, (tx) => givePlaces(tx, untold));
  const owed = await oweDeliveries(deps.db, events, nowMs);`,
  },
  {
    name: 'a webhook is given up after a day',
    file: 'src/core/webhook.ts',
    find: 'export const GIVE_UP_AFTER_MS = 72 * HOUR;',
    replace: 'export const GIVE_UP_AFTER_MS = 24 * HOUR;',
  },
  {
    name: 'nobody is told of an endpoint that fails',
    file: 'src/core/webhook.ts',
    find: 'nowMs - failingSinceMs >= GIVE_UP_AFTER_MS - 2 * LAST_GAP_MS;',
    replace: 'nowMs - failingSinceMs >= 2 * GIVE_UP_AFTER_MS;',
  },
  {
    name: 'a webhook is signed without its body',
    file: 'src/flows/webhook-secrets.ts',
    find: '`${id}.${timestamp}.${body}`',
    replace: '`${id}.${timestamp}.${body.length}`',
  },
];
