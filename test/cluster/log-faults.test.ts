import { expect, test } from 'vitest';
import { faultsOfOurs } from './log-faults.ts';

const line = (level: number, msg: string, type: string): string =>
  JSON.stringify({ level, msg, err: { type, message: `${type} happened` } });

test('an error that is no trouble around the gateway is a fault of ours, told once', () => {
  const bad = line(50, 'v1 call failed', 'TypeError');
  const output = [
    line(50, 'v1 call failed', 'DatabaseUnavailable'),
    line(40, 'only a warning', 'TypeError'),
    'no JSON at all {',
    bad,
    bad,
  ];
  expect(faultsOfOurs(output.join('\n'))).toEqual([bad]);
});
