/**
 * The book's memory: bounded whatever happens, oldest first, with every index in step; and its
 * agenda against a naive one.
 */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { takeBack, tick } from '../simulator.ts';
import type { Outcome } from '../simulator.ts';
import { openDesk } from '../testing/client.ts';
import type { Desk } from '../testing/client.ts';
import { HOUR_MS } from '../wire/time.ts';
import { restore, takeChanges } from './book.ts';
import { addDue, createAgenda, firstDue, removeFirstDue } from './due.ts';
import { createQueue, firstKey, pushKey, shiftKey, sweepQueue } from './queue.ts';

const LIMIT = 8;

function pay(desk: Desk, count: number, ending = '1111', notifyUrl?: string): void {
  for (let i = 0; i < count; i += 1) {
    const digits = String(desk.book.meta.sequence).padStart(12, '0');
    const order = {
      out_trade_no: `T${digits}`,
      total_amount: '1',
      subject: 'x',
      auth_code: `28${digits}${ending}`,
    };
    desk.send('alipay.trade.pay', order, notifyUrl === undefined ? {} : { notifyUrl });
  }
}

describe('bounded memory', () => {
  test('the oldest trades go, with their indexes', () => {
    const desk = openDesk({ limit: LIMIT });
    pay(desk, 3 * LIMIT);
    const { book } = desk;
    expect(book.trade.size).toBe(LIMIT);
    expect(book.tradeNos.size).toBe(LIMIT);
    expect(book.paymentCode.size).toBe(LIMIT);
    const sequences = [...book.trade.values()].map(({ sequence }) => sequence);
    expect(Math.min(...sequences)).toBeGreaterThan(book.meta.sequence / 2);
  });

  test('expired QR codes go before the limit, live ones at the limit', () => {
    const desk = openDesk({ limit: LIMIT });
    const show = (number: string): unknown =>
      desk.call('alipay.trade.precreate', {
        out_trade_no: number,
        total_amount: '1',
        subject: 'x',
      });
    show('Q1');
    desk.nowMs += 2 * HOUR_MS;
    show('Q2');
    expect(desk.book.qrCode.size).toBe(1);
    for (let i = 0; i < 2 * LIMIT; i += 1) show(`R${i}`);
    expect(desk.book.qrCode.size).toBe(LIMIT);
    expect(desk.book.qrOfOrder.size).toBe(LIMIT);
  });

  test('delivered notifications go at once, undeliverable ones at the limit', () => {
    const desk = openDesk({ limit: LIMIT });
    pay(desk, 2 * LIMIT, '1111', 'http://shop/');
    expect(desk.book.notification.size).toBe(LIMIT);
    expect(desk.book.inFlight.size).toBe(LIMIT);
  });

  test('the agenda forgets what no longer concerns anybody', () => {
    const desk = openDesk({ limit: LIMIT });
    pay(desk, 2200, '0002');
    expect(desk.book.agenda.heap.length).toBeLessThan(1200);
    expect(desk.book.ages.trade.keys.length).toBeLessThan(1200);
  });
});

