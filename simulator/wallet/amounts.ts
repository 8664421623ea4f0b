/** Amounts and payment codes as people read them; text in, text out, so that no digit is lost on the way. */

/** `1234567.00` becomes `1,234,567.00`. */
export const groupedAmount = (yuan: string): string => yuan.replace(/\B(?=(?:\d{3})+\.)/g, ',');

/** Digits in fours. */
export const groupedDigits = (digits: string): string => digits.replace(/\d{4}(?=\d)/g, '$& ');

const twoDigits = (count: number): string => String(count).padStart(2, '0');

/** `1:05`, or `2:01:05`; what has begun of a second counts. */
export function countdown(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const rest = twoDigits(seconds % 60);
  return hours === 0 ? `${minutes}:${rest}` : `${hours}:${twoDigits(minutes)}:${rest}`;
}
