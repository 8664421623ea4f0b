/** Amounts as they are typed, key by key. */
import { expect, test } from 'vitest';
import { entryAmount, typedEntry, type EntryKey } from './entry.ts';

const typed = (...keys: EntryKey[]): string => keys.reduce(typedEntry, '');

test.each<[keys: EntryKey[], entry: string, amountFen: number | undefined]>([
  [[], '', undefined],
  [['8', '8'], '88', 8800],
  [['8', '.', '5'], '8.5', 850],
  [['8', '.'], '8.', 800],
  [['.', '0', '5'], '0.05', 5],
  [['0', '0', '7'], '7', 700],
  [['00', '1', '00'], '100', 10_000],
  [['0', '.', '0'], '0.0', undefined],
  [['1', '.', '2', '3', '4'], '1.23', 123],
  [['1', '.', '.', '2'], '1.2', 120],
  [['1', '.', '00', '0'], '1.00', 100],
  [['1', '2', 'backspace'], '1', 100],
  [['1', '2', 'clear'], '', undefined],
  [['backspace'], '', undefined],
])('%j is %s', (keys, entry, amountFen) => {
  expect(typed(...keys)).toBe(entry);
  expect(entryAmount(typed(...keys))).toBe(amountFen);
});

test('no more than a payment may be, and no payment code', () => {
  const most = typed('1', '00', '00', '00', '00');
  expect(most).toBe('100000000');
  expect(entryAmount(most)).toBe(10_000_000_000);
  expect(typedEntry(most, '0')).toBe(most);
  expect(typedEntry('100000000.0', '1')).toBe('100000000.0');
  expect(typed('9', '00', '00', '00', '00')).toBe('9000000');
});
