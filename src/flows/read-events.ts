/**
 * The feed as its readers see it: events after a place, waited for if there are none yet, each with the payment or the refund
 * as it was then. That is rebuilt from the history, so nothing is stored twice and what an event says never changes.
 */
import type { PaymentRecord, RefundRecord } from '../core/history.ts';
import { replay } from '../core/history.ts';
import {
  lastPlace,
  readFeed,
  wasChargedAgainBefore,
  type FeedEvent,
  type FeedFilter,
} from '../store/event-feed.ts';
import { listEvents, type PaymentEvent } from '../store/events.ts';
import { readRange } from '../store/feed-pages.ts';
import { findPayment } from '../store/payments.ts';
import { listRefunds } from '../store/refunds.ts';
import type { Deps } from './deps.ts';
import { waitsForScan } from './describe-payment.ts';
import { TOLD_TOPIC, toldTopicOf } from './tell-events.ts';

/** An event, and what it is about as it was then: the refund for events of refunds. */
export type ToldEvent = FeedEvent & {
  readonly payment: PaymentRecord;
  readonly refund: RefundRecord | undefined;
  /** A later attempt had taken the place of the payment, whose QR code nobody may see. */
  readonly isSuperseded: boolean;
};

/** News of another node reaches us by looking: at least this often. */
const LOOK_EVERY_MS = 1000;

export type FeedPage = {
  readonly events: readonly FeedEvent[];
  /** The place up to which there are no others: where to go on when there are none. */
  readonly upTo: number;
};

/** Events after a place; where there are none yet, as soon as there are, or none when `waitMs` have passed. */
export async function waitForEvents(
  deps: Pick<Deps, 'db' | 'clock' | 'news'>,
  filter: FeedFilter,
  waitMs: number,
): Promise<FeedPage> {
  const untilMs = deps.clock.monotonicMs() + waitMs;
  const { merchantId } = filter;
  const topic = merchantId === null ? TOLD_TOPIC : toldTopicOf(merchantId);
  const follower = deps.news.follow(topic);
  try {
    for (let { after } = filter; ;) {
      const upTo = Math.max(after, await lastPlace(deps.db));
      const events = upTo > after ? await readNext(deps.db, { ...filter, after }) : [];
      const leftMs = untilMs - deps.clock.monotonicMs();
      if (events.length > 0 || leftMs <= 0 || deps.news.stopping) return { events, upTo };
      // What was looked through is not looked through again.
      after = upTo;
      await follower.next(Math.min(leftMs, LOOK_EVERY_MS));
    }
  } finally {
    follower.close();
  }
}

/** The next events are the next rows; those of a range of time are found by pages. */
function readNext(db: Deps['db'], filter: FeedFilter): Promise<readonly FeedEvent[]> {
  const { fromMs, untilMs } = filter;
  if (fromMs === undefined && untilMs === undefined) return readFeed(db, filter);
  const range = { fromMs: fromMs ?? 0, untilMs: untilMs ?? Number.MAX_SAFE_INTEGER };
  return readRange(db, { ...filter, ...range });
}

/** Puts to each event what it is about. */
export async function withContents(
  { db }: Pick<Deps, 'db'>,
  events: readonly FeedEvent[],
): Promise<readonly ToldEvent[]> {
  const histories = new Map<string, readonly PaymentEvent[]>();
  const told: ToldEvent[] = [];
  for (const event of events) {
    const { merchantId, paymentNo } = event;
    const name = `${merchantId}:${paymentNo}`;
    const history = histories.get(name) ?? (await listEvents(db, { merchantId, paymentNo }));
    histories.set(name, history);
    const contents = contentsAt(history, event) ?? (await contentsNow(db, event));
    const { payment } = contents;
    const isSuperseded =
      waitsForScan(payment) && (await wasChargedAgainBefore(db, payment, event.position));
    told.push({ ...event, ...contents, isSuperseded });
  }
  return told;
}

type Contents = Pick<ToldEvent, 'payment' | 'refund'>;

/** From the history up to the event; undefined where it does not tell the whole story. */
function contentsAt(history: readonly PaymentEvent[], event: FeedEvent): Contents | undefined {
  const until = history.filter(({ version }) => version <= event.version);
  const rows = replay(until);
  if (!rows.ok) return undefined;
  const { changes } = until.findLast(({ changes }) => changes.payment !== undefined) ?? {};
  const requestNo = changes?.refund?.requestNo;
  const refund = rows.refunds.find((candidate) => candidate.requestNo === requestNo);
  return { payment: rows.payment, refund: isOfRefund(event) ? refund : undefined };
}

function isOfRefund({ type }: FeedEvent): boolean {
  return type.startsWith('refund.');
}

/** A history that began before it told its changes (a payment of long ago): the rows as they are now. */
async function contentsNow(db: Deps['db'], event: FeedEvent): Promise<Contents> {
  const payment = await findPayment(db, event.merchantId, event.paymentNo);
  if (payment === undefined) throw new Error(`Payment ${event.paymentNo} is missing`);
  const refunds = isOfRefund(event) ? await listRefunds(db, payment) : [];
  return { payment, refund: refunds.at(-1) };
}
