/** Rows as people and programs read them: columns that stand under each other, also with Chinese in them, or JSON. */
import { describe, expect, test } from 'vitest';
import { CommandError, printRows, type CommandContext } from './context.ts';

type Row = Readonly<Record<string, unknown>>;

/** What is printed for the rows. */
function printed(rows: readonly Row[], json?: boolean): string[] {
  const lines: string[] = [];
  const context: CommandContext = {
    clock: { nowMs: () => 0, monotonicMs: () => 0, sleep: () => Promise.resolve() },
    withDatabase: () => Promise.reject(new Error('not needed here')),
    print: (line) => lines.push(line),
  };
  printRows(context, rows, json);
  return lines;
}

describe('for people', () => {
  test('a line of names, then the rows, in columns', () => {
    expect(
      printed([
        { no: 'FF1', state: 'awaiting_buyer', amount: '1.00' },
        { no: 'FF10', state: 'paid', amount: '88.00' },
      ]),
    ).toStrictEqual([
      'no    state           amount',
      'FF1   awaiting_buyer  1.00',
      'FF10  paid            88.00',
    ]);
  });

  test('Chinese takes two columns a character, one beyond 16 bits too', () => {
    expect(
      printed([
        { name: '迪联', no: 1 },
        { name: '𠮷', no: 2 },
        { name: 'Tea', no: 3 },
      ]),
    ).toStrictEqual(['name  no', '迪联  1', '𠮷    2', 'Tea   3']);
  });

  test('what is missing is a dash, what is no text is JSON', () => {
    expect(printed([{ a: null, b: undefined, c: { d: [1] }, e: false, f: '' }])).toStrictEqual([
      'a  b  c          e      f',
      '-  -  {"d":[1]}  false',
    ]);
  });

  test('no rows are said to be none', () => {
    expect(printed([])).toStrictEqual(['(none)']);
    expect(printed([], false)).toStrictEqual(['(none)']);
  });
});

describe('for programs', () => {
  test.each<[string, readonly Row[]]>([
    ['none', []],
    ['some', [{ no: 'FF1', name: '迪联', at: null }]],
  ])('%s: what is printed is the rows', (_case, rows) => {
    const lines = printed(rows, true);
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0]!)).toStrictEqual(rows);
  });
});

test('a mistake of the operator is an error of its own kind', () => {
  const error = new CommandError('No shop has the number DL1');
  expect(error).toMatchObject({ name: 'CommandError', message: 'No shop has the number DL1' });
});
