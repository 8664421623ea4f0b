/**
 * The checks themselves: the books of a run that passes are falsified in one place, and the right check must say so. A
 * check that cannot fail would make every run pass.
 */
import { beforeAll, expect, test } from 'vitest';
import type { Books, Story } from './check.ts';
import { finalChecks } from './final-checks.ts';
import type { Told } from './ledger.ts';
import { runSeed } from './simulation.ts';

let books: Books;

beforeAll(async () => {
  const run = await runSeed({ seed: 'books', bills: 60 });
  if (run.verdict !== 'pass') throw new Error('the run to be falsified does not pass');
  ({ books } = run);
}, 60_000);

type Change = (story: Story) => Partial<Story>;

/** The books with one story changed: the first that fits. */
function falsified(fits: (story: Story) => boolean, change: Change): Books {
  const found = books.stories.find(fits);
  if (found === undefined) throw new Error('the run has no such story');
  const stories = books.stories.map((story) =>
    story === found ? { ...story, ...change(story) } : story,
  );
  return { ...books, stories };
}

const isPaid = ({ payment, trade }: Story): boolean =>
  payment.state === 'paid' &&
  !payment.isLate &&
  payment.localNo !== null &&
  trade?.refundedFen === 0;
const isClosed = ({ payment, trade }: Story): boolean =>
  payment.state === 'closed' && trade === undefined;
const isRefunded = ({ refunds, payment }: Story): boolean =>
  payment.localNo !== null && refunds.some(({ state }) => state === 'done');
const payment =
  (changes: Partial<Story['payment']>): Change =>
  (story) => ({ payment: { ...story.payment, ...changes } });
const trade =
  (changes: Partial<NonNullable<Story['trade']>>): Change =>
  (story) => ({ trade: story.trade && { ...story.trade, ...changes } });
const told =
  (changes: Pick<Told, 'call' | 'verdict'>): Change =>
  (story) => {
    const [any] = books.ledger.told;
    if (any === undefined) throw new Error('nobody was told anything');
    const { paymentNo } = story.payment;
    return {
      told: [...story.told, { ...any, ...changes, key: 'falsified', paymentNo, raw: '{}' }],
    };
  };

