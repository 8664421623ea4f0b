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
  {
    mistake:
      'a refused charge left an open trade, and a query that a node with a fast clock had asked before the refusal said that there was none',
    seed: '658',
    bills: 400,
    only: [133, 329, 332],
  },
  {
    mistake:
      'a cancel found nothing, the payment was closed, its money came late, and the line carried the cancel once more',
    seed: '1393',
    bills: 400,
    only: [333, 334, 335, 336, 337, 338, 341, 342, 350],
  },
];
