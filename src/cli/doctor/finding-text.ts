/**
 * The form of one finding's text: how bad it is, what is wrong and what to do, one sentence each, in both languages.
 * Braces name what is put in, such as `{file}`: never a secret. The texts themselves are in `texts/`.
 */
import type { Text } from '../../flows/incident-texts.ts';

/** `failure`: payments, or the start, are known to fail. `warning`: they may. `note`: good to know, nothing to mend. */
export const SEVERITIES = ['note', 'warning', 'failure'] as const;
export type Severity = (typeof SEVERITIES)[number];

export type FindingText = {
  readonly severity: Severity;
  readonly problem: Text;
  readonly fix: Text;
};
