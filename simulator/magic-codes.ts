/**
 * The stories behind payment codes: `28…0001` to `28…0012` as the contract's table has them, and
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
};

export const PLAIN_STORY: Story = { outcome: 'paid' };

/** Of a buyer who wants to be asked first, and then decides himself. */
export const ASKED_STORY: Story = { outcome: 'asked' };

/** By the last four digits of a code that begins with 28. */
export const STORIES = {
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
} as const satisfies Record<string, Story>;
export type MagicEnding = keyof typeof STORIES;

const isMagicEnding = (ending: string): ending is MagicEnding => Object.hasOwn(STORIES, ending);

/** Payment codes: 16 to 24 digits beginning 25 to 30 (protocol 2.2). */
export const PAYMENT_CODE = /^(?:2[5-9]|30)\d{14,22}$/;

export function storyOf(code: string): Story {
  const ending = code.slice(-4);
  return code.startsWith('28') && isMagicEnding(ending) ? STORIES[ending] : PLAIN_STORY;
}
