/**
 * Which index answers what is asked for every payment, and by v2, on both engines: a read that scans a table costs nothing
 * while the table is small, and everything when it is not; nor may it walk through an index where it could search. Tables with
 * some thousand rows are asked; on PostgreSQL scans are made expensive, so that a planner that still scans has no index.
 */
import { CompiledQuery } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { aPayment, aRefund } from '../core/payment.fixtures.ts';
import { ENGINE } from '../../test/support/test-database.ts';
import type { WebhookDelivery } from '../core/webhook.ts';
import { findApiKey, findApiKeyByHash, saveLastUse } from './api-keys.ts';
import { findApp, findAppKey } from './apps.ts';
import { pageAudit, readAuditEntries, type AuditFilter } from './audit.ts';
import type { Db, Queryable } from './database.ts';
import {
  deleteTokensExpiredBefore,
  deleteTokensOf,
  findTokenHolder,
  pageDongles,
} from './dongles.ts';
import {
  claimDuePayments,
  claimDueRefunds,
  countDuePayments,
  countDueRefunds,
  nextDueAtMs,
} from './due.ts';
import {
  countUntold,
  findFeedEvent,
  findFeedEvents,
  givePlaces,
  lastPlace,
  readFeed,
  wasChargedAgainBefore,
} from './event-feed.ts';
import { listEvents } from './events.ts';
import { readRange, summarizeNextPage } from './feed-pages.ts';
import {
  findKept,
  firstPaymentFrom,
  listToldHours,
  listUntoldHours,
  renewDay,
  renewHourOfAll,
  sumByMerchant,
  sumHours,
  sumPayments,
} from './figures.ts';
import { deleteCallsBefore, findCall, saveAnswer } from './idempotency.ts';
import { deleteKeptAnswersBefore, findKeptAnswer } from './kept-answers.ts';
import { takeNumbers } from './counters.ts';
import { findVisibleMerchant, listMerchantsOfDongle } from './merchants.ts';
import {
  findPayment,
  findPaymentByNo,
  findPaymentWithApp,
  findPaymentWithAppByNo,
  insertPayment,
  listAttempts,
  savePayment,
  wasChargedAgain,
} from './payments.ts';
import { pagePayments, type PaymentFilter } from './payment-pages.ts';
import { findIncident, listIncidentsOf, pageIncidents } from './incidents.ts';
import { pageRefunds, type RefundFilter } from './refund-pages.ts';
import { readPayments } from './payment-walk.ts';
import { findRefund, listRefunds } from './refunds.ts';
import {
  deleteLink,
  deleteLinksBefore,
  deleteLinksOf,
  deleteSession,
  deleteSessionsBefore,
  deleteSessionsOf,
  findLink,
  findSession,
  saveLastSeen,
} from './sessions.ts';
import { deleteAttemptsBefore, findAttempts } from './sign-in-attempts.ts';
import { findUser, findUserByName } from './users.ts';
import { APP_ID, openShop, OWNER, runRaw } from './store.fixtures.ts';
import { listAttempts as listAttemptsAt } from './webhook-attempts.ts';
import { deleteEndedBefore, listDeletedEndpoints } from './webhook-sweep.ts';
import { findEndpoint, listOwed } from './webhook-endpoints.ts';
import {
  claimDueDeliveries,
  endPending,
  findDelivery,
  listDueEndpoints,
  nextDeliveryAtMs,
  pageDeliveries,
  renewPending,
  saveDelivery,
  waitsUntilMs,
} from './webhooks.ts';

const ROWS = 3000;
let db: Db;
beforeAll(async () => {
  db = await openShop();
  await insertPayment(db, aPayment({ paymentNo: 'FF0', localNo: '0', dueAtMs: null }));
  const [row] = await runRaw(db, 'select * from payment');
  const own: Record<string, string> = {
    merchant_id: MERCHANT,
    payment_no: "'FF' || i",
    local_no: "'L' || i",
    created_at_ms: 'i',
    due_at_ms: 'i',
    created_by: "'key_' || (i % 100)",
  };
  await fill(
    'payment',
    Object.fromEntries(
      Object.keys(row ?? {}).map((name) => [name, own[name] ?? `payment.${name}`]),
    ),
    'payment, n',
  );
  for (const [table, columns] of Object.entries(FILLED)) await fill(table, columns);
  await takeNumbers(db, 'event', ROWS);
  await summarizeNextPage(db);
  // PostgreSQL does so by itself now and then, and plans by it. SQLite never does: it knows of nothing but the indexes.
  if (ENGINE === 'postgres')
    await runRaw(db, `vacuum analyze payment, ${Object.keys(FILLED).join()}`);
});
afterAll(() => db.destroy());

/** Merchant 1 has some of everything, and merchant 2 the rest. */
const MERCHANT = 'case when i % 10 = 1 then 1 else 2 end';

