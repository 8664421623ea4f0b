/** What a point of a series is called: the hour, or the day. Pure. */
import { timeText } from '../../time.ts';

/** `09:00`, or `12-01`. */
export function whenText(from: string, by: 'hour' | 'day'): string {
  const text = timeText(from);
  return by === 'hour' ? `${text.slice(11, 13)}:00` : text.slice(5, 10);
}
