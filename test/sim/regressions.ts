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

export const REGRESSIONS: readonly Regression[] = [];
