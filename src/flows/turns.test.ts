/** Changes of one payment, one after the other; changes of others beside them. */
import { expect, test } from 'vitest';
import { aPayment } from '../core/payment.fixtures.ts';
import type { Payment } from '../core/payment.ts';
import { createTurns } from './turns.ts';

test('a change waits for the one before it, and begins from its row', async () => {
  const turns = createTurns();
  const first = Promise.withResolvers<Payment>();
  const told: unknown[] = [];
  const one = turns.take('FF1', () => first.promise);
  const two = turns.take('FF1', async (last) => {
    told.push(last?.version);
    return aPayment({ version: 3 });
  });
  const three = turns.take('FF1', async (last) => {
    told.push(last?.version);
    return aPayment({ version: 4 });
  });
  // Another payment's is not held up.
  expect(await turns.take('FF2', async (last) => last ?? aPayment())).toStrictEqual(aPayment());
  expect(told).toStrictEqual([]);
  first.resolve(aPayment({ version: 2 }));
  await Promise.all([one, two]);
  expect((await three).version).toBe(4);
  expect(told).toStrictEqual([2, 3]);
});

test('after one that failed, the next begins from nothing; and so does one that comes later', async () => {
  const turns = createTurns();
  const failed = turns.take('FF1', () => Promise.reject(new Error('no database')));
  const next = turns.take('FF1', async (last) => last ?? aPayment({ version: 7 }));
  await expect(failed).rejects.toThrow('no database');
  expect((await next).version).toBe(7);
  const later = turns.take('FF1', async (last) => last ?? aPayment({ version: 9 }));
  expect((await later).version).toBe(9);
});
