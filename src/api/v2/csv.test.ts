/** CSV as another parser reads it. */
import { parse } from 'csv-parse/sync';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { BYTE_ORDER_MARK, csvLine } from './csv.ts';

const read = (text: string): string[][] => parse(text, { bom: true, relaxColumnCount: false });
const cell = (text: string, isNumber = false) => ({ text, isNumber });

test('whatever is in a cell, another parser reads it back', () => {
  const text = fc.string({ unit: 'binary', maxLength: 20 }).map((it) => it.toWellFormed());
  const odd = fc.constantFrom('"', ',', '\r\n', '\n', '""', ' a ', '茶,"馆"', '', '\uFEFF');
  const rows = fc.array(fc.tuple(fc.oneof(text, odd), fc.oneof(text, odd)), { minLength: 1 });
  fc.assert(
    fc.property(rows, (all) => {
      const file = BYTE_ORDER_MARK + all.map((row) => csvLine(row.map((it) => cell(it)))).join('');
      const guarded = all.map((row) => row.map((it) => (/^[=+\-@\t\r]/.test(it) ? `'${it}` : it)));
      expect(read(file)).toEqual(guarded);
    }),
  );
});

test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '=cmd|" /C calc"!A0'])(
  'no spreadsheet takes %j for a formula',
  (text) => {
    const [[shown = '']] = read(csvLine([cell(text), cell('x')])) as [string[]];
    expect(shown).toBe(`'${text}`);
    expect(csvLine([cell(text)])).toMatch(/^"?'/);
  },
);

test('lines end as RFC 4180 has it, and numbers are bare', () => {
  expect(csvLine([cell('88.00', true), cell('-1.50', true), cell('茶')])).toBe(
    '88.00,-1.50,茶\r\n',
  );
});
