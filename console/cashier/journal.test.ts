/** What a till keeps over a crash, and what it never writes down. */
import { expect, test } from 'vitest';
import type { Charge } from './charge.ts';
import { createJournal, type Shelf } from './journal.ts';

function shelf(): Shelf & { readonly kept: Map<string, string> } {
  const kept = new Map<string, string>();
  return {
    kept,
    getItem: (name) => kept.get(name) ?? null,
    setItem: (name, text) => void kept.set(name, text),
  };
}

const counting = () => {
  let next = 0;
  return (count: number): readonly number[] => Array.from({ length: count }, () => (next += 1));
};

const CHARGE: Charge = {
  merchant: 'mch_1',
  reference: 'TABC-20261201-001-XY',
  amountFen: 8800,
  subject: 'Tea',
  method: 'barcode',
  key: 'k1',
  attemptsBefore: 0,
  renewals: 0,
  beganAtMs: 1000,
};

test('a charge is there after a crash, until it is dropped', () => {
  const kept = shelf();
  createJournal(kept, counting()).put({ charge: CHARGE, isAside: false });
  const other = { ...CHARGE, reference: 'TABC-20261201-002-XY' };
  createJournal(kept, counting()).put({ charge: other, isAside: true });
  const after = createJournal(kept, counting());
  expect(after.open()).toStrictEqual([
    { charge: CHARGE, isAside: false },
    { charge: other, isAside: true },
  ]);
  after.put({ charge: { ...CHARGE, key: 'k2' }, isAside: false });
  after.drop(other.reference);
  expect(after.open()).toStrictEqual([{ charge: { ...CHARGE, key: 'k2' }, isAside: false }]);
});

test('the number of a bill has till, day and a counter that begins anew each day', () => {
  const kept = shelf();
  const random = counting();
  const first = createJournal(kept, random).nextReference('2026-12-01');
  const second = createJournal(kept, random).nextReference('2026-12-01');
  const next = createJournal(kept, random).nextReference('2026-12-02');
  expect(first).toMatch(/^T[2-9A-Z]{3}-20261201-001-[2-9A-Z]{2}$/);
  const till = first.slice(0, 4);
  expect(second.slice(0, 17)).toBe(`${till}-20261201-002`);
  expect(next.slice(0, 17)).toBe(`${till}-20261202-001`);
});

test('two windows that count at the same moment make two numbers', () => {
  const kept = shelf();
  const random = counting();
  createJournal(kept, random).nextReference('2026-12-01');
  const copy = shelf();
  for (const [name, text] of kept.kept) copy.setItem(name, text);
  const one = createJournal(kept, random).nextReference('2026-12-01');
  const other = createJournal(copy, random).nextReference('2026-12-01');
  expect(one.slice(0, 17)).toBe(other.slice(0, 17));
  expect(one).not.toBe(other);
});

test('what cannot be read is as if it were not there', () => {
  const kept = shelf();
  kept.setItem('f2f_cashier_open', '{');
  expect(createJournal(kept, counting()).open()).toStrictEqual([]);
});