/** What most columns hold in the row with the number i: a delivery and an event of each payment, the last hundred not yet. */
const FILLED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  event: {
    merchant_id: MERCHANT,
    payment_no: "'FF' || i",
    version: '1',
    type: "case when i % 3 = 0 then 'payment.paid' else 'payment.created' end",
    at_ms: 'i',
    position: 'case when i > 2900 then null else i end',
  },
  figure: {
    span: "case when i % 5 = 0 then 'day' else 'hour' end",
    from_ms: '(i / 10) * 3600000',
    merchant_id: 'i % 10',
    method: "'qr'",
    state: "'paid'",
    payments: '1',
    amount_fen: '1',
    refunds: '0',
    refunded_fen: '0',
  },
  webhook_endpoint: {
    endpoint_no: "'e' || i",
    url: "''",
    types: "'[]'",
    sealed_secret: "''",
    state: "'enabled'",
    not_before_ms: '0',
    created_at_ms: 'i',
    version: '1',
  },
  webhook_delivery: {
    merchant_id: MERCHANT,
    endpoint_no: "'e' || (1 + i % 3)",
    position: 'i',
    payment_no: "'FF' || i",
    state: "case when i > 2900 then 'pending' else 'delivered' end",
    attempts: '1',
    tries: '1',
    created_at_ms: 'i',
    due_at_ms: 'case when i > 2900 then i else null end',
    version: '1',
  },
  webhook_attempt: {
    merchant_id: MERCHANT,
    endpoint_no: "'e' || (1 + i % 3)",
    position: 'i',
    attempt: '1',
    at_ms: 'i',
    url: "''",
    body: "''",
    status: '200',
    duration_ms: '1',
  },
  idempotency: {
    merchant_id: MERCHANT,
    idempotency_key: "'k' || i",
    request_hash: "'h'",
    payment_no: "'FF' || i",
    created_at_ms: 'i',
  },
  kept_answer: {
    caller: "'c'",
    idempotency_key: "'k' || i",
    request_hash: "'h'",
    sealed_answer: "'s'",
    created_at_ms: 'i',
  },
  refund: {
    merchant_id: MERCHANT,
    payment_no: "'FF' || i",
    request_no: "'01'",
    amount_fen: '1',
    state: "'done'",
    version: '1',
    in_doubt: '0',
    asks_in_vain: '0',
    created_at_ms: 'i',
  },
  incident: {
    merchant_id: MERCHANT,
    incident_no: 'i',
    payment_no: "'FF' || i",
    reason: "'late_payment'",
    state: "case when i > 2990 then 'open' else 'resolved' end",
    opened_at_ms: 'i',
    last_seen_at_ms: 'i',
    seen_count: '1',
    resolved_at_ms: 'case when i > 2990 then null else i end',
    resolved_by: "case when i > 2990 then null else 'gateway' end",
    version: '1',
  },
  dongle: {
    dongle_no: "'D' || i",
    state: "'registered'",
    is_registered: '1',
    created_at_ms: 'i',
    version: '1',
  },
  merchant_grant: { merchant_id: '1', dongle_no: "'D' || i", created_at_ms: 'i' },
  api_key: {
    key_no: "'k' || i",
    key_hash: "'h' || i",
    hint: "''",
    name: "''",
    scopes: "'[]'",
    created_at_ms: 'i',
    version: '1',
  },
  audit_entry: {
    number: 'i',
    at_ms: 'i',
    kind: "case when i % 2 = 0 then 'outcome' else 'request' end",
    of_number: 'case when i % 2 = 0 then i - 1 else null end',
    actor_kind: "'api_key'",
    actor_id: "'key_' || (i % 100)",
    actor_name: "''",
    operation: "'operation' || (i % 70)",
    target: "'pay_FF' || (i / 2)",
    request: "'{}'",
    outcome: 'case when i % 2 = 0 then \'{"status":200}\' else null end',
    prev_hash: "''",
    hash: "'h' || i",
  },
};

async function fill(
  table: string,
  columns: Readonly<Record<string, string>>,
  from = 'n',
): Promise<void> {
  await runRaw(
    db,
    `with recursive n (i) as (select 1 union all select i + 1 from n where i < ${ROWS})
     insert into ${table} (${Object.keys(columns).join()}) select ${Object.values(columns).join()} from ${from}`,
  );
}

/** SQLite names the index of a unique key after its place in the table, PostgreSQL after its columns. */
type Indexes = { readonly sqlite: readonly string[]; readonly postgres: readonly string[] };
type Ask = (from: Queryable) => Promise<unknown>;

