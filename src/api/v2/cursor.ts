/**
 * Cursors of lists: where the next page begins, as a text that callers hand back and do not read.
 */
import type { PagePlace } from '../../store/payment-pages.ts';
import { invalidField } from './problems.ts';

export function toCursor({ createdAtMs, paymentNo }: PagePlace): string {
  return Buffer.from(`${createdAtMs} ${paymentNo}`, 'utf8').toString('base64url');
}

/** Throws `invalid_request` for what is no cursor of ours. */
export function fromCursor(cursor: string): PagePlace {
  const text = Buffer.from(cursor, 'base64url').toString('utf8');
  const groups = /^(?<ms>\d{1,15}) (?<no>[A-Za-z0-9_-]{1,64})$/.exec(text)?.groups;
  if (groups === undefined) {
    throw invalidField(
      'cursor',
      'must be a next_cursor of a page before',
      '须为前一页的 next_cursor',
    );
  }
  return { createdAtMs: Number(groups['ms']), paymentNo: groups['no'] ?? '' };
}
