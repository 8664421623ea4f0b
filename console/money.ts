/**
 * Amounts as people read and type them. Whole fen inside, yuan text at the edge, and whole numbers in between: no amount is ever a
 * fraction.
 */

const FEN_PER_YUAN = 100;
/** What one payment may be at most (the API says so too): 100,000,000.00 yuan. */
const YUAN_PATTERN = /^(?<yuan>0|[1-9]\d{0,8})(?:\.(?<fen>\d{1,2}))?$/;

/** `1,234.50`, with a minus sign where it is less than nothing. */
export function yuanText(amountFen: number): string {
  const fen = Math.abs(amountFen);
  const yuan = Math.trunc(fen / FEN_PER_YUAN)
    .toString()
    .replaceAll(/\B(?=(\d{3})+$)/g, ',');
  const rest = (fen % FEN_PER_YUAN).toString().padStart(2, '0');
  return `${amountFen < 0 ? '-' : ''}${yuan}.${rest}`;
}

/** `¥1,234.50` */
export function moneyText(amountFen: number): string {
  return amountFen < 0 ? `-¥${yuanText(-amountFen)}` : `¥${yuanText(amountFen)}`;
}

/** What was typed, in fen; undefined when it is no amount: empty, signed, or finer than a fen. */
export function readYuan(text: string): number | undefined {
  const { yuan, fen = '' } = YUAN_PATTERN.exec(text.trim().replaceAll(',', ''))?.groups ?? {};
  if (yuan === undefined) return undefined;
  return Number(yuan) * FEN_PER_YUAN + Number(fen.padEnd(2, '0'));
}
