/**
 * The checks of v2 themselves: the books of a run that passes are falsified in one place, and the right check must say so. A
 * check that cannot fail would make every run pass.
 */
import { beforeAll, expect, test } from 'vitest';
import type { Books, Story } from '../check.ts';
import { finalChecks } from '../final-checks.ts';
import type { Told, V2Answer } from '../ledger.ts';
import { runSeed } from '../simulation.ts';
import type { FeedEvent } from './follower.ts';
import type { Endpoint } from './owner.ts';
import type { Receipt } from './receivers.ts';
import type { V2Books } from './world.ts';

let books: Books;
let v2: V2Books;

beforeAll(async () => {
  const run = await runSeed({ seed: 'books of v2 12', bills: 60 });
  if (run.verdict !== 'pass') throw new Error('the run to be falsified does not pass');
  if (run.books.v2 === undefined) throw new Error('nobody spoke v2');
  ({ books } = run);
  ({ v2 } = run.books);
}, 60_000);

const rulesOf = (falsified: Books): readonly string[] =>
  finalChecks(falsified).map(({ rule }) => rule);

type Heard = Told & { readonly v2: V2Answer };

/** The books with one answer of v2 told otherwise, or another one after it. */
function told(fits: (told: Heard) => boolean, lie: (told: Heard) => readonly Told[]): Books {
  const found = books.ledger.told.find(
    (one): one is Heard => one.v2 !== undefined && fits(one as Heard),
  );
  if (found === undefined) throw new Error('nobody was told that');
  const replace = (all: readonly Told[]): Told[] =>
    all.flatMap((one) => (one === found ? [...lie(found)] : [one]));
  const stories = books.stories.map((story) => ({ ...story, told: replace(story.told) }));
  return { ...books, stories, ledger: { ...books.ledger, told: replace(books.ledger.told) } };
}

const answered = (one: Heard, changes: Partial<V2Answer>): Told => ({
  ...one,
  v2: { ...one.v2, ...changes },
});
const json = (one: Heard, changes: object): Told => {
  const fields = { ...one.v2.json, ...changes };
  return { ...answered(one, { json: fields }), raw: JSON.stringify(fields) };
};

const isPaidCreate = ({ call, verdict, v2: { status, isReplayed } }: Heard): boolean =>
  call === 'v2 create' && verdict === 'paid' && status === 201 && !isReplayed;
const isLook = ({ call, v2: { status } }: Heard): boolean => call === 'v2 look' && status === 200;
/** The same call again, later. */
const later = (one: Heard, changes: Partial<V2Answer>): Heard => ({
  ...one,
  atMs: one.atMs + 100_001,
  v2: { ...one.v2, askedAtMs: one.atMs + 100_000, isReplayed: true, ...changes },
});

/** The books with one story told otherwise. */
function story(fits: (story: Story) => boolean, lie: (story: Story) => Story): Books {
  const found = books.stories.find(fits);
  if (found === undefined) throw new Error('nothing of that happened');
  return { ...books, stories: books.stories.map((one) => (one === found ? lie(one) : one)) };
}

const isV2Sale = ({ payment }: Story): boolean => payment.createdBy !== null;
const isV1Sale = ({ payment }: Story): boolean => payment.createdBy === null;
const hasV2Refund = ({ refunds }: Story): boolean =>
  refunds.some(({ createdBy }) => createdBy !== null);

const ONE_KEY = 'one key, one call, one answer';
const WAIT = 'a wait lasts until the end, or its time';