describe('changes to keep', () => {
  test('each call tells what it changed, and what went away', () => {
    const desk = openDesk({ limit: 1 });
    const order = { total_amount: '1', subject: 'x' };
    const send = (number: string, code: string) =>
      desk
        .send('alipay.trade.pay', { ...order, out_trade_no: number, auth_code: code })
        .changes.map(({ kind, value }) => `${kind}${value === undefined ? ' gone' : ''}`)
        .toSorted();
    expect(send('A', '281111111111111111')).toEqual(['meta', 'paymentCode', 'trade']);
    expect(send('B', '281111111111112222')).toEqual([
      'meta',
      'paymentCode',
      'paymentCode gone',
      'trade',
      'trade gone',
    ]);
    expect(desk.send('alipay.trade.query', { out_trade_no: 'B' }).changes).toEqual([]);
  });

  test('what could not be kept is told again, and posted again', () => {
    const desk = openDesk();
    const order = { out_trade_no: 'A', total_amount: '1', subject: 'x' };
    const sent = desk.send(
      'alipay.trade.pay',
      { ...order, auth_code: '281111111111111111' },
      { notifyUrl: 'http://shop/' },
    );
    takeBack(desk.book, sent);
    const again = tick(desk.book, desk.nowMs);
    const keys = ({ changes }: Outcome): string[] => changes.map(({ key }) => key).toSorted();
    expect(keys(again)).toEqual(keys(sent));
    expect(again.notifications).toMatchObject([{ id: sent.notifications[0]?.id, attempt: 2 }]);
  });

  test('a restored book is the same book, and has nothing to keep', () => {
    const desk = openDesk();
    pay(desk, 3, '1111', 'http://shop/');
    const { book } = desk;
    const kept = structuredClone({
      app: [...book.app.values()],
      trade: [...book.trade.values()].toReversed(),
      qrCode: [...book.qrCode.values()],
      paymentCode: [...book.paymentCode.values()],
      notification: [...book.notification.values()],
    });
    const other = openDesk();
    restore(other.book, kept, desk.nowMs);
    expect([...other.book.trade]).toEqual([...book.trade]);
    expect(other.book.tradeNos).toEqual(book.tradeNos);
    const { notifications } = tick(other.book, desk.nowMs);
    expect(notifications.map(({ attempt }) => attempt)).toEqual([2, 2, 2]);
    expect(other.book.dirty.size).toBe(0);
  });

  test('what is over the limit when a book is restored is to be forgotten', () => {
    const desk = openDesk();
    pay(desk, 3);
    const trade = structuredClone([...desk.book.trade.values()]);
    const small = openDesk({ limit: 1 });
    takeChanges(small.book);
    restore(
      small.book,
      { app: [], trade, qrCode: [], paymentCode: [], notification: [] },
      desk.nowMs,
    );
    const gone = takeChanges(small.book).filter(({ kind }) => kind === 'trade');
    expect(gone.map(({ key, value }) => [key, value])).toEqual(
      trade.slice(0, 2).map(({ key }) => [key, undefined]),
    );
  });
});

test('the agenda gives entries in order of time, then of arrival', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 50 }), { maxLength: 200 }), (times) => {
      const agenda = createAgenda();
      for (const [i, dueMs] of times.entries()) {
        addDue(agenda, { dueMs, kind: 'trade', key: String(i) }, () => true);
      }
      const taken: [number, string][] = [];
      for (let entry = firstDue(agenda); entry !== undefined; entry = firstDue(agenda)) {
        taken.push([entry.dueMs, entry.key]);
        removeFirstDue(agenda);
      }
      const expected = times
        .map((dueMs, i): [number, string] => [dueMs, String(i)])
        .toSorted(([a], [b]) => a - b);
      expect(taken).toEqual(expected);
    }),
  );
});

test('a sweep keeps the living and their order', () => {
  const agenda = createAgenda();
  for (let i = 0; i < 5000; i += 1) {
    const entry = { dueMs: 5000 - i, kind: 'trade', key: String(i) } as const;
    addDue(agenda, entry, ({ key }) => Number(key) % 100 === 0);
  }
  expect(agenda.heap.length).toBeLessThan(1200);
  expect(firstDue(agenda)?.key).toBe('4999');
});

test('the queue is first in, first out, and does not grow with use', () => {
  const queue = createQueue();
  for (let i = 0; i < 10; i += 1) pushKey(queue, String(i));
  for (let i = 10; i < 10_000; i += 1) {
    pushKey(queue, String(i));
    expect(shiftKey(queue)).toBe(String(i - 10));
  }
  expect(queue.keys.length).toBeLessThan(3000);
  expect(firstKey(queue)).toBe('9990');
  sweepQueue(queue, 0, () => false);
  for (let i = 0; i < 10; i += 1) shiftKey(queue);
  expect(shiftKey(queue)).toBeUndefined();
});
