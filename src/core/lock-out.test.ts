/** What wrong passwords cost, step by step, and what of it is forgiven. */
import { describe, expect, test } from 'vitest';
import {
  ADDRESS_RULE,
  attempt,
  ATTEMPTS_KEPT_MS,
  NAME_RULE,
  withoutOne,
  type AttemptRule,
  type Attempts,
} from './lock-out.ts';

const MINUTE_MS = 60_000;

function fail(
  before: Attempts | undefined,
  nowMs: number,
  rule: AttemptRule = NAME_RULE,
): Attempts {
  const made = attempt(before, rule, nowMs);
  if (made.kind === 'locked') throw new Error(`locked until ${made.untilMs}`);
  return made.attempts;
}

function failTimes(count: number, nowMs: number, rule: AttemptRule = NAME_RULE): Attempts {
  let attempts: Attempts | undefined;
  for (let times = 0; times < count; times += 1) attempts = fail(attempts, nowMs, rule);
  return attempts!;
}

test('the fifth failure locks for a minute, each one after that for twice as long, at most an hour', () => {
  let nowMs = 1_000_000;
  let attempts = failTimes(4, nowMs);
  expect(attempts.lockedUntilMs).toBeNull();
  const minutes: number[] = [];
  for (let times = 0; times < 9; times += 1) {
    attempts = fail(attempts, nowMs);
    const untilMs = attempts.lockedUntilMs ?? 0;
    minutes.push((untilMs - nowMs) / MINUTE_MS);
    // While it is locked nothing is tried, and so nothing is counted.
    expect(attempt(attempts, NAME_RULE, untilMs - 1)).toEqual({ kind: 'locked', untilMs });
    nowMs = untilMs;
  }
  expect(minutes).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60]);
});

test('after a quiet day nothing is held against anybody', () => {
  const attempts = failTimes(4, 0);
  expect(fail(attempts, ATTEMPTS_KEPT_MS - 1).failures).toBe(5);
  expect(fail(attempts, ATTEMPTS_KEPT_MS).failures).toBe(1);
});

test('an address is forgiven one every two minutes: a shop full of people mistypes', () => {
  const attempts = failTimes(10, 0, ADDRESS_RULE);
  expect(fail(attempts, 2 * MINUTE_MS - 1, ADDRESS_RULE).failures).toBe(11);
  expect(fail(attempts, 6 * MINUTE_MS, ADDRESS_RULE).failures).toBe(8);
  // A clock that is behind another's takes nothing away, and adds nothing.
  expect(fail(attempts, -10 * MINUTE_MS, ADDRESS_RULE).failures).toBe(11);
});

describe('an attempt that was none', () => {
  test('leaves what was before, also the lock that had ended', () => {
    const before = { failures: 7, lastAtMs: 0, lockedUntilMs: 4 * MINUTE_MS, version: 7 };
    const nowMs = 60 * MINUTE_MS;
    const counted = fail(before, nowMs);
    expect(counted.lockedUntilMs).toBeGreaterThan(nowMs);
    const after = withoutOne(counted, counted, before, NAME_RULE);
    expect(after).toEqual({ ...before, version: counted.version + 1 });
  });

  test('of the first leaves nothing', () => {
    const counted = fail(undefined, 5);
    expect(withoutOne(counted, counted, undefined, NAME_RULE)).toMatchObject({
      failures: 0,
      lockedUntilMs: null,
    });
  });

  test('takes no lock away that others earned meanwhile', () => {
    const before = failTimes(3, 0);
    const counted = fail(before, 0);
    const others = fail(counted, 0);
    expect(others.lockedUntilMs).toBe(MINUTE_MS);
    // Four real failures are left: not enough for a lock.
    expect(withoutOne(others, counted, before, NAME_RULE)).toMatchObject({
      failures: 4,
      lockedUntilMs: null,
    });
    const more = { ...others, failures: 6, version: others.version + 1 };
    expect(withoutOne(more, counted, before, NAME_RULE)).toMatchObject({
      failures: 5,
      lockedUntilMs: MINUTE_MS,
    });
  });
});
