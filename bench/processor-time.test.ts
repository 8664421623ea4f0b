/** What the operating system says of a process agrees with what the process says of itself. */
import { expect, test } from 'vitest';
import { clockToMs, cpuMsOf, cpuMsOfTree, residentBytesOf } from './processor-time.ts';

test('processor time is that of the process, to a hundredth of a second or so', () => {
  const { user, system } = process.cpuUsage();
  const ownMs = (user + system) / 1000;
  expect(Math.abs(cpuMsOf(process.pid) - ownMs)).toBeLessThan(200);
  expect(cpuMsOfTree(process.pid)).toBeGreaterThanOrEqual(cpuMsOf(process.pid) - 200);
});

test('work adds to it', () => {
  const before = cpuMsOf(process.pid);
  const start = process.cpuUsage();
  let spent = 0;
  while (spent < 200_000) {
    const { user, system } = process.cpuUsage(start);
    spent = user + system;
  }
  expect(cpuMsOf(process.pid) - before).toBeGreaterThan(150);
});

test('memory is what the process holds', () => {
  const ratio = residentBytesOf(process.pid) / process.memoryUsage.rss();
  expect(ratio).toBeGreaterThan(0.5);
  expect(ratio).toBeLessThan(2);
});

test.each([
  ['0:01', 1000],
  ['12:34.56', 754_560],
  ['01:02:03', 3_723_000],
  ['2-01:00:00', 176_400_000],
])('%s is %d ms', (text, ms) => {
  expect(clockToMs(text)).toBeCloseTo(ms);
});

test('a process that does not exist is an error', () => {
  expect(() => cpuMsOf(2 ** 22 + 1)).toThrow(/ENOENT|Command failed/);
});
