/**
 * Rows as an XLSX workbook (ECMA-376), written while it is sent: the few parts that a table needs, as text in a ZIP file. Amounts
 * are numbers with two decimals, everything else is text, which is never taken for a formula. A sheet that is full is followed by
 * another one.
 */
import { finished } from 'node:stream/promises';
import { Readable } from 'node:stream';
import type { Cell } from './export-columns.ts';

export type Sheet = {
  readonly name: string;
  readonly titles: readonly string[];
  /** Of the columns, in characters. */
  readonly widths: readonly number[];
};

/** Excel's limit, with the titles. */
const ROWS_MAX = 1_048_576;
const DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const RELATIONS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
const SHEET_TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml';
/** Places in `cellXfs` of the styles. */
const STYLE = { amount: 1, title: 2, text: 3 } as const;

/** The file, as it is written. Destroyed, it reads no more rows. */
export async function xlsxStream(
  sheet: Sheet,
  pages: AsyncGenerator<readonly (readonly Cell[])[]>,
  rowsMax: number = ROWS_MAX,
): Promise<Readable> {
  // Loaded by whoever exports: the gateway runs for months, and mostly without it.
  const { ZipFile } = await import('yazl');
  const zip = new ZipFile();
  const file = Readable.from(zip.outputStream);
  const fail = (error: Error): unknown => file.destroy(error);
  zip.on('error', fail);
  const rows = rowsOf(pages);
  const current: { sheet?: Readable } = {};
  const write = async (): Promise<void> => {
    const numbers: number[] = [];
    let next = await rows.next();
    // Read before its sheet begins: after a full sheet there would else be an empty one.
    while (numbers.length === 0 || next.done !== true) {
      const text = sheetXml(sheet, next, rows, rowsMax, (last) => (next = last));
      current.sheet = Readable.from(text).once('error', fail);
      numbers.push(numbers.length + 1);
      zip.addReadStream(current.sheet, `xl/worksheets/sheet${numbers.length}.xml`);
      await finished(current.sheet);
    }
    for (const [path, text] of partsOf(sheet, numbers)) zip.addBuffer(Buffer.from(text), path);
    zip.end();
  };
  void write().catch((error: unknown) => fail(error instanceof Error ? error : new Error('xlsx')));
  file.once('close', () => {
    current.sheet?.destroy();
    void rows.return(undefined);
  });
  return file;
}

type Row = readonly Cell[];

async function* rowsOf(pages: AsyncGenerator<readonly Row[]>): AsyncGenerator<Row, undefined> {
  for await (const page of pages) yield* page;
  return undefined;
}

/** Text of some rows at once: a piece for each would cost more than what is in it. */
const PIECE = 16_384;

async function* sheetXml(
  { titles, widths }: Sheet,
  first: IteratorResult<Row, undefined>,
  rows: AsyncGenerator<Row, undefined>,
  rowsMax: number,
  goOn: (next: IteratorResult<Row, undefined>) => void,
): AsyncGenerator<string> {
  const columns = widths.map(
    (width, index) =>
      `<col min="${index + 1}" max="${index + 1}" width="${width}" customWidth="1"/>`,
  );
  const pane = '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>';
  let text = `${DECLARATION}<worksheet xmlns="${MAIN}"><sheetViews><sheetView workbookViewId="0">${pane}</sheetView></sheetViews><cols>${columns.join('')}</cols><sheetData>`;
  const letters = widths.map((_width, index) => columnLetters(index));
  text += rowXml(
    1,
    titles.map((title, index) => inlineCell(`${letters[index]}1`, title, STYLE.title)),
  );
  let next = first;
  for (let count = 1; count < rowsMax && next.done !== true; count += 1) {
    const number = count + 1;
    text += rowXml(
      number,
      next.value.map((cell, index) => cellXml(`${letters[index]}${number}`, cell)),
    );
    if (text.length > PIECE) {
      yield text;
      text = '';
    }
    next = await rows.next();
  }
  goOn(next);
  yield `${text}</sheetData></worksheet>`;
}

/** A to Z, AA, AB and so on. Addresses may be left out by the standard, and some programs stumble without. */
function columnLetters(index: number): string {
  const last = String.fromCharCode(A + (index % LETTERS));
  return index < LETTERS ? last : `${columnLetters(Math.floor(index / LETTERS) - 1)}${last}`;
}

const A = 'A'.charCodeAt(0);
const LETTERS = 26;

function rowXml(number: number, cells: readonly string[]): string {
  return `<row r="${number}">${cells.join('')}</row>`;
}

function cellXml(address: string, { text, isNumber }: Cell): string {
  if (text === '') return '';
  return isNumber
    ? `<c r="${address}" s="${STYLE.amount}"><v>${text}</v></c>`
    : inlineCell(address, text, STYLE.text);
}

function inlineCell(address: string, text: string, style: number): string {
  return `<c r="${address}" t="inlineStr" s="${style}"><is><t xml:space="preserve">${escaped(text)}</t></is></c>`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};
/** What XML cannot hold, however it is written. */
const NOT_XML = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu;

function escaped(text: string): string {
  return text.replaceAll(NOT_XML, '\uFFFD').replaceAll(/[&<>"]/g, (char) => ENTITIES[char] ?? char);
}

/** Everything but the sheets, by its path. */
function partsOf(
  { name }: Sheet,
  numbers: readonly number[],
): readonly (readonly [string, string])[] {
  const each = (one: (number: number) => string): string => numbers.map(one).join('');
  const nameOf = (number: number): string => escaped(number === 1 ? name : `${name} ${number}`);
  const styles = numbers.length + 1;
  return [
    [
      '[Content_Types].xml',
      `${DECLARATION}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${SHEET_TYPE}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="${SHEET_TYPE}.styles+xml"/>${each((number) => `<Override PartName="/xl/worksheets/sheet${number}.xml" ContentType="${SHEET_TYPE}.worksheet+xml"/>`)}</Types>`,
    ],
    [
      '_rels/.rels',
      `${DECLARATION}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    ],
    [
      'xl/workbook.xml',
      `${DECLARATION}<workbook xmlns="${MAIN}" xmlns:r="${RELATIONS}"><sheets>${each((number) => `<sheet name="${nameOf(number)}" sheetId="${number}" r:id="rId${number}"/>`)}</sheets></workbook>`,
    ],
    [
      'xl/_rels/workbook.xml.rels',
      `${DECLARATION}<Relationships xmlns="${PACKAGE}/relationships">${each((number) => `<Relationship Id="rId${number}" Type="${RELATIONS}/worksheet" Target="worksheets/sheet${number}.xml"/>`)}<Relationship Id="rId${styles}" Type="${RELATIONS}/styles" Target="styles.xml"/></Relationships>`,
    ],
    ['xl/styles.xml', STYLES],
  ];
}

/** General, two decimals (2), bold, and text (49): so that a number of a trade stays what it is when somebody edits it. */
const STYLES = `${DECLARATION}<styleSheet xmlns="${MAIN}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="4"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="2" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/><xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/><xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`;
