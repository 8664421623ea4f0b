/**
 * The number of a bill, as the till makes it: `T7KQ-20261201-042-3F`. Till, day and counter are for people; the end keeps two
 * windows of one till apart, which might count at the same moment.
 */

/** Without those that look alike on a receipt. */
const ALPHABET = '23456789ABCDEFGHJKMNPQRSTUVWXYZ';
const TILL_LENGTH = 3;
const END_LENGTH = 2;
const COUNTER_LENGTH = 3;

/** Numbers from 0 to 255, as many as there are wanted. */
export type RandomBytes = (count: number) => readonly number[];

export function newTill(random: RandomBytes): string {
  return `T${lettersOf(random(TILL_LENGTH))}`;
}

export function referenceOf(
  { till, day, counter }: { readonly till: string; readonly day: string; readonly counter: number },
  random: RandomBytes,
): string {
  const count = String(counter).padStart(COUNTER_LENGTH, '0');
  return `${till}-${day.replaceAll('-', '')}-${count}-${lettersOf(random(END_LENGTH))}`;
}

function lettersOf(bytes: readonly number[]): string {
  return bytes.map((byte) => ALPHABET.charAt(byte % ALPHABET.length)).join('');
}