const on = (...names: string[]): Indexes => ({ sqlite: names, postgres: names });
const auto = (table: string, place: number, postgres: string): Indexes => ({
  sqlite: [`sqlite_autoindex_${table}_${place}`],
  postgres: [postgres],
});
const PAGE: PaymentFilter = {
  merchantId: null,
  state: undefined,
  localNo: undefined,
  createdFromMs: undefined,
  createdBeforeMs: undefined,
  after: undefined,
  limit: 9,
};
const REFUNDS: RefundFilter = {
  merchantId: null,
  payment: undefined,
  state: undefined,
  createdFromMs: undefined,
  createdBeforeMs: undefined,
  after: undefined,
  limit: 9,
};
const INCIDENTS = {
  merchantId: null,
  payment: undefined,
  state: undefined,
  after: undefined,
  limit: 9,
};
const AUDIT: AuditFilter = {
  actorId: undefined,
  operation: undefined,
  target: undefined,
  fromMs: undefined,
  beforeMs: undefined,
  after: undefined,
  limit: 9,
};
const AUDIT_KEY = auto('audit_entry', 1, 'audit_entry_pkey');
const CALL = { merchantId: 1, idempotencyKey: 'k', requestHash: 'h' };
const FEED = { merchantId: null, types: undefined, after: 1, limit: 9 };
const RANGE = { ...FEED, fromMs: 1, untilMs: 9 };
const DELIVERIES = { endpointNo: 'e1', state: undefined, before: 9, limit: 9 };
const DELIVERY: WebhookDelivery = {
  merchantId: 1,
  endpointNo: 'e1',
  position: 1,
  paymentNo: 'FF1',
  state: 'delivered',
  attempts: 1,
  tries: 1,
  createdAtMs: 1,
  dueAtMs: null,
  version: 2,
};
/** An index that is read from one end until there is enough, for its order, or for the part of the table that it is of. */
const walked = (name: string): string => `${name}, walked`;
const CLAIM = { nowMs: 1, leaseEndMs: 2, limit: 9 };
const PAYMENT = auto('payment', 2, 'payment_payment_no_key');
const LOCAL_NO = auto('payment', 3, 'payment_merchant_id_local_no_attempt_key');
const NUMBER = { text: 'x', paymentNo: 'FF1', refund: { paymentNo: 'FF1', requestNo: '1' } };
const RANGE_OF_TIME = { fromMs: 0, beforeMs: 36_000_000 };

/** Reads to the end. */
async function all(pages: AsyncGenerator): Promise<void> {
  for await (const _page of pages);
}

/** Each payment of a list is told with its merchant's number. */
const withMerchant = ({ sqlite, postgres }: Indexes): Indexes => ({
  sqlite: [...sqlite, 'sqlite_autoindex_merchant_1'].toSorted(),
  postgres: [...postgres, 'merchant_pkey'].toSorted(),
});
const LISTED = withMerchant(on('payment_by_time'));
const LISTED_FROM_THE_END = withMerchant(on(walked('payment_by_time')));

