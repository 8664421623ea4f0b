/**
 * Seeds that show a mistake which few seeds show, by the name that it has among the planted ones (`mutants.ts`). Every test
 * runs them, without the mistake. What a seed does depends on the simulation and the gateway too, so `npm run sim:mutants`
 * plants each mistake again and says when its seed no longer shows it.
 */
export type Regression = {
  /** The name of a mutant. */
  readonly mistake: string;
  readonly seed: string;
};

/** Bills of a run of these, and of the hunt for them. */
export const REGRESSION_BILLS = 60;

export const REGRESSIONS: readonly Regression[] = [
  { mistake: 'five questions without an answer are a verdict', seed: '75' },
  { mistake: 'money that arrives after closing is acknowledged and dropped', seed: '21' },
  { mistake: 'an unsigned answer is accepted', seed: '32' },
  { mistake: 'a trade that is not found ends the payment at once', seed: '109' },
  { mistake: '"paid" is told while a cancel is on its way', seed: '75' },
  { mistake: 'a closed payment is not watched for late money', seed: '36' },
  { mistake: 'a refund that the query does not find was refused', seed: '32' },
  { mistake: 'late money that goes back by itself is told as paid', seed: '43' },
  { mistake: 'an unsigned refusal of a refund is believed', seed: '40' },
  { mistake: 'a refund refused in doubt is not watched', seed: '960' },
];
