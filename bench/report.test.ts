/** The table tells what was measured, with its spread, and whether it is what it was to be. */
import { expect, test } from 'vitest';
import { FIGURES } from './figures.ts';
import { resultsOf, rowsOf, terminalTable } from './report.ts';

const RUN = { command: 'npm run bench', seconds: 1, day: '2026-11-27' };

test('figures come in the order of the table, with median and spread', () => {
  const rows = rowsOf(resultsOf({ qrOpen: [9, 7, 8], floorIdle: [0.3042] }, RUN));
  expect(rows.map(({ figure, value, spread, aim }) => [figure, value, spread, aim])).toStrictEqual([
    [FIGURES.floorIdle, '0.304 ms CPU', '', ''],
    [FIGURES.qrOpen, '8.0 %', '7.0 to 9.0', '≤ 15 %'],
  ]);
});

test.each([
  ['qrOpen', 15, true],
  ['qrOpen', 15.1, false],
  ['bareCall', 2, true],
  ['bareCall', 1.99, false],
  ['floorIdle', 9, undefined],
] as const)('%s of %d: reached %s', (id, value, expected) => {
  expect(rowsOf(resultsOf({ [id]: [value] }, RUN))[0]?.isReached).toBe(expected);
});

test('a terminal shows a line for each, and says what was missed', () => {
  const lines = terminalTable(resultsOf({ qrOpen: [20], bareCall: [3] }, RUN)).split('\n');
  expect(lines).toHaveLength(3);
  expect(lines[1]).toMatch(/bare call.*3\.00 ×.*≥ 2 ×.*reached/);
  expect(lines[2]).toMatch(/QR codes.*20\.0 %.*≤ 15 %.*missed/);
});
