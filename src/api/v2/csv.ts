/**
 * Rows as CSV (RFC 4180), in UTF-8 with the mark that spreadsheets know it by. A text that a spreadsheet would take for a formula
 * gets an apostrophe before it: what a till sends must not run on an accountant's machine.
 */
import type { Cell } from './export-columns.ts';

export const BYTE_ORDER_MARK = '\uFEFF';

/** One line with its end. */
export function csvLine(cells: readonly Cell[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

/** See https://owasp.org/www-community/attacks/CSV_Injection. */
const FORMULA = /^[=+\-@\t\r]/;
const TO_BE_QUOTED = /[",\r\n]/;

function csvCell({ text, isNumber }: Cell): string {
  const plain = !isNumber && FORMULA.test(text) ? `'${text}` : text;
  return TO_BE_QUOTED.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}
