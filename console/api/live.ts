/**
 * Keeps what the pages show true while they are open: follows the stream of events, puts each change in the place where it is shown,
 * and has sums and stories read again. What is read again is read at most every two seconds, however much happens.
 */
import type { QueryKey } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { Event, Payment, Refund } from '../../client/client.ts';
import { useSession } from '../app/session.tsx';
import { withRow, type Page } from './read-page.ts';
import { client, isSignedOut, queryClient, SESSION_KEY } from './client.ts';

/** Of the queries that are kept so; the pages ask by the same keys. */
export const KEYS = {
  payments: ['payments'],
  paymentPages: ['payments', 'page'],
  paymentPage: (query: object, cursor: string | undefined) => ['payments', 'page', query, cursor],
  latestPayments: (query: object) => ['payments', 'latest', query],
  paymentTotals: (query: object) => ['payments', 'totals', query],
  openPayments: ['payments', 'open'],
  payment: (id: string) => ['payment', id, 'itself'],
  timeline: (id: string) => ['payment', id, 'timeline'],
  refundsOf: (id: string) => ['payment', id, 'refunds'],
  incidentsOf: (id: string) => ['payment', id, 'incidents'],
  refunds: ['refunds'],
  refundPages: ['refunds', 'page'],
  refundPage: (query: object, cursor: string | undefined) => ['refunds', 'page', query, cursor],
  latestRefunds: (query: object) => ['refunds', 'latest', query],
  incidents: ['incidents'],
  incidentPage: (query: object, cursor: string | undefined) => ['incidents', query, cursor],
  statistics: ['statistics'],
  gateway: ['gateway'],
} as const;

/** Not at every event, and soon after the first. */
const PAUSE_MS = 2000;
const SOON_MS = 200;
const COME_BACK_MS = 3000;

/** For as long as a page of the console is open; anew in each session. */
export function useLive(): void {
  const { csrf_token: session } = useSession();
  useEffect(() => {
    const leaving = new AbortController();
    void follow(leaving.signal);
    return () => leaving.abort();
  }, [session]);
}

async function follow(signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      // What happened before this place is read again; what comes after it is told.
      const { next_cursor: cursor } = await client.events.list({ cursor: 'now', limit: 1, signal });
      await readAgainBefore(Date.now());
      for await (const event of client.events.stream({ cursor, signal })) take(event);
    } catch (error) {
      if (isSignedOut(error)) return void queryClient.invalidateQueries({ queryKey: SESSION_KEY });
    }
    await new Promise((resolve) => setTimeout(resolve, COME_BACK_MS));
  }
}

function readAgainBefore(atMs: number): Promise<void> {
  const kept: readonly unknown[] = ['payments', 'payment', 'refunds', 'statistics', 'gateway'];
  return queryClient.invalidateQueries({
    predicate: ({ queryKey: [first], state }) => kept.includes(first) && state.dataUpdatedAt < atMs,
  });
}

function take(event: Event): void {
  if (isRefund(event.data)) {
    takeRefund(event.data);
  } else {
    takePayment(event.data);
  }
}

function isRefund(data: Payment | Refund): data is Refund {
  return data.object === 'refund';
}

/** A payment as it is now, wherever it is shown. */
export function takePayment(payment: Payment): void {
  queryClient.setQueryData(KEYS.payment(payment.id), payment);
  queryClient.setQueriesData<Page<Payment>>({ queryKey: KEYS.paymentPages }, (page) =>
    page === undefined ? page : withRow(page, payment),
  );
  readAgainSoon(...storyOf(payment.id), ...SUMS);
}

export function takeRefund(refund: Refund): void {
  queryClient.setQueriesData<Page<Refund>>({ queryKey: KEYS.refundPages }, (page) =>
    page === undefined ? page : withRow(page, refund),
  );
  void client.payments.get(refund.payment).then(takePayment, () => undefined);
  readAgainSoon(['refunds', 'latest']);
}

/** Of all payments. Pages of lists are not among them: their rows stay where the reader saw them. */
const SUMS: readonly QueryKey[] = [
  ['payments', 'latest'],
  ['payments', 'totals'],
  KEYS.openPayments,
  KEYS.statistics,
  KEYS.gateway,
  KEYS.incidents,
];

function storyOf(id: string): readonly QueryKey[] {
  return [KEYS.timeline(id), KEYS.refundsOf(id), KEYS.incidentsOf(id)];
}

const due = new Map<string, QueryKey>();
let isWaiting = false;
let lastReadMs = 0;

function readAgainSoon(...keys: readonly QueryKey[]): void {
  for (const key of keys) due.set(JSON.stringify(key), key);
  if (isWaiting) return;
  isWaiting = true;
  setTimeout(readDue, Math.max(SOON_MS, lastReadMs + PAUSE_MS - Date.now()));
}

function readDue(): void {
  const keys = [...due.values()];
  due.clear();
  isWaiting = false;
  lastReadMs = Date.now();
  for (const queryKey of keys) {
    // One that is being read is not begun anew: else a slow sum would never be done.
    void queryClient.invalidateQueries({ queryKey }, { cancelRefetch: false });
  }
}
