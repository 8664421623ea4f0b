/**
 * What people read on the pages, in both languages side by side: a text that lacks one does not compile. A text with something in
 * it is a function. Tables stand beside this file, one for each part of the pages; numbers and times are written in `money.ts` and
 * `time.ts`.
 */

export const LANGUAGES = ['zh', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

// oxlint-disable-next-line typescript/no-explicit-any -- what is put into a text is known where the text is, and checked there
type Text = string | ((...values: any[]) => string);
export type WordTable = Readonly<Record<string, Readonly<Record<Language, Text>>>>;

/** A table in one language. Both texts of a word take the same values. */
export type WordsOf<Table extends WordTable> = {
  readonly [Name in keyof Table]: Table[Name]['zh'];
};

export function wordsIn<Table extends WordTable>(table: Table, language: Language): WordsOf<Table> {
  const entries = Object.entries(table).map(([name, texts]) => [name, texts[language]]);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the same names, each with its text
  return Object.fromEntries(entries) as WordsOf<Table>;
}
