/**
 * Times as people read them: those of Shanghai, whatever the clock of the browser says, because Alipay's days and bills are
 * Shanghai's.
 */

/** China has had no summer time since 1991. */
const SHANGHAI_OFFSET_MS = 8 * 60 * 60 * 1000;
const DAY_MS = 24 * 60 * 60 * 1000;

/** `2026-12-01 09:30:05` of an RFC 3339 time. */
export function timeText(at: string): string {
  return shanghai(Date.parse(at)).slice(0, 19).replace('T', ' ');
}

/** `12-01 09:30`: for lists, where the year is clear. */
export function shortTimeText(at: string): string {
  return timeText(at).slice(5, 16);
}

/** `2026-12-01`, the day in Shanghai. */
export function dayText(atMs: number): string {
  return shanghai(atMs).slice(0, 10);
}

/** When the day began in Shanghai, so many days before the one of `nowMs`. */
export function dayStartMs(nowMs: number, daysBefore = 0): number {
  const local = nowMs + SHANGHAI_OFFSET_MS;
  return local - (local % DAY_MS) - SHANGHAI_OFFSET_MS - daysBefore * DAY_MS;
}

/** For the API. */
export function rfc3339(atMs: number): string {
  return new Date(atMs).toISOString();
}

/** `2026-12-01T09:30:05`, as a field for times has it. */
export function timeInputText(atMs: number): string {
  return shanghai(atMs).slice(0, 19);
}

/** For the API, of such a field, which leaves out seconds that are none. */
export function timeOfInput(text: string): string {
  return `${text.length === 16 ? `${text}:00` : text}+08:00`;
}

/** `04:59`, what is left of a countdown; never below zero. */
export function countdownText(leftMs: number): string {
  const seconds = Math.max(0, Math.ceil(leftMs / 1000));
  const two = (value: number): string => value.toString().padStart(2, '0');
  return `${two(Math.trunc(seconds / 60))}:${two(seconds % 60)}`;
}

function shanghai(atMs: number): string {
  return new Date(atMs + SHANGHAI_OFFSET_MS).toISOString();
}
