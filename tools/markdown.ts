/**
 * The few shapes of Markdown that the generated documents share: a table, a bullet and a paragraph in both languages.
 * No document is made here; `generate-docs.ts` lists those.
 */
import type { Text } from '../src/flows/incident-texts.ts';

/** A table; a bar in a cell would end the cell, so it is escaped. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map(row).join('\n');
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', String.raw`\|`)).join(' | ')} |`;
}

export function bullets(texts: readonly Text[]): string {
  return texts.map(({ en, zh }) => `- ${en}<br>${zh}`).join('\n');
}

export function paragraphs({ en, zh }: Text): string {
  return `${en}\n\n${zh}`;
}
