/**
 * The simulator's book: every app, trade, QR code, payment code and notification, and what changed
 * since it was last asked. It stores, finds and forgets (oldest first, O(1) on average); what may
 * happen to a trade is decided in `../trades.ts`. It reads no clock and no disk: the caller says
 * what time it is, `../shell/book-file.ts` keeps the changes.
 */
import type { KeyObject } from 'node:crypto';

import { addDue, createAgenda, firstDue, removeFirstDue } from './due.ts';
import type { Agenda, DueEntry, DueKind } from './due.ts';
import { createQueue, firstKey, pushKey, shiftKey, sweepQueue } from './queue.ts';
import type { KeyQueue } from './queue.ts';
import type { Random } from './random.ts';
import type { App, Entity, Fault, Notification, PaymentCode, QrCode, Trade } from './entities.ts';

export type Kind = 'app' | 'trade' | 'qrCode' | 'paymentCode' | 'notification';

/**
 * A row to keep (`value`) or to forget (`undefined`). The value is the live entity: serialise it
 * before the next call.
 */
export type Change = { kind: Kind | 'meta'; key: string; value: Entity | Meta | undefined };

/** The few numbers that outlive a process. */
export type Meta = { sequence: number; clockOffsetMs: number };

/** A bill link that works for 30 s; not kept over a restart. */
export type BillLink = { scope: string; pid: string; billDate: string; expiresAtMs: number };

export type Book = {
  readonly limit: number;
  readonly alipayKey: KeyObject;
  /** Base64 DER of Alipay's public key. */
  readonly alipayPublicKey: string;
  readonly meta: Meta;
  readonly random: Random;
  readonly app: Map<string, App>;
  readonly trade: Map<string, Trade>;
  readonly qrCode: Map<string, QrCode>;
  readonly paymentCode: Map<string, PaymentCode>;
  readonly notification: Map<string, Notification>;
  /** Alipay's trade number to trade key. */
  readonly tradeNos: Map<string, string>;
  /** Order key to its newest QR code. */
  readonly qrOfOrder: Map<string, string>;
  /** Public keys by their base64 DER, so that each is read once. */
  readonly publicKeys: Map<string, KeyObject>;
  readonly billLinks: Map<string, BillLink>;
  /** Notifications handed out whose answer has not come back. */
  readonly inFlight: Set<string>;
  readonly ages: Record<Exclude<Kind, 'app'>, KeyQueue>;
  readonly agenda: Agenda;
  readonly dirty: Map<string, { kind: Kind | 'meta'; key: string }>;
  faults: Fault[];
};

export type BookOptions = {
  /** Alipay's private key; 1024 bits will do for a simulation. */
  alipayKey: KeyObject;
  alipayPublicKey: string;
  seed: number;
  /** How many trades (and QR codes, payment codes, pending notifications) are kept at least. */
  limit?: number;
  meta?: Meta;
};

export const LIMIT_DEFAULT = 100_000;

export function createBook(options: BookOptions): Book {
  return {
    limit: options.limit ?? LIMIT_DEFAULT,
    alipayKey: options.alipayKey,
    alipayPublicKey: options.alipayPublicKey,
    meta: options.meta ?? { sequence: 0, clockOffsetMs: 0 },
    random: { state: options.seed >>> 0 },
    app: new Map(),
    trade: new Map(),
    qrCode: new Map(),
    paymentCode: new Map(),
    notification: new Map(),
    tradeNos: new Map(),
    qrOfOrder: new Map(),
    publicKeys: new Map(),
    billLinks: new Map(),
    inFlight: new Set(),
    ages: {
      trade: createQueue(),
      qrCode: createQueue(),
      paymentCode: createQueue(),
      notification: createQueue(),
    },
    agenda: createAgenda(),
    dirty: new Map(),
    faults: [],
  };
}

/** A number never given before, over restarts too. */
export function nextSequence(book: Book): number {
  book.meta.sequence += 1;
  return book.meta.sequence;
}

/** Notes that an entity changed (or went away). */
export function touch(book: Book, kind: Kind, key: string): void {
  book.dirty.set(`${kind}:${key}`, { kind, key });
}

/** Notes that the clock or the sequence moved; entities that change bring it along. */
export function touchMeta(book: Book): void {
  book.dirty.set('meta', { kind: 'meta', key: 'meta' });
}

/** What changed since the last call, to be kept before the answer leaves. */
export function takeChanges(book: Book): Change[] {
  if (book.dirty.size === 0) return [];
  touchMeta(book);
  const changes: Change[] = [...book.dirty.values()].map(({ kind, key }) => ({
    kind,
    key,
    value: kind === 'meta' ? book.meta : book[kind].get(key),
  }));
  book.dirty.clear();
  return changes;
}

function isLive(book: Book, entry: DueEntry): boolean {
  return book[entry.kind].get(entry.key)?.dueMs === entry.dueMs;
}

