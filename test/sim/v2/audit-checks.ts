/**
 * Who did what, held against what was done: the audit log holds from its first entry to its last, whatever nodes died on the way,
 * and what was asked for over v2 names who asked, and nothing else does.
 */
import type { Payment } from '../../../src/core/payment.ts';
import { perPayment, type Books, type Check } from '../check.ts';

const logHolds: Check = function* ({ audit: { verdict } }) {
  const { fault } = verdict;
  if (fault === null) return;
  const detail = `entry ${fault.number}: ${fault.what}`;
  yield { rule: 'the audit log holds', detail, paymentNo: undefined };
};

/** v2's are made from a hash; tills number theirs by themselves. */
const V2_REFUND_NO = /^[0-9a-f]{32}$/;

const creatorsAreKnown = perPayment('who asked is known', function* (story) {
  const { payment, refunds, told } = story;
  // Each call of v2 notes something on its payment, and no other can.
  if ((payment.metadata !== null) !== (payment.createdBy !== null))
    yield `asked for by ${payment.createdByName}`;
  const shops = told.map(({ bill }) => bill.shop.cpiNo);
  const isTheirs = ({ createdByName: name }: Pick<Payment, 'createdByName'>): boolean =>
    name === null || name === 'operator' || shops.includes(name);
  if (told.length > 0 && !isTheirs(payment)) yield `asked for by ${payment.createdByName}`;
  for (const { requestNo, createdBy, createdByName } of refunds) {
    if (V2_REFUND_NO.test(requestNo) !== (createdBy !== null) || !isTheirs({ createdByName }))
      yield `refund ${requestNo} was asked for by ${createdByName}`;
  }
});

const refundsAreLogged = perPayment(
  'nothing is done that is not logged',
  function* ({ payment, refunds }, { audit: { entries } }: Books) {
    for (const { requestNo, createdBy } of refunds) {
      if (createdBy === null) continue;
      const isLogged = entries.some(
        ({ kind, operation, target, actor }) =>
          kind === 'request' &&
          operation === 'createRefund' &&
          target === `pay_${payment.paymentNo}` &&
          actor.id === createdBy,
      );
      if (!isLogged) yield `refund ${requestNo}`;
    }
  },
);

export const AUDIT_CHECKS: readonly Check[] = [logHolds, creatorsAreKnown, refundsAreLogged];