test.each<[string, Ask, Indexes]>([
  ['who holds a token', (from) => findTokenHolder(from, 'h1', 0), auto('token', 1, 'token_pkey')],
  ['tokens that expired', (from) => deleteTokensExpiredBefore(from, 0), on('token_by_expiry')],
  ['the tokens of a dongle', (from) => deleteTokensOf(from, 'D1'), on('token_by_dongle')],
  [
    'a merchant that a dongle sees',
    (from) => findVisibleMerchant(from, 'DL0001', OWNER),
    {
      sqlite: [
        'sqlite_autoindex_alipay_app_1',
        'sqlite_autoindex_merchant_2',
        'sqlite_autoindex_merchant_3',
        'sqlite_autoindex_merchant_grant_1',
      ],
      postgres: [
        'alipay_app_pkey',
        'merchant_cpi_no_key',
        'merchant_grant_of_dongle',
        'merchant_shop_no_key',
      ],
    },
  ],
  ['an app', (from) => findApp(from, OWNER, APP_ID), auto('alipay_app', 1, 'alipay_app_pkey')],
  ['a key', (from) => findAppKey(from, 1), auto('app_key', 1, 'app_key_pkey')],
  ['a payment', (from) => findPayment(from, 1, 'FF1'), PAYMENT],
  [
    'a payment by its number',
    (from) => findPaymentByNo(from, 'FF1'),
    auto('payment', 1, 'payment_payment_no_key'),
  ],
  [
    'a payment by its number, with its app',
    (from) => findPaymentWithAppByNo(from, 'FF1'),
    {
      sqlite: ['sqlite_autoindex_alipay_app_1', 'sqlite_autoindex_payment_1'],
      postgres: ['alipay_app_pkey', 'payment_payment_no_key'],
    },
  ],
  [
    'a payment with its app',
    (from) => findPaymentWithApp(from, 1, 'FF1'),
    {
      sqlite: ['sqlite_autoindex_alipay_app_1', 'sqlite_autoindex_payment_2'],
      postgres: ['alipay_app_pkey', 'payment_payment_no_key'],
    },
  ],
  [
    'the charges under a localNo',
    (from) => listAttempts(from, 1, 'A'),
    auto('payment', 3, 'payment_merchant_id_local_no_attempt_key'),
  ],
  ['a write', (from) => savePayment(from, aPayment({ version: 2 })), PAYMENT],
  [
    'payments to claim',
    (from) => claimDuePayments(from, CLAIM),
    {
      sqlite: ['payment_due', 'sqlite_autoindex_payment_2'],
      postgres: ['payment_due', 'payment_payment_no_key'],
    },
  ],
  [
    'refunds to claim',
    (from) => claimDueRefunds(from, CLAIM),
    {
      sqlite: ['refund_due', 'sqlite_autoindex_refund_1'],
      postgres: ['refund_due', 'refund_pkey'],
    },
  ],
  [
    'when the next row is due',
    nextDueAtMs,
    {
      sqlite: ['payment_due', 'refund_due'],
      postgres: [walked('payment_due'), walked('refund_due')],
    },
  ],
  ['how much is due', (from) => countDuePayments(from, 1), on('payment_due')],
  ['how many refunds are due', (from) => countDueRefunds(from, 1), on('refund_due')],
  [
    'the history',
    (from) => listEvents(from, aPayment()),
    auto('payment_event', 1, 'payment_event_pkey'),
  ],
  ['a refund', (from) => findRefund(from, aRefund()), auto('refund', 1, 'refund_pkey')],
  [
    'the refunds of a payment',
    (from) => listRefunds(from, aRefund()),
    auto('refund', 1, 'refund_pkey'),
  ],
  ['payments, newest first', (from) => pagePayments(from, PAGE), LISTED_FROM_THE_END],
  [
    'those after a place',
    (from) => pagePayments(from, { ...PAGE, after: { createdAtMs: 9, paymentNo: 'FF1' } }),
    LISTED,
  ],
  [
    'those of a time',
    (from) => pagePayments(from, { ...PAGE, createdFromMs: 1, createdBeforeMs: 9 }),
    LISTED,
  ],
  [
    'one by any number that it has',
    (from) => pagePayments(from, { ...PAGE, number: NUMBER }),
    {
      sqlite: [
        'payment_by_trade_no',
        'sqlite_autoindex_merchant_1',
        'sqlite_autoindex_payment_1',
        'sqlite_autoindex_payment_3',
        'sqlite_autoindex_refund_1',
      ],
      postgres: [
        'merchant_pkey',
        'payment_by_trade_no',
        'payment_merchant_id_local_no_attempt_key',
        'payment_payment_no_key',
        'refund_pkey',
      ],
    },
  ],
  [
    'one of a merchant by any number that it has',
    (from) => pagePayments(from, { ...PAGE, merchantId: 1, number: NUMBER }),
    {
      sqlite: [
        'payment_by_trade_no',
        'sqlite_autoindex_merchant_1',
        'sqlite_autoindex_payment_1',
        'sqlite_autoindex_payment_2',
        'sqlite_autoindex_payment_3',
        'sqlite_autoindex_refund_1',
      ],
      postgres: [
        'merchant_pkey',
        'payment_by_trade_no',
        'payment_merchant_id_local_no_attempt_key',
        'payment_payment_no_key',
        'refund_pkey',
      ],
    },
  ],
  [
    'payments of a time, to be added up',
    (from) => all(sumPayments(from, { merchantId: null, createdFromMs: 1, createdBeforeMs: 9 })),
    {
      sqlite: ['payment_by_time', 'sqlite_autoindex_refund_1'],
      postgres: ['payment_by_time', 'refund_pkey'],
    },
  ],
  [
    "a merchant's payments of a time, to be added up",
    (from) => all(sumPayments(from, { merchantId: 1, createdFromMs: 1, createdBeforeMs: 9 })),
    {
      sqlite: ['payment_of_merchant_by_time', 'sqlite_autoindex_refund_1'],
      postgres: ['payment_of_merchant_by_time', 'refund_pkey'],
    },
  ],
  [
    'payments to be exported',
    (from) => all(readPayments(from, { merchantId: null, state: 'paid', createdBeforeMs: 9 }, 9)),
    withMerchant(on('payment_by_time')),
  ],
  ['the first payment', (from) => firstPaymentFrom(from, 5), on('payment_by_time')],
  [
    'the figures of an hour',
    (from) => findKept(from, 3_600_000, 1),
    { sqlite: ['sqlite_autoindex_figure_1'], postgres: ['figure_of_merchant'] },
  ],
  [
    "a merchant's figures by hour",
    (from) => sumHours(from, 1, RANGE_OF_TIME, 'hour'),
    on('figure_of_merchant'),
  ],
  [
    'figures by merchant',
    (from) => sumByMerchant(from, 'day', RANGE_OF_TIME),
    auto('figure', 1, 'figure_pkey'),
  ],
  [
    'the figures of an hour of all, made again',
    (from) => renewHourOfAll(from, 3_600_000),
    {
      sqlite: ['figure_of_merchant', 'sqlite_autoindex_figure_1'],
      postgres: ['figure_of_merchant', 'figure_pkey'],
    },
  ],
  [
    'the figures of a day of a merchant, made again',
    (from) => renewDay(from, 1, RANGE_OF_TIME),
    on('figure_of_merchant'),
  ],
  [
    'hours of which the feed tells',
    (from) => all(listToldHours(from, 1, 9)),
    {
      sqlite: ['event_by_position', 'sqlite_autoindex_payment_2'],
      postgres: ['event_by_position', 'payment_payment_no_key'],
    },
  ],
  [
    'hours of which it will tell',
    (from) => listUntoldHours(from),
    {
      sqlite: [walked('event_untold'), 'sqlite_autoindex_payment_2'],
      postgres: [walked('event_untold'), 'payment_payment_no_key'],
    },
  ],
  [
    'those in a state',
    (from) => pagePayments(from, { ...PAGE, state: 'paid' }),
    LISTED_FROM_THE_END,
  ],
  [
    'those of one merchant',
    (from) => pagePayments(from, { ...PAGE, merchantId: 1 }),
    withMerchant(on('payment_of_merchant_by_time')),
  ],
  [
    'those of one merchant in a state',
    (from) => pagePayments(from, { ...PAGE, merchantId: 1, state: 'reversed' }),
    withMerchant(on('payment_of_merchant_by_time')),
  ],
  [
    'those that somebody asked for',
    (from) => pagePayments(from, { ...PAGE, createdBy: 'key_7' }),
    withMerchant(on('payment_created_by')),
  ],
  [
    'those that somebody asked for at one merchant',
    (from) => pagePayments(from, { ...PAGE, merchantId: 1, createdBy: 'key_7', state: 'paid' }),
    withMerchant(on('payment_created_by')),
  ],
  [
    'those of a bill of one merchant',
    (from) => pagePayments(from, { ...PAGE, merchantId: 1, localNo: 'A' }),
    withMerchant(LOCAL_NO),
  ],
  [
    'those of a bill, whosever',
    (from) => pagePayments(from, { ...PAGE, localNo: 'A' }),
    withMerchant(LOCAL_NO),
  ],
  ['a later charge of a bill', (from) => wasChargedAgain(from, aPayment()), LOCAL_NO],
  [
    'a call that may be repeated',
    (from) => findCall(from, 1, 'k'),
    auto('idempotency', 1, 'idempotency_pkey'),
  ],
  [
    'the write of its answer',
    (from) => saveAnswer(from, CALL, { status: 201, body: '{}' }),
    auto('idempotency', 1, 'idempotency_pkey'),
  ],
  ['calls to forget', (from) => deleteCallsBefore(from, 0), on('idempotency_by_age')],
  [
    'the kept answer to a call',
    (from) => findKeptAnswer(from, { caller: 'c', idempotencyKey: 'k' }),
    auto('kept_answer', 1, 'kept_answer_pkey'),
  ],
  ['kept answers to forget', (from) => deleteKeptAnswersBefore(from, 0), on('kept_answer_by_age')],
  [
    'an API key by its hash',
    (from) => findApiKeyByHash(from, 'h'),
    auto('api_key', 2, 'api_key_key_hash_key'),
  ],
  ['an API key', (from) => findApiKey(from, 'k'), auto('api_key', 1, 'api_key_pkey')],
  [
    'the last use of an API key',
    (from) => saveLastUse(from, 'k', 1),
    auto('api_key', 1, 'api_key_pkey'),
  ],
  [
    'a session and whose it is',
    (from) => findSession(from, 's'),
    {
      sqlite: ['sqlite_autoindex_user_account_1', 'sqlite_autoindex_user_session_1'],
      postgres: ['user_account_pkey', 'user_session_pkey'],
    },
  ],
  [
    'the last use of a session',
    (from) => saveLastSeen(from, 's', 1),
    auto('user_session', 1, 'user_session_pkey'),
  ],
  [
    'the end of a session',
    (from) => deleteSession(from, 's'),
    auto('user_session', 1, 'user_session_pkey'),
  ],
  [
    'the end of all sessions of a user',
    (from) => deleteSessionsOf(from, 'u'),
    on('user_session_of_user'),
  ],
  [
    'sessions that have ended',
    (from) => deleteSessionsBefore(from, 0, 0),
    on('user_session_by_age', 'user_session_by_use'),
  ],
  ['a link', (from) => findLink(from, 'l', 1), auto('user_link', 1, 'user_link_pkey')],
  ['the end of a link', (from) => deleteLink(from, 'l'), auto('user_link', 1, 'user_link_pkey')],
  ['the links of a user', (from) => deleteLinksOf(from, 'u'), on('user_link_of_user')],
  [
    'the links of the first administrator',
    (from) => deleteLinksOf(from, null),
    on('user_link_of_user'),
  ],
  ['links that have ended', (from) => deleteLinksBefore(from, 0), on('user_link_by_end')],
  ['a user', (from) => findUser(from, 'u'), auto('user_account', 1, 'user_account_pkey')],
  [
    'a user by name',
    (from) => findUserByName(from, 'n'),
    auto('user_account', 2, 'user_account_name_key'),
  ],
  [
    'failed attempts',
    (from) => findAttempts(from, 'h'),
    auto('sign_in_attempts', 1, 'sign_in_attempts_pkey'),
  ],
  [
    'failed attempts to forget',
    (from) => deleteAttemptsBefore(from, 0),
    on('sign_in_attempts_by_time'),
  ],
  ['events without a place', (from) => countUntold(from, 9), on(walked('event_untold'))],
  [
    'their places',
    (from) => givePlaces(from, 9),
    {
      sqlite: [walked('event_untold'), 'sqlite_autoindex_event_1'],
      postgres: [walked('event_untold')],
    },
  ],
  [
    'the last place',
    lastPlace,
    { sqlite: ['event_by_position'], postgres: [walked('event_by_position')] },
  ],
  ['the feed', (from) => readFeed(from, FEED), on('event_by_position')],
  [
    'what is of a kind in the feed',
    (from) => readFeed(from, { ...FEED, types: ['payment.paid'] }),
    on('event_by_position'),
  ],
  [
    'the feed of one merchant',
    (from) => readFeed(from, { ...FEED, merchantId: 1 }),
    on('event_of_merchant'),
  ],
  ['an event of the feed', (from) => findFeedEvent(from, 1), on('event_by_position')],
  ['events of the feed', (from) => findFeedEvents(from, [1, 7, 9]), on('event_by_position')],
  [
    'whether the feed told of a later charge before',
    (from) => wasChargedAgainBefore(from, aPayment(), 1),
    {
      sqlite: ['sqlite_autoindex_event_1', 'sqlite_autoindex_payment_3'],
      postgres: ['event_pkey', 'payment_merchant_id_local_no_attempt_key'],
    },
  ],
  [
    'what happened in a range of time',
    (from) => readRange(from, RANGE),
    {
      sqlite: ['event_by_position', 'sqlite_autoindex_feed_page_1'],
      postgres: ['event_by_position', 'feed_page_pkey', walked('feed_page_pkey')],
    },
  ],
  [
    'what happened to one merchant in a range of time',
    (from) => readRange(from, { ...RANGE, merchantId: 1 }),
    {
      sqlite: ['event_of_merchant', 'sqlite_autoindex_feed_page_1'],
      postgres: ['event_of_merchant', 'feed_page_pkey', walked('feed_page_pkey')],
    },
  ],
  [
    'the times of a page of the feed',
    summarizeNextPage,
    {
      sqlite: ['event_by_position', 'sqlite_autoindex_feed_page_1'],
      postgres: ['event_by_position', walked('event_by_position'), walked('feed_page_pkey')],
    },
  ],
  [
    'a webhook endpoint',
    (from) => findEndpoint(from, 'e1'),
    auto('webhook_endpoint', 1, 'webhook_endpoint_pkey'),
  ],
  ['whom an event is owed', listOwed, on()],
  ['endpoints that were deleted', listDeletedEndpoints, on()],
  [
    'endpoints that something is due to',
    (from) => listDueEndpoints(from, 1),
    {
      sqlite: [walked('sqlite_autoindex_webhook_endpoint_1'), 'webhook_delivery_due'],
      postgres: ['webhook_delivery_due', 'webhook_endpoint_pkey'],
    },
  ],
  ['when the next delivery is due', nextDeliveryAtMs, on('webhook_delivery_due')],
  [
    'deliveries to claim',
    (from) => claimDueDeliveries(from, { ...CLAIM, endpointNo: 'e1' }),
    {
      sqlite: [
        'sqlite_autoindex_webhook_delivery_1',
        'webhook_delivery_before',
        'webhook_delivery_due',
      ],
      postgres: ['webhook_delivery_before', 'webhook_delivery_due'],
    },
  ],
  ['a delivery', (from) => findDelivery(from, 'e1', 1), on('webhook_delivery_of_endpoint')],
  [
    'a write of a delivery',
    (from) => saveDelivery(from, DELIVERY),
    auto('webhook_delivery', 1, 'webhook_delivery_of_endpoint'),
  ],
  [
    'what an endpoint is still owed',
    (from) => renewPending(from, 'e1', 1),
    on('webhook_delivery_due'),
  ],
  [
    'the deliveries of an endpoint',
    (from) => pageDeliveries(from, DELIVERIES),
    on('webhook_delivery_of_endpoint'),
  ],
  [
    'those of them in a state',
    (from) => pageDeliveries(from, { ...DELIVERIES, state: 'failed' }),
    on('webhook_delivery_of_endpoint'),
  ],
  [
    'the attempts at a delivery',
    (from) => listAttemptsAt(from, DELIVERY),
    auto('webhook_attempt', 1, 'webhook_attempt_pkey'),
  ],
  [
    'deliveries to delete',
    (from) => deleteEndedBefore(from, 9, 9),
    {
      sqlite: [
        'sqlite_autoindex_webhook_attempt_1',
        'sqlite_autoindex_webhook_delivery_1',
        'webhook_delivery_ended',
      ],
      postgres: ['webhook_attempt_pkey', 'webhook_delivery_ended', 'webhook_delivery_of_endpoint'],
    },
  ],
  [
    'what a deleted endpoint is owed',
    (from) => endPending(from, 'e1', 9),
    {
      sqlite: ['sqlite_autoindex_webhook_delivery_1', 'webhook_delivery_due'],
      postgres: ['webhook_delivery_due', 'webhook_delivery_of_endpoint'],
    },
  ],
  [
    'what a delivery waits for',
    (from) => waitsUntilMs(from, DELIVERY),
    on('webhook_delivery_before'),
  ],
  ['refunds, newest first', (from) => pageRefunds(from, REFUNDS), on(walked('refund_by_time'))],
  [
    'refunds after a place',
    (from) => pageRefunds(from, { ...REFUNDS, after: aRefund() }),
    on('refund_by_time'),
  ],
  [
    'refunds in a state',
    (from) => pageRefunds(from, { ...REFUNDS, state: 'refused' }),
    on(walked('refund_by_time')),
  ],
  [
    'refunds of one merchant and a time',
    (from) => pageRefunds(from, { ...REFUNDS, merchantId: 1, createdFromMs: 1 }),
    on('refund_of_merchant_by_time'),
  ],
  [
    'refunds of one payment, in pages',
    (from) => pageRefunds(from, { ...REFUNDS, payment: aRefund() }),
    auto('refund', 1, 'refund_pkey'),
  ],
  ['an incident', (from) => findIncident(from, 1), auto('incident', 1, 'incident_incident_no_key')],
  [
    'the incidents of a payment',
    (from) => listIncidentsOf(from, aPayment()),
    on('incident_by_payment'),
  ],
  [
    'incidents, newest first',
    (from) => pageIncidents(from, INCIDENTS),
    {
      sqlite: [walked('sqlite_autoindex_incident_1')],
      postgres: [walked('incident_incident_no_key')],
    },
  ],
  [
    'open incidents',
    (from) => pageIncidents(from, { ...INCIDENTS, state: 'open' }),
    on(walked('incident_open')),
  ],
  [
    'open incidents of one merchant',
    (from) => pageIncidents(from, { ...INCIDENTS, state: 'open', merchantId: 1 }),
    on(walked('incident_open')),
  ],
  [
    'incidents of one payment, in pages',
    (from) => pageIncidents(from, { ...INCIDENTS, payment: aPayment() }),
    on('incident_by_payment'),
  ],
  [
    'dongles',
    (from) => pageDongles(from, { afterNo: 'D1', limit: 9 }),
    auto('dongle', 1, 'dongle_pkey'),
  ],
  [
    'the merchants of a dongle',
    (from) => listMerchantsOfDongle(from, 'D1'),
    {
      sqlite: ['merchant_grant_of_dongle', 'merchant_of_owner', 'sqlite_autoindex_merchant_1'],
      postgres: ['merchant_grant_of_dongle', 'merchant_of_owner', 'merchant_pkey'],
    },
  ],
  [
    'the audit log, newest first',
    (from) => pageAudit(from, AUDIT),
    on('audit_entry_outcome', walked('audit_entry_time')),
  ],
  [
    'the audit log after a place',
    (from) => pageAudit(from, { ...AUDIT, after: { atMs: 9, number: 9 } }),
    on('audit_entry_outcome', 'audit_entry_time'),
  ],
  [
    'the audit log of a time',
    (from) => pageAudit(from, { ...AUDIT, fromMs: 1, beforeMs: 9 }),
    on('audit_entry_outcome', 'audit_entry_time'),
  ],
  [
    'what somebody did',
    (from) => pageAudit(from, { ...AUDIT, actorId: 'key_7' }),
    on('audit_entry_actor', 'audit_entry_outcome'),
  ],
  [
    'where something was done',
    (from) => pageAudit(from, { ...AUDIT, operation: 'operation7' }),
    on('audit_entry_operation', 'audit_entry_outcome'),
  ],
  [
    'what was done to something',
    (from) => pageAudit(from, { ...AUDIT, target: 'pay_FF7' }),
    {
      sqlite: ['audit_entry_outcome', 'audit_entry_target', 'sqlite_autoindex_audit_entry_1'],
      postgres: ['audit_entry_outcome', 'audit_entry_pkey', 'audit_entry_target'],
    },
  ],
  ['the audit log from a number on', (from) => readAuditEntries(from, 7, 9), AUDIT_KEY],
])('%s', async (_what, ask, indexes) => {
  const plan = await planOf(ask);
  expect(plan.indexes).toStrictEqual(indexes[ENGINE]);
  expect(plan.scans).toStrictEqual([]);
});