test.each<[string, string, () => Books]>([
  [
    'nobody asked for what was asked over v2',
    'who asked is known',
    () => story(isV2Sale, (one) => ({ ...one, payment: { ...one.payment, createdBy: null } })),
  ],
  [
    'somebody asked for what was asked over v1',
    'who asked is known',
    () => story(isV1Sale, (one) => ({ ...one, payment: { ...one.payment, createdBy: 'key_1' } })),
  ],
  [
    'another shop asked',
    'who asked is known',
    () => story(isV2Sale, (one) => ({ ...one, payment: { ...one.payment, createdByName: 'DL9' } })),
  ],
  [
    'nobody asked for a refund',
    'who asked is known',
    () =>
      story(hasV2Refund, (one) => ({
        ...one,
        refunds: one.refunds.map((refund) => ({ ...refund, createdBy: null })),
      })),
  ],
  [
    'a refund is not in the log',
    'nothing is done that is not logged',
    () => ({ ...books, audit: { ...books.audit, entries: [] } }),
  ],
  [
    'an entry of the log does not hold',
    'the audit log holds',
    () => {
      const { verdict } = books.audit;
      const fault = { number: 1, what: 'it is missing' };
      return { ...books, audit: { ...books.audit, verdict: { ...verdict, fault } } };
    },
  ],
  [
    'a repetition was answered otherwise',
    ONE_KEY,
    () => told(isPaidCreate, (one) => [one, json(later(one, {}), { late: true })]),
  ],
  [
    'two answers were the first',
    ONE_KEY,
    () => told(isPaidCreate, (one) => [one, later(one, { isReplayed: false })]),
  ],
  [
    'something else was done under a key',
    ONE_KEY,
    () => told(isPaidCreate, (one) => [one, later(one, { wanted: 'something else' })]),
  ],
  [
    'a key stands for two payments',
    ONE_KEY,
    () => told(isPaidCreate, (one) => [one, json(later(one, {}), { id: 'pay_2' })]),
  ],
  [
    'something else under a key was not refused as such',
    ONE_KEY,
    () =>
      told(isPaidCreate, (one) => [
        one,
        later(one, {
          wanted: 'something else',
          status: 409,
          problem: 'merchant_reference_taken',
          json: {},
        }),
      ]),
  ],
  [
    'a key was refused, and nobody had said anything else under it',
    ONE_KEY,
    () =>
      told(isPaidCreate, (one) => [
        one,
        later(one, { status: 422, problem: 'idempotency_key_reused', json: {} }),
      ]),
  ],
  [
    'a payment that other words began',
    ONE_KEY,
    () =>
      told(isPaidCreate, (one) => [json(one, { metadata: { key: one.v2.key, words: 'other' } })]),
  ],
  [
    'a wait ended before its time',
    WAIT,
    () =>
      told(isLook, (one) => [
        { ...answered(one, { waitMs: 50_000, askedAtMs: one.atMs - 49_999 }), verdict: 'open' },
      ]),
  ],
  [
    'a wait ended long after the outcome',
    WAIT,
    () => told(isLook, (one) => [{ ...answered(one, { askedAtMs: 0 }), atMs: one.atMs + 1e6 }]),
  ],
  [
    'it never was so',
    'an answer is as new as the call',
    () => told(isLook, (one) => [json(one, { refunded_amount: 1 })]),
  ],
  [
    'it was so before',
    'an answer is as new as the call',
    () =>
      told(
        (one) => isLook(one) && one.verdict === 'paid',
        (one) => [
          one,
          json(later(one, { isReplayed: false }), {
            state: 'created',
            refunded_amount: 0,
            refunding_amount: 0,
          }),
        ],
      ),
  ],
  [
    'one charge is two payments',
    'one bill, one payment, over both APIs',
    () => told(isPaidCreate, (one) => [one, { ...one, paymentNo: 'other' }]),
  ],
  [
    'a bill is not in the list',
    'one bill, one payment, over both APIs',
    () =>
      told(
        ({ call, key, bill, v2: { status } }) =>
          call === 'v2 list' && status === 200 && key === bill.localNo,
        (one) => [json(one, { data: [] })],
      ),
  ],
  [
    'told "declined" of a payment that is paid',
    'a till is told the truth',
    () => told(isPaidCreate, (one) => [{ ...one, verdict: 'failed' }]),
  ],
  [
    'told "paid" of a payment that is not',
    'a till is told the truth',
    () =>
      told(
        (one) => isLook(one) && one.verdict === 'failed' && one.v2.json['state'] === 'closed',
        (one) => [{ ...one, verdict: 'paid' }],
      ),
  ],
  [
    'told "succeeded" of a refund that never was',
    'a till is told the truth',
    () =>
      told(
        ({ call, verdict }) => call === 'v2 refund' && verdict === 'refused',
        (one) => [{ ...one, verdict: 'refunded' }],
      ),
  ],
  [
    'told "failed" of a refund that was carried out',
    'a till is told the truth',
    () =>
      told(
        ({ call, verdict }) => call === 'v2 refund' && verdict === 'refunded',
        (one) => [{ ...one, verdict: 'refused' }],
      ),
  ],
  [
    'another shop was let in',
    'another shop cannot touch it',
    () =>
      told(
        ({ key, call }) => key.startsWith('trespass') && call === 'v2 look',
        (one) => [{ ...one, verdict: 'paid' }],
      ),
  ],
])('%s: %s', (_case, rule, falsify) => {
  expect(rulesOf(falsify())).toContain(rule);
});

const LIST = 'a list has everything once';
const FEED = 'the feed never changes';
const STORY = 'the feed tells every story to its end';

const withV2 = (changes: Partial<V2Books>): Books => ({ ...books, v2: { ...v2, ...changes } });
const listed = (change: (all: V2Books['listed']) => V2Books['listed']): Books =>
  withV2({ listed: change(v2.listed) });
const feed = (change: (all: readonly FeedEvent[]) => readonly FeedEvent[]): Books =>
  withV2({ feed: change(v2.feed) });
/** The feed without, or with another one, in the place of the first event of a type. */
const instead = (type: string, change: (event: FeedEvent) => readonly FeedEvent[]): Books =>
  feed((all) => {
    const at = all.findIndex((event) => event.type === type);
    const event = all[at];
    if (event === undefined) throw new Error(`nothing is ${type}`);
    return all.toSpliced(at, 1, ...change(event));
  });

