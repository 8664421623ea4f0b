/** Workbooks as another library reads them. */
import { buffer } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import readXlsxFile from 'read-excel-file/node';
import { xlsxStream } from './xlsx.ts';

const SHEET = { name: '支付', titles: ['单号', '金额'], widths: [20, 10] };
type Rows = Parameters<typeof pagesOf>[0];

async function* pagesOf(pages: readonly (readonly (readonly [string, string])[])[]) {
  for (const page of pages) {
    yield page.map(([text, amount]) => [
      { text, isNumber: false },
      { text: amount, isNumber: true },
    ]);
  }
}

async function written(pages: Rows, rowsMax?: number): Promise<Buffer> {
  return buffer(await xlsxStream(SHEET, pagesOf(pages), rowsMax));
}

test('text is text, whatever it looks like, and amounts are numbers', async () => {
  const texts = [
    '=1+1',
    '00123',
    '2026112322001000000000214134',
    '茶馆 & <b> "q" \'a\'',
    ' a ',
    '🍵',
    'two\nlines',
  ];
  const sheets = await readXlsxFile(
    await written([texts.map((text) => [text, '88.05'] as const)]),
    {
      trim: false,
    },
  );
  expect(sheets.map(({ sheet }) => sheet)).toEqual(['支付']);
  expect(sheets[0]?.data).toEqual([SHEET.titles, ...texts.map((text) => [text, 88.05])]);
});

test('what XML cannot hold is replaced, and the file can still be read', async () => {
  const [sheet] = await readXlsxFile(await written([[['a\u0001b\uFFFFc\uD800d', '1.00']]]));
  expect(sheet?.data[1]).toEqual(['a\uFFFDb\uFFFDc\uFFFDd', 1]);
});

test('an empty table has its titles, and an empty cell is none', async () => {
  expect((await readXlsxFile(await written([])))[0]?.data).toEqual([SHEET.titles]);
  const [sheet] = await readXlsxFile(await written([[['', '1.00']], [], [['b', '']]]));
  expect(sheet?.data.slice(1)).toEqual([
    [null, 1],
    ['b', null],
  ]);
});

test.each([
  [3, [2, 2, 1]],
  [6, [5]],
  [5, [4, 1]],
])('with %i rows in a sheet, five are in %j', async (rowsMax, counts) => {
  const rows = ['a', 'b', 'c', 'd', 'e'].map((text) => [text, '1.00'] as const);
  const sheets = await readXlsxFile(await written([rows.slice(0, 2), rows.slice(2)], rowsMax));
  expect(sheets.map(({ data }) => data.length - 1)).toEqual(counts);
  expect(sheets.map(({ sheet }) => sheet)).toEqual(
    ['支付', '支付 2', '支付 3'].slice(0, counts.length),
  );
  expect(sheets.flatMap(({ data }) => data.slice(1).map(([text]) => text))).toEqual(
    rows.map(([text]) => text),
  );
  expect(sheets.every(({ data }) => data[0]?.[0] === '单号')).toBe(true);
});

test('rows that cannot be read break the file off', async () => {
  async function* broken() {
    yield [[{ text: 'a', isNumber: false }]];
    throw new Error('the database is away');
  }
  await expect(buffer(await xlsxStream(SHEET, broken()))).rejects.toThrow('the database is away');
});

test('a file that nobody reads any more reads no more rows', async () => {
  let read = 0;
  let ended: () => void = () => undefined;
  const end = new Promise<void>((resolve) => (ended = resolve));
  async function* endless() {
    try {
      for (;;) {
        read += 1;
        yield [[{ text: `${read}`.repeat(2000), isNumber: false }]];
      }
    } finally {
      ended();
    }
  }
  const file = await xlsxStream(SHEET, endless());
  for await (const _piece of file) break;
  await end;
  expect(file.destroyed).toBe(true);
});