test('a scan is seen', async () => {
  const plan = await planOf((from) =>
    from.selectFrom('payment').select('payment_no').where('subject', '=', 'x').execute(),
  );
  expect(plan.scans).toHaveLength(1);
});

type Plan = { readonly indexes: readonly string[]; readonly scans: readonly string[] };

/** How the engine would run what `ask` asks. */
async function planOf(ask: Ask): Promise<Plan> {
  const asked = await queriesOf(ask);
  const plans: Plan[] = [];
  for (const query of asked) plans.push(await EXPLAIN[ENGINE](query));
  return {
    indexes: [...new Set(plans.flatMap(({ indexes }) => indexes))].toSorted(),
    scans: plans.flatMap(({ scans }) => scans),
  };
}

/** The queries that `ask` runs. What they write is undone. */
async function queriesOf(ask: Ask): Promise<CompiledQuery[]> {
  const asked: CompiledQuery[] = [];
  const undo = new Error('undo');
  const asking = db.transaction().execute(async (tx) => {
    const executor = tx.getExecutor();
    const execute = executor.executeQuery.bind(executor);
    executor.executeQuery = (query, ...rest) => {
      asked.push(query);
      return execute(query, ...rest);
    };
    await ask(tx);
    throw undo;
  });
  await asking.catch((error: unknown) => {
    if (error !== undo) throw error;
  });
  return asked;
}

