/**
 * Runs that once found a mistake of the gateway, with the bills that it takes. They are run again by every test. What a
 * seed does depends on the simulation too, so an entry is worth something only while the mistake, planted again, fails it.
 */
export type Regression = {
  readonly mistake: string;
  readonly seed: string;
  readonly bills: number;
  readonly only: readonly number[];
};

export const REGRESSIONS: readonly Regression[] = [
  {
    mistake: 'a refund was refused in doubt, carried out later, and nobody looked',
    seed: '263',
    bills: 60,
    only: [13],
  },
];
