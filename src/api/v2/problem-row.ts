/**
 * What the table of problems says of each: the sentences for whoever reads the answer, and for the developer when it comes. The
 * table is `problem-table.ts`.
 */

export type Row = {
  readonly status: number;
  /** What happened, and what to do, for whoever reads the answer. A clerk may read it. */
  readonly en: string;
  readonly zh: string;
  /** For the developer: when it comes, beyond what the sentence says. */
  readonly when: { readonly en: string; readonly zh: string };
};