/** All of these are looked at when something happens or is due: there are few. */
const FEW = 'webhook_endpoint';
/** Of a table, and not of what a part of the query found by index. */
const SCAN = new RegExp(
  `^SCAN (?!(due|untold|waiting|placed|${FEW})\\b|\\d+ CONSTANT|CONSTANT|\\(subquery)(?!.*INDEX)`,
);

const EXPLAIN: Record<typeof ENGINE, (query: CompiledQuery) => Promise<Plan>> = {
  sqlite: async ({ sql, parameters }) => {
    const { rows } = await db.executeQuery<{ detail: string }>(
      CompiledQuery.raw(`explain query plan ${sql}`, [...parameters]),
    );
    const steps = rows.map(({ detail }) => detail);
    return {
      indexes: steps.flatMap((step) => {
        const name = /USING (?:COVERING )?INDEX (\w+)/.exec(step)?.[1];
        return name === undefined ? [] : [step.startsWith('SCAN') ? walked(name) : name];
      }),
      scans: steps.filter((step) => SCAN.test(step)),
    };
  },
  postgres: ({ sql, parameters }) =>
    db.transaction().execute(async (tx) => {
      const raw = (text: string, values: readonly unknown[] = []) =>
        tx.executeQuery<{ 'QUERY PLAN': [{ Plan: Node }] }>(CompiledQuery.raw(text, [...values]));
      await raw('set local enable_seqscan = off');
      const { rows } = await raw(`explain (format json) ${sql}`, parameters);
      const nodes = nodesOf(rows[0]?.['QUERY PLAN'][0].Plan);
      return {
        indexes: nodes.flatMap((node) => {
          const name = node['Index Name'];
          if (name === undefined) return [];
          return [node['Index Cond'] === undefined ? walked(name) : name];
        }),
        scans: nodes
          .filter((node) => node['Node Type'] === 'Seq Scan')
          .flatMap((node) => node['Relation Name'] ?? [])
          .filter((name) => name !== FEW),
      };
    }),
};

type Node = {
  readonly 'Node Type': string;
  readonly 'Index Name'?: string;
  readonly 'Index Cond'?: string;
  readonly 'Relation Name'?: string;
  readonly Plans?: readonly Node[];
};

function nodesOf(node: Node | undefined): Node[] {
  return node === undefined ? [] : [node, ...(node.Plans ?? []).flatMap(nodesOf)];
}
