/**
 * The stories behind payment codes: `28…0001` to `28…0013` as the table in `docs/simulator.md` has them, and
 * the plain one in which a rich buyer pays at once. A table of what happens; `./methods/pay.ts`
 * makes it happen.
 */
import type { FaultKind } from './book/entities.ts';
import type { BusinessRefusal } from './wire/codes.ts';

export type Story = {
  /**
   * What becomes of the money: it moves, the buyer is asked, Alipay refuses, or nothing happens at
   * all.
   */
  outcome: 'paid' | 'asked' | 'refused' | 'nothing';
  refusal?: BusinessRefusal;
  /** What the buyer does by himself after an `asked`. */
  plan?: { afterMs: number; act: 'pay' | 'decline' };
  /** How the answer suffers, as a fault would make it. */
  fault?: FaultKind;
  delayMs?: number;
  hiddenForMs?: number;
  isUnruly?: boolean;
  /** The buyer pays in the moment in which the shop cancels. */
  paysAtCancel?: boolean;
};

export const PLAIN_STORY: Story = { outcome: 'paid' };

/** By the last four digits of a code that begins with 28. */
const STORIES: Record<string, Story> = {
  '0001': { outcome: 'asked', plan: { afterMs: 3000, act: 'pay' } },
  '0002': { outcome: 'asked' },
  '0003': { outcome: 'refused', refusal: 'ACQ.BUYER_BALANCE_NOT_ENOUGH' },
  '0004': { outcome: 'refused', refusal: 'ACQ.PAYMENT_AUTH_CODE_INVALID' },
  '0005': { outcome: 'paid', fault: 'unknown_20000' },
  '0006': { outcome: 'nothing', fault: 'unknown_20000' },
  '0007': { outcome: 'paid', fault: 'drop_response' },
  '0008': { outcome: 'paid', fault: 'delay', delayMs: 60_000 },
  '0009': { outcome: 'paid', fault: 'drop_response', hiddenForMs: 5000 },
  '0010': { outcome: 'paid', fault: 'bad_signature' },
  '0011': { outcome: 'asked', plan: { afterMs: 2000, act: 'decline' } },
  '0012': { outcome: 'paid', isUnruly: true },
  '0013': { outcome: 'asked', paysAtCancel: true },
};

/** Payment codes: 16 to 24 digits beginning 25 to 30 (protocol 2.2). */
export const PAYMENT_CODE = /^(?:2[5-9]|30)\d{14,22}$/;

export function storyOf(code: string): Story {
  const ending = code.slice(-4);
  const isMagic = code.startsWith('28') && Object.hasOwn(STORIES, ending);
  return (isMagic ? STORIES[ending] : undefined) ?? PLAIN_STORY;
}
