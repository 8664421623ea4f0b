/**
 * What a scanner gun types, told from what a person types: a gun is a keyboard that sends its characters within milliseconds of each
 * other, and Enter. Pure: the page hands in each key with its time, wherever the focus is; `on-code.ts` decides what a code means.
 */

/** What was typed last, in parts: each came without a pause, and the last few are kept. */
export type Run = { readonly parts: readonly string[]; readonly lastAtMs: number };

/** `partCount`: of how many of the last parts it is made. */
export type Heard = { readonly partCount: number } & (
  | { readonly kind: 'code'; readonly code: string }
  /** A gun read something else: goods, or a coupon. */
  | { readonly kind: 'other' }
);

export const NO_RUN: Run = { parts: [], lastAtMs: -Infinity };

/** Slow guns need 50 ms for a character; nobody types many digits at this pace. */
const GUN_GAP_MS = 100;
/** A till that is busy lets a gun stumble now and then. */
const STUMBLE_MS = 1000;
/** With more, it was a person who typed. */
const PARTS_MAX = 4;
/** Some guns wait before their Enter. */
const ENTER_GAP_MS = 500;
/** As many characters at that pace are no person's. */
const GUN_LENGTH_MIN = 8;
const CODE = /^(?:2[5-9]|30)\d{14,22}$/;

export function isPaymentCode(text: string): boolean {
  return CODE.test(text);
}

export function typedRun({ parts, lastAtMs }: Run, character: string, atMs: number): Run {
  const gapMs = atMs - lastAtMs;
  if (gapMs > STUMBLE_MS) return { parts: [character], lastAtMs: atMs };
  if (gapMs > GUN_GAP_MS) {
    return { parts: [...parts, character].slice(-PARTS_MAX), lastAtMs: atMs };
  }
  const last = parts.at(-1) ?? '';
  return { parts: [...parts.slice(0, -1), last + character], lastAtMs: atMs };
}

/** What Enter ends; undefined when it is a person's Enter. What was typed before a code is no part of it. */
export function endedRun({ parts, lastAtMs }: Run, atMs: number): Heard | undefined {
  if (atMs - lastAtMs > ENTER_GAP_MS) return undefined;
  for (let partCount = 1; partCount <= parts.length; partCount += 1) {
    const code = parts.slice(-partCount).join('');
    if (isPaymentCode(code)) return { kind: 'code', code, partCount };
  }
  const isGun = (parts.at(-1)?.length ?? 0) >= GUN_LENGTH_MIN;
  return isGun ? { kind: 'other', partCount: 1 } : undefined;
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
