/**
 * Cursors of lists: where the next page begins, as a text that callers hand back and do not read.
 */
import { CONTROL_PATTERN } from '../../core/limits.ts';
import type { AuditPlace } from '../../store/audit.ts';
import type { PagePlace } from '../../store/payment-pages.ts';
import type { RefundPlace } from '../../store/refund-pages.ts';
import { invalidField, type Problem } from './problems.ts';
import type { Sentence } from './rules.ts';

const NEXT_CURSOR: Sentence = {
  en: 'must be a next_cursor of a page before',
  zh: '须为前一页的 next_cursor',
};
/** What the feed takes. */
export const FEED_CURSOR: Sentence = {
  en: 'must be a next_cursor of a page before, the id of an event (evt_…), or now',
  zh: '须为前一页的 next_cursor、事件的编号（evt_…）或 now',
};

export function toCursor({ createdAtMs, paymentNo }: PagePlace): string {
  return Buffer.from(`${createdAtMs} ${paymentNo}`, 'utf8').toString('base64url');
}

export function toPlaceCursor(place: number): string {
  return Buffer.from(String(place), 'utf8').toString('base64url');
}

/** The running number that the page before ended with, of a merchant or an event. Throws `invalid_request` for what is no cursor of ours. */
export function fromPlaceCursor(cursor: string, rule = NEXT_CURSOR): number {
  const text = textOf(cursor, rule);
  if (!/^\d{1,15}$/.test(text)) throw noCursor(rule);
  return Number(text);
}

/** Throws `invalid_request` for what is no cursor of ours. */
export function fromCursor(cursor: string): PagePlace {
  const text = textOf(cursor);
  const groups = /^(?<ms>\d{1,15}) (?<no>[A-Za-z0-9_-]{1,64})$/.exec(text)?.groups;
  if (groups === undefined) throw noCursor();
  return { createdAtMs: Number(groups['ms']), paymentNo: groups['no'] ?? '' };
}

export function toTextCursor(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64url');
}

/** Throws `invalid_request` for what is no cursor of ours. */
export function fromTextCursor(cursor: string): string {
  return textOf(cursor);
}

export function toRefundCursor({ createdAtMs, paymentNo, requestNo }: RefundPlace): string {
  return Buffer.from(`${createdAtMs} ${paymentNo} ${requestNo}`, 'utf8').toString('base64url');
}

/** Throws `invalid_request` for what is no cursor of ours. */
export function fromRefundCursor(cursor: string): RefundPlace {
  const text = textOf(cursor);
  // A till may have given its refund any number.
  const pattern = /^(?<ms>\d{1,15}) (?<no>[A-Za-z0-9_-]{1,64}) (?<rest>.{1,64})$/u;
  const groups = pattern.exec(text)?.groups;
  if (groups === undefined) throw noCursor();
  return {
    createdAtMs: Number(groups['ms']),
    paymentNo: groups['no'] ?? '',
    requestNo: groups['rest'] ?? '',
  };
}

export function toAuditCursor({ atMs, number }: AuditPlace): string {
  return Buffer.from(`${atMs} ${number}`, 'utf8').toString('base64url');
}

/** Throws `invalid_request` for what is no cursor of ours. */
export function fromAuditCursor(cursor: string): AuditPlace {
  const text = textOf(cursor);
  const groups = /^(?<ms>\d{1,15}) (?<number>\d{1,15})$/.exec(text)?.groups;
  if (groups === undefined) throw noCursor();
  return { atMs: Number(groups['ms']), number: Number(groups['number']) };
}

/** What a cursor says. PostgreSQL takes no NUL in a text, and no cursor of ours has one. */
function textOf(cursor: string, rule = NEXT_CURSOR): string {
  const text = Buffer.from(cursor, 'base64url').toString('utf8');
  if (CONTROL_PATTERN.test(text)) throw noCursor(rule);
  return text;
}

function noCursor({ en, zh } = NEXT_CURSOR): Problem {
  return invalidField('cursor', en, zh);
}
