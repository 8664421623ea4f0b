/**
 * What a scanner gun types, told from what a person types: a gun is a keyboard that sends its characters within milliseconds of each
 * other, and Enter. Pure: the page hands in each key with its time, wherever the focus is; `on-code.ts` decides what a code means.
 */

/** Characters that came without a pause. */
export type Run = { readonly text: string; readonly lastAtMs: number };

export type Heard =
  | { readonly kind: 'code'; readonly code: string }
  /** A gun read something else: goods, or a coupon. */
  | { readonly kind: 'other' };

export const NO_RUN: Run = { text: '', lastAtMs: -Infinity };

/** Slow guns need 50 ms for a character; nobody types many digits at this pace. */
const GUN_GAP_MS = 100;
/** Some guns wait before their Enter. */
const ENTER_GAP_MS = 500;
/** As many characters at that pace are no person's. */
const GUN_LENGTH_MIN = 8;
const CODE = /^(?:2[5-9]|30)\d{14,22}$/;

export function isPaymentCode(text: string): boolean {
  return CODE.test(text);
}

/** `isNew`: the character is the first after a pause. */
export function typedRun(run: Run, character: string, atMs: number): Run & { isNew: boolean } {
  const isNew = atMs - run.lastAtMs > GUN_GAP_MS;
  return { text: isNew ? character : run.text + character, lastAtMs: atMs, isNew };
}

/** What Enter ends; undefined when it is a person's Enter. */
export function endedRun(run: Run, atMs: number): Heard | undefined {
  if (atMs - run.lastAtMs > ENTER_GAP_MS) return undefined;
  if (isPaymentCode(run.text)) return { kind: 'code', code: run.text };
  return run.text.length >= GUN_LENGTH_MIN ? { kind: 'other' } : undefined;
}

/** The character of a key, also where an input method stands between: those tell only which key it is. */
export function characterOf({
  key,
  code,
}: {
  readonly key: string;
  readonly code: string;
}): string {
  if (key.length === 1) return toHalfWidth(key);
  return key === 'Process'
    ? (/^(?:Digit|Numpad)(?<digit>\d)$/.exec(code)?.groups?.['digit'] ?? '')
    : '';
}

/** What is in a text that was pasted or typed into the field for codes: people copy blanks with it. */
export function codeIn(text: string): string | undefined {
  const digits = Array.from(text, toHalfWidth).join('').replaceAll(/[\s-]/g, '');
  return isPaymentCode(digits) ? digits : undefined;
}

const FULL_WIDTH_OFFSET = 0xfee0;

function toHalfWidth(character: string): string {
  return /^[\uff01-\uff5e]$/.test(character)
    ? String.fromCodePoint((character.codePointAt(0) ?? 0) - FULL_WIDTH_OFFSET)
    : character;
}