test.each<[string, string, () => Books]>([
  ['a payment is missing', LIST, () => listed((all) => all.slice(1))],
  ['a payment is there twice', LIST, () => listed((all) => [...all, ...all.slice(0, 1)])],
  [
    'a payment is otherwise',
    LIST,
    () => listed(([one, ...all]) => [{ ...one, state: 'created' }, ...all]),
  ],
  ['what somebody read is gone', FEED, () => feed(() => [])],
  [
    'an event was added before others',
    FEED,
    () =>
      feed(([one, ...all]) => (one === undefined ? [] : [{ ...one, id: 'evt_0' }, one, ...all])),
  ],
  ['events changed places', FEED, () => feed(([a, b, ...all]) => (a && b ? [b, a, ...all] : []))],
  [
    'events say something else',
    FEED,
    () => feed((all) => all.map((event) => ({ ...event, created_at: '' }))),
  ],
  ['a change is not told', STORY, () => instead('payment.paid', () => [])],
  ['a change is told twice', STORY, () => instead('payment.closed', (event) => [event, event])],
  [
    'an event shows another state',
    STORY,
    () =>
      instead('payment.paid', (event) => [{ ...event, data: { ...event.data, state: 'closed' } }]),
  ],
  [
    'a refund is told with another amount',
    STORY,
    () =>
      instead('refund.succeeded', (event) => [{ ...event, data: { ...event.data, amount: 1e6 } }]),
  ],
  [
    'late money that goes back by itself is told as paid',
    STORY,
    () => {
      const stories = books.stories.map((story) => {
        if (story.payment.state !== 'paid' || story.trade === undefined) return story;
        const late = { requestNo: `${story.payment.paymentNo}LATE`, amountFen: 1, atMs: 0 };
        return { ...story, trade: { ...story.trade, refunds: [late] } };
      });
      return { ...books, stories };
    },
  ],
  [
    'an event of a payment that nobody knows',
    STORY,
    () =>
      instead('payment.paid', (event) => [
        { ...event, data: { ...event.data, id: 'pay_stranger' } },
      ]),
  ],
])('%s: %s', (_case, rule, falsify) => {
  expect(rulesOf(falsify())).toContain(rule);
});

/** The books with one endpoint, the first that fits, otherwise. */
function endpoint(change: (endpoint: Endpoint) => Partial<Endpoint>): Books {
  const fits = ({ receiver, id }: Endpoint): boolean =>
    id !== undefined && receiver.receipts.length > 9;
  const found = v2.endpoints.find(fits);
  if (found === undefined) throw new Error('nobody was called often');
  const endpoints = v2.endpoints.map((one) => (one === found ? { ...one, ...change(one) } : one));
  return withV2({ endpoints });
}
const receipts = (change: (all: readonly Receipt[]) => readonly Receipt[]): Books =>
  endpoint(({ receiver }) => ({
    receiver: { ...receiver, receipts: [...change(receiver.receipts)] },
  }));
const SIGNED = 'a webhook is signed, and true';
const ARRIVES = 'every webhook arrives';

test.each<[string, string, () => Books]>([
  [
    'a body was altered',
    SIGNED,
    () =>
      receipts(([one, ...all]) =>
        one ? [{ ...one, body: one.body.replace('id', 'ID') }, ...all] : [],
      ),
  ],
  ['somebody else signed', SIGNED, () => endpoint(() => ({ secrets: ['whsec_AAAA'] }))],
  [
    'one never came',
    ARRIVES,
    () => receipts((all) => all.filter(({ id }) => id !== all.at(-1)?.id)),
  ],
  [
    'one was never taken',
    ARRIVES,
    () =>
      receipts((all) =>
        all.map((one) => (one.id === all[0]?.id ? { ...one, isTaken: false } : one)),
      ),
  ],
  [
    'something is still to be sent',
    ARRIVES,
    () => endpoint(() => ({ left: new Map([['pending', 1]]) })),
  ],
  ['something was given up', ARRIVES, () => endpoint(() => ({ left: new Map([['failed', 1]]) }))],
  [
    'it was for another shop',
    'a webhook is owed',
    () => endpoint(() => ({ merchant: 'mch_other' })),
  ],
  [
    'newer ones came first',
    'webhooks of a payment come in order',
    () => receipts((all) => all.toReversed()),
  ],
  [
    'it works, and is said to fail',
    'an endpoint is said to fail when it does',
    () => endpoint(() => ({ stateFound: 'failing' })),
  ],
  [
    'it fails, and is said to work',
    'an endpoint is said to fail when it does',
    () =>
      endpoint(({ plan, receiver }) => ({
        stateFound: 'enabled',
        plan: { ...plan, downForMs: 1e9 },
        receiver: { ...receiver, outage: { fromMs: 0, untilMs: 0 } },
      })),
  ],
])('%s: %s', (_case, rule, falsify) => {
  expect(rulesOf(falsify())).toContain(rule);
});