test.each<[string, string, (story: Story) => boolean, Change]>([
  [
    'an event is missing',
    'merchants hear of every change once, in its order',
    isPaid,
    ({ feed }) => ({ feed: feed.slice(1) }),
  ],
  [
    'an event is told twice',
    'merchants hear of every change once, in its order',
    isPaid,
    ({ feed }) => ({ feed: [...feed, ...feed.slice(-1)] }),
  ],
  [
    'an event has no place',
    'merchants hear of every change once, in its order',
    isPaid,
    ({ feed }) => ({ feed: feed.map((event) => ({ ...event, place: null })) }),
  ],
  [
    'nobody paid what is paid here',
    'the row agrees with the book',
    isPaid,
    trade({ paidAtMs: undefined }),
  ],
  ['a cancel took it back', 'the row agrees with the book', isPaid, trade({ closedBy: 'cancel' })],
  ['the amounts differ', 'the row agrees with the book', isPaid, trade({ totalFen: 1 })],
  [
    'what is closed here was paid',
    'the row agrees with the book',
    isPaid,
    payment({ state: 'closed' }),
  ],
  [
    'reversed, and the money stayed',
    'the row agrees with the book',
    isPaid,
    payment({ state: 'reversed' }),
  ],
  ['it is open still', 'nothing is open at the end', isClosed, payment({ state: 'created' })],
  ['it is due still', 'nothing is open at the end', isClosed, payment({ dueAtMs: 1 })],
  [
    'its trade is open still',
    'nothing is open at the end',
    isPaid,
    trade({ status: 'WAIT_BUYER_PAY' }),
  ],
  ['a refund is missing there', 'refunds agree with the book', isRefunded, trade({ refunds: [] })],
  ['a refund is missing here', 'refunds agree with the book', isRefunded, () => ({ refunds: [] })],
  [
    'a till heard "failed"',
    'a till is told the truth',
    isPaid,
    told({ call: 'hb_barcode', verdict: 'failed' }),
  ],
  [
    'a till asked and heard "failed"',
    'a till is told the truth',
    isPaid,
    told({ call: 'query', verdict: 'failed' }),
  ],
  [
    'a till heard "paid"',
    'a till is told the truth',
    isClosed,
    told({ call: 'hb_barcode', verdict: 'paid' }),
  ],
  [
    'told paid of late money that went back by itself',
    'a till is told the truth',
    isRefunded,
    (story) => ({
      ...trade({
        refunds: [{ requestNo: `${story.payment.paymentNo}LATE`, amountFen: 1, atMs: 0 }],
      })(story),
      ...told({ call: 'query', verdict: 'paid' })(story),
    }),
  ],
  [
    'late money without an alarm',
    'late money is given back or an alarm',
    isPaid,
    payment({ isLate: true }),
  ],
  [
    'it was closed on the word of a cancel that found nothing',
    'a payment is closed by proof alone',
    isClosed,
    ({ events }) => ({
      events: events.map((event) =>
        event.state === 'closed'
          ? { ...event, detail: { ...event.detail, fact: 'cancel_found_nothing' } }
          : event,
      ),
    }),
  ],
  [
    'an event is missing',
    'the history is a path in the table',
    isPaid,
    ({ events }) => ({ events: events.slice(0, -1) }),
  ],
  [
    'a version was skipped',
    'the history is a path in the table',
    isPaid,
    ({ events }) => ({ events: events.toSpliced(1, 1) }),
  ],
  [
    'a field was changed without an event',
    'the history replays to the rows',
    isPaid,
    payment({ subject: 'other' }),
  ],
])('%s: %s', (_case, rule, fits, change) => {
  const rules = finalChecks(falsified(fits, change)).map((violation) => violation.rule);
  expect(rules).toContain(rule);
});

test('a bill that was paid under two numbers', () => {
  const paid = books.stories.find(isPaid);
  if (paid === undefined) throw new Error('the run has no such story');
  const paymentNo = 'second';
  const second = { ...paid, payment: { ...paid.payment, paymentNo } };
  const rules = finalChecks({ ...books, stories: [...books.stories, second] });
  expect(rules).toContainEqual(expect.objectContaining({ rule: 'a bill is paid once', paymentNo }));
});

test('a trade that nobody here knows', () => {
  const [first] = books.trades;
  if (first === undefined) throw new Error('the run has no trade');
  const trades = [...books.trades, { ...first, outTradeNo: 'stranger' }];
  expect(finalChecks({ ...books, trades })).toContainEqual(
    expect.objectContaining({ rule: 'no trade without a payment', paymentNo: 'stranger' }),
  );
});

test('a refund that was told "refused", and was carried out', () => {
  const refunded = books.ledger.told.find(
    ({ call, verdict }) => call === 'refund' && verdict === 'refunded',
  );
  if (refunded === undefined) throw new Error('the run has no refund');
  const lie: Told = { ...refunded, verdict: 'refused' };
  const ledger = { ...books.ledger, told: [...books.ledger.told, lie] };
  const rules = finalChecks({ ...books, ledger }).map(({ rule }) => rule);
  expect(rules).toContain('a till is told the truth');
});

test('another shop that is let in', () => {
  const foreign = books.ledger.told.find(({ key }) => key.startsWith('trespass'));
  if (foreign === undefined) throw new Error('nobody tried');
  const lie: Told = { ...foreign, call: 'query', verdict: 'paid' };
  const ledger = { ...books.ledger, told: [...books.ledger.told, lie] };
  expect(finalChecks({ ...books, ledger }).map(({ rule }) => rule)).toContain(
    'another shop cannot touch it',
  );
});
