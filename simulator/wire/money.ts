/**
 * Money at the simulator's edge: yuan text with two decimals outside, whole fen inside.
 * It decides what counts as an amount, not which amounts a method allows.
 */

/** Alipay's limits for one trade: 0.01 to 100000000 yuan (protocol 2.1). */
export const FEN_MIN = 1;
export const FEN_MAX = 10_000_000_000;

/** `8888` becomes `88.88`. */
export function yuan(fen: number): string {
  const sign = fen < 0 ? '-' : '';
  const digits = String(Math.abs(fen)).padStart(3, '0');
  return `${sign}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

/**
 * Reads yuan given as text or as a JSON number (both are accepted, protocol 6 no. 21); at most two
 * decimals.
 */
export function parseYuan(value: unknown): number | undefined {
  const text = typeof value === 'number' ? String(value) : value;
  const match = typeof text === 'string' ? /^(\d{1,9})(?:\.(\d{1,2}))?$/.exec(text) : null;
  if (match === null) return undefined;
  return Number(match[1]) * 100 + Number((match[2] ?? '').padEnd(2, '0'));
}
