/** One fact that a person must look into is one incident, however often a till asks about the trade. */
import { describe, expect, test } from 'vitest';
import { aPayment, at } from '../../src/core/payment.fixtures.ts';
import { decide } from '../../src/core/decide-payment.ts';
import { ruleOnLocalNo } from '../../src/core/local-no.ts';
import type { Payment, PaymentFact } from '../../src/core/payment.ts';

function incidents(first: Payment, fact: PaymentFact, times: number): number {
  let payment = first;
  let count = 0;
  for (let time = 1; time <= times; time += 1) {
    const evidence = {
      fact,
      method: 'query',
      raw: '{}',
      askedAtMs: at(100 * time),
      askedIn: 'paid',
    } as const;
    const decision = decide(payment, evidence, at(100 * time));
    payment = decision.payment;
    count += decision.effects.length;
  }
  return count;
}
const paid = aPayment({ state: 'paid', tradeSeen: 'ended', answer: '{}', answerMethod: 'pay' });

describe('raised once', () => {
  test.each(['closed_refunded', 'closed_unpaid', 'foreign'] as const)(
    '%s of a paid payment',
    (fact) => {
      expect(incidents(paid, fact, 5)).toBe(1);
    },
  );
});

test('a third charge of a bill whose first attempt was paid late, after the second ended unpaid', () => {
  const latePaid = aPayment({ state: 'paid', isLate: true, attempt: 1, authCodeHash: 'a' });
  const closed = aPayment({ state: 'closed', attempt: 2, authCodeHash: 'b' });
  const request = { method: 'barcode', amountFen: 8800, authCodeHash: 'c' } as const;
  expect(ruleOnLocalNo([closed, latePaid], request).kind).toBe('taken');
});