/** Puts an entity's `dueMs` on the agenda; call it after each change of that field. */
export function schedule(book: Book, kind: DueKind, key: string): void {
  const dueMs = book[kind].get(key)?.dueMs;
  if (dueMs !== undefined) addDue(book.agenda, { dueMs, kind, key }, (e) => isLive(book, e));
}

/** The earliest live entry; stale ones before it are dropped. */
export function peekDue(book: Book): DueEntry | undefined {
  for (;;) {
    const entry = firstDue(book.agenda);
    if (entry === undefined) return undefined;
    const isTaken = entry.kind === 'notification' && book.inFlight.has(entry.key);
    if (!isTaken && isLive(book, entry)) return entry;
    removeFirstDue(book.agenda);
  }
}

type Eviction = (book: Book, key: string) => void;

const ON_REMOVE: Record<Exclude<Kind, 'app'>, Eviction> = {
  trade: (book, key) => book.tradeNos.delete(book.trade.get(key)?.tradeNo ?? ''),
  qrCode: (book, key) => {
    const orderKey = book.qrCode.get(key)?.orderKey ?? '';
    if (book.qrOfOrder.get(orderKey) === key) book.qrOfOrder.delete(orderKey);
  },
  paymentCode: () => undefined,
  notification: (book, key) => book.inFlight.delete(key),
};

/** Forgets an entity. Its key stays in the age queue until its turn comes. */
export function remove(book: Book, kind: Exclude<Kind, 'app'>, key: string): void {
  ON_REMOVE[kind](book, key);
  book[kind].delete(key);
  touch(book, kind, key);
}

/** Forgets the oldest entities above the limit, and every one at the front that `isOver`. */
export function forgetOld(
  book: Book,
  kind: Exclude<Kind, 'app'>,
  isOver: (key: string) => boolean = () => false,
): void {
  const queue = book.ages[kind];
  sweepQueue(queue, book[kind].size, (key) => book[kind].has(key));
  for (;;) {
    const key = firstKey(queue);
    if (key === undefined) return;
    const isGone = !book[kind].has(key);
    if (!isGone && book[kind].size <= book.limit && !isOver(key)) return;
    shiftKey(queue);
    if (!isGone) remove(book, kind, key);
  }
}

export function putApp(book: Book, app: App): void {
  book.app.set(app.appId, app);
  touch(book, 'app', app.appId);
}

export function addTrade(book: Book, trade: Trade): void {
  book.trade.set(trade.key, trade);
  book.tradeNos.set(trade.tradeNo, trade.key);
  pushKey(book.ages.trade, trade.key);
  schedule(book, 'trade', trade.key);
  touch(book, 'trade', trade.key);
  forgetOld(book, 'trade');
}

export function addQrCode(book: Book, qr: QrCode, nowMs: number): void {
  book.qrCode.set(qr.code, qr);
  book.qrOfOrder.set(qr.orderKey, qr.code);
  pushKey(book.ages.qrCode, qr.code);
  touch(book, 'qrCode', qr.code);
  forgetOld(book, 'qrCode', (key) => (book.qrCode.get(key)?.expiresAtMs ?? 0) <= nowMs);
}

export function putPaymentCode(book: Book, code: PaymentCode): void {
  if (!book.paymentCode.has(code.code)) pushKey(book.ages.paymentCode, code.code);
  book.paymentCode.set(code.code, code);
  touch(book, 'paymentCode', code.code);
  forgetOld(book, 'paymentCode');
}

export function addNotification(book: Book, notification: Notification): void {
  book.notification.set(notification.id, notification);
  pushKey(book.ages.notification, notification.id);
  schedule(book, 'notification', notification.id);
  touch(book, 'notification', notification.id);
  forgetOld(book, 'notification');
}

/** What a book file holds, by kind. */
export type Entities = {
  app: App[];
  trade: Trade[];
  qrCode: QrCode[];
  paymentCode: PaymentCode[];
  notification: Notification[];
};

const bySequence = (a: { sequence: number }, b: { sequence: number }): number =>
  a.sequence - b.sequence;

/** Puts kept entities into an empty book, oldest first; what was in flight is due again. */
export function restore(book: Book, entities: Entities, nowMs: number): void {
  for (const app of entities.app) putApp(book, app);
  for (const trade of entities.trade.toSorted(bySequence)) addTrade(book, trade);
  for (const qr of entities.qrCode.toSorted(bySequence)) addQrCode(book, qr, nowMs);
  for (const code of entities.paymentCode.toSorted(bySequence)) putPaymentCode(book, code);
  for (const sent of entities.notification.toSorted(bySequence)) addNotification(book, sent);
  // What was just read need not be kept again; what was too old or too much is to be forgotten.
  for (const [name, { kind, key }] of book.dirty) {
    if (kind !== 'meta' && book[kind].has(key)) book.dirty.delete(name);
  }
}
