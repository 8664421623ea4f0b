/** Who gets how much of the room for webhook calls: cases that matter, and what holds in all of them. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isSuspect, shareRoom, WEBHOOK_ROOM, type Waiting } from './webhook-room.ts';

const waits = (endpointNo: string, more: Partial<Waiting> = {}): Waiting => ({
  endpointNo,
  isFailing: false,
  isSlow: false,
  underWay: 0,
  ...more,
});
const many = (count: number, more: Partial<Waiting> = {}, name = 'm'): Waiting[] =>
  Array.from({ length: count }, (_, index) => waits(`${name}${index}`, more));
const share = (waiting: readonly Waiting[], free = WEBHOOK_ROOM, toSuspects = 0) =>
  Object.fromEntries(shareRoom(waiting, { free, toSuspects }));
const sum = (shares: Readonly<Record<string, number>>): number =>
  Object.values(shares).reduce((all, one) => all + one, 0);

describe('one endpoint', () => {
  test.each<[string, Partial<Waiting>, number | undefined]>([
    ['has four calls', {}, 4],
    ['has four with those under way', { underWay: 3 }, 1],
    ['has no fifth', { underWay: 4 }, undefined],
    ['that is slow has four', { isSlow: true }, 4],
    ['that fails has one', { isFailing: true }, 1],
    ['that fails has no second', { isFailing: true, underWay: 1 }, undefined],
    [
      'that began to fail with four under way has no more',
      { isFailing: true, underWay: 4 },
      undefined,
    ],
  ])('%s', (_what, more, expected) => {
    expect(share([waits('a', more)])['a']).toBe(expected);
  });
});

test('sixteen that die at once leave room for the first calls of others', () => {
  const all = share(many(16));
  expect(sum(all)).toBe(48);
  const dying = many(16, { underWay: 3 });
  expect(share([...dying, ...many(20, {}, 'other')], 16)).toEqual(
    Object.fromEntries(many(16, {}, 'other').map(({ endpointNo }) => [endpointNo, 1])),
  );
});

test.each([[{ isFailing: true }], [{ isSlow: true }]])(
  'a hundred with %o have half of the room, and no more with what is under way',
  (suspect) => {
    expect(sum(share(many(100, suspect)))).toBe(32);
    expect(sum(share(many(100, suspect), 40, 24))).toBe(8);
    expect(share(many(100, suspect), 24, 40)).toEqual({});
    expect(share([...many(100, suspect), waits('healthy')])['healthy']).toBe(4);
  },
);

test('a first call for everybody comes before a second for anybody, in their order', () => {
  expect(share([waits('a'), waits('b'), waits('c')], 2)).toEqual({ a: 1, b: 1 });
  expect(share([waits('a', { underWay: 1 }), waits('b'), waits('c')], 2)).toEqual({ b: 1, c: 1 });
  expect(share([waits('a', { underWay: 2 }), waits('b')], 16 + 3)).toEqual({ a: 1, b: 2 });
});

const waiting = fc
  .array(fc.record({ isFailing: fc.boolean(), isSlow: fc.boolean(), underWay: fc.nat(5) }), {
    maxLength: 120,
  })
  .map((all) => all.map((one, index) => waits(String(index), one)));

test('whoever waits: nobody has too much, and who is quick has a call while there is room', () => {
  const property = fc.property(waiting, fc.nat(64), fc.nat(64), (all, free, toSuspects) => {
    const shares = share(all, free, toSuspects);
    expect(sum(shares)).toBeLessThanOrEqual(free);
    const toMoreSuspects = all.filter(isSuspect).map(({ endpointNo }) => shares[endpointNo] ?? 0);
    const more = toMoreSuspects.reduce((a, b) => a + b, 0);
    expect(more).toBeLessThanOrEqual(Math.max(0, 32 - toSuspects));
    const tooMany = all.filter(({ endpointNo, isFailing, underWay }) => {
      const got = shares[endpointNo] ?? 0;
      return got > 0 && underWay + got > (isFailing ? 1 : 4);
    });
    expect(tooMany).toEqual([]);
    const first = all.filter((one) => !isSuspect(one) && one.underWay === 0);
    const served = first.filter(({ endpointNo }) => shares[endpointNo] !== undefined);
    expect(served.length).toBeGreaterThanOrEqual(Math.min(first.length, free - more));
  });
  fc.assert(property, { numRuns: 500, seed: 1 });
});
