/**
 * A database with rows in every table whose values are as odd as the schema lets them be: what is copied, dumped or
 * converted must not change any of them. Every column that may be null is null in one row and not in another.
 */
import { insertRows, type Row, type Value } from '../../src/store/copy-rows.ts';
import type { Queryable } from '../../src/store/database.ts';
import { COPIED, type Table } from '../../src/store/tables.ts';

/** None has a zero byte, which PostgreSQL's texts cannot hold: no request with one is let in. */
export const ODD_TEXTS: readonly string[] = [
  '',
  ' ',
  'NULL',
  'null',
  '{a,"b",NULL}',
  String.raw`back \ slash \\ \n \N \. "double" 'single' ''`,
  'line\nbreak\ttab\rreturn',
  '{"a":"\\u4e2d\\"\\\\","b":[1,2.50,null],"c":{}}',
  '迪联测试主题'.repeat(1000),
  '🍵 👨‍👩‍👧‍👦 🇨🇳 \u{10FFFF}',
  'e\u0301 is not \u00e9',
  '\uFEFFbegins with a mark',
  '\u0001\u001f\u007f\u0085',
  '9007199254740993',
];

/** In an order that engines and locales disagree about. */
const NUMBERS = ['FF1', 'ff1', 'Ff-2', 'FF_2', 'FF10', 'é', 'z', 'Z', '中', '一', '🍵'];

const SAFE_MAX = Number.MAX_SAFE_INTEGER;

/** What a column holds in the row with this index, where the schema has a say; anything odd elsewhere. */
const RULED: Readonly<Record<string, (index: number) => Value>> = {
  'dongle.state': oneOf('registered', 'issued', 'revoked'),
  'token.dongle_no': () => `dongle 0`,
  'app_key.sign_type': oneOf('RSA2', 'RSA'),
  'alipay_app.sign_type': oneOf('RSA', 'RSA2'),
  'merchant.state': oneOf('active', 'suspended'),
  'payment.method': oneOf('barcode', 'qr'),
  'payment.state': oneOf('created', 'awaiting_buyer', 'paid', 'declined', 'closed', 'reversed'),
  'payment.answer_method': oneOf('pay', 'query', 'precreate', null),
  'payment.trade_seen': oneOf('never_asked', 'absent', 'open', 'ended', 'foreign', 'disputed'),
  'payment.attempt': (index) => index + 1,
  'payment.amount_fen': oneOf(SAFE_MAX, 1, 10_000_000_000),
  'payment.refunded_fen': oneOf(SAFE_MAX - 1, 0, 1),
  'payment.refunding_fen': oneOf(1, 0, 0),
  'payment.merchant_id': oneOf(0, SAFE_MAX),
  'payment_event.merchant_id': oneOf(0, SAFE_MAX),
  'refund.merchant_id': oneOf(0, SAFE_MAX),
  'incident.merchant_id': oneOf(0, SAFE_MAX),
  'merchant_grant.merchant_id': oneOf(0, SAFE_MAX),
  'refund.state': oneOf('created', 'done', 'refused'),
  'refund.answer_fact': oneOf('done', 'accepted', 'refused', 'absent', null),
  'refund.amount_fen': oneOf(1, SAFE_MAX),
  'api_key.merchant_id': oneOf(null, 0, SAFE_MAX),
  'webhook_endpoint.merchant_id': oneOf(null, 0, SAFE_MAX),
  'webhook_endpoint.state': oneOf('enabled', 'disabled', 'failing'),
  'webhook_endpoint.older_sealed_secret': oneOf(null, 'sealed'),
  'webhook_endpoint.older_until_ms': oneOf(null, SAFE_MAX),
  'webhook_delivery.merchant_id': oneOf(0, SAFE_MAX),
  'webhook_delivery.endpoint_no': () => 'endpoint 0',
  'webhook_delivery.position': (index) => index,
  'webhook_delivery.attempts': (index) => index,
  'webhook_delivery.tries': (index) => index,
  'webhook_delivery.state': oneOf('pending', 'delivered', 'failed'),
  'webhook_delivery.due_at_ms': oneOf(SAFE_MAX, null, null),
  'webhook_attempt.merchant_id': oneOf(0, SAFE_MAX),
  'webhook_attempt.endpoint_no': () => 'endpoint 0',
  'webhook_attempt.position': (index) => index,
  'webhook_attempt.attempt': (index) => index + 1,
  'webhook_attempt.status': oneOf(null, 200),
  'webhook_attempt.fault': oneOf('refused', null),
  'webhook_attempt.answer': oneOf(null, '收到'),
  'webhook_attempt.request_headers': oneOf(null, '{}'),
  'webhook_attempt.answer_headers': oneOf(null, '{}'),
  'user_account.role': oneOf('administrator', 'finance', 'clerk', 'read_only'),
  'user_account.merchant_id': oneOf(null, 0, SAFE_MAX),
  'user_account.state': oneOf('active', 'invited', 'suspended'),
  'user_account.password_hash': oneOf('$argon2id$', null, '密码'),
  'user_account.totp_secret': oneOf(null, 'sealed'),
  'user_account.totp_pending': oneOf('sealed', null),
  'user_account.totp_step': oneOf(null, SAFE_MAX),
  'user_account.last_sign_in_at_ms': oneOf(SAFE_MAX, null),
  'user_account.display_name': oneOf(null, '前台 🍵'),
  'user_session.user_no': () => 'user 0',
  'user_session.must_change_password': oneOf(0, 1),
  'user_link.user_no': oneOf(null, 'user 1'),
  'sign_in_attempts.locked_until_ms': oneOf(null, SAFE_MAX),
  'event.merchant_id': oneOf(0, SAFE_MAX),
  'event.position': (index) => (index % 3 === 0 ? null : index),
  'idempotency.merchant_id': oneOf(0, SAFE_MAX),
  'idempotency.answer_status': oneOf(null, SAFE_MAX),
  'idempotency.answer': oneOf(null, '{"state":"付"}'),
  'audit_entry.number': (index) => index + 1,
  'audit_entry.kind': oneOf('request', 'outcome', 'event'),
  'audit_entry.of_number': (index) => (index % 3 === 1 ? index : null),
  'figure.span': oneOf('hour', 'day'),
  'figure.method': oneOf('barcode', 'qr'),
  'figure.state': oneOf('paid', 'closed'),
  'figure_progress.id': () => 1,
  'incident.state': oneOf('open', 'resolved'),
  'incident.resolved_at_ms': oneOf(null, SAFE_MAX),
  'incident.resolved_by': oneOf(null, '经理 🍵'),
};

const NULLABLE = new Set(
  `secret_hash name local_no body operator_id store_id auth_code_hash alipay_trade_no qr_code answer
  paid_at_ms due_at_ms heard_at_ms cancel_sent_at_ms cancel_found_nothing_at_ms notify_id reason last_sent_at_ms request_no
  note metadata last_used_at_ms revoked_at_ms
  description created_by created_by_name address target outcome failing_since_ms next_key_id certificate_id authorization_id service_provider_id`.split(
    /\s+/,
  ),
);
const NEVER_NULL = new Set([
  'counter.name',
  'app_certificate.certificate_id',
  'app_authorization.authorization_id',
  'api_key.name',
  'user_account.name',
  'webhook_attempt.body',
  'incident.reason',
  'refund.request_no',
]);

/** Rows of each table; `payments` more of the table that others belong to, each with an event. */
export async function insertOddRows(db: Queryable, payments = 0): Promise<void> {
  for (const table of COPIED) await insertRows(db, table, oddRows(table));
  for (const name of ['payment', 'payment_event']) {
    const table = COPIED.find((it) => it.name === name)!;
    const [first = {}] = oddRows(table);
    const more = Array.from({ length: payments }, (_, index) => ({
      ...first,
      payment_no: `FF2501${String(index).padStart(9, '0')}`,
      // Amounts of which so many can be added up.
      ...(name === 'payment'
        ? { local_no: `more ${index}`, amount_fen: 100, refunded_fen: 1, refunding_fen: 0 }
        : {}),
    }));
    for (let done = 0; done < more.length; done += 5000) {
      await insertRows(db, table, more.slice(done, done + 5000));
    }
  }
}

/** Tables that hold one row. */
const OF_ONE = ['vault_check', 'figure_progress'];

function oddRows(table: Table): readonly Row[] {
  const count = OF_ONE.includes(table.name) ? 1 : ODD_TEXTS.length * 2;
  return Array.from({ length: count }, (_, index) =>
    Object.fromEntries(table.columns.map((column) => [column, valueOf(table, column, index)])),
  );
}

function valueOf({ name: table, types }: Table, column: string, index: number): Value {
  const ruled = RULED[`${table}.${column}`];
  if (ruled !== undefined) return ruled(index);
  if (column === 'payment_no') return `${NUMBERS[index % NUMBERS.length]}${index}`;
  if (column === 'endpoint_no') return `endpoint ${index}`;
  if (column === 'dongle_no') return `dongle ${index}`;
  if (column === 'user_no') return `user ${index}`;
  if (column === 'merchant_id') return index === 1 ? SAFE_MAX : index;
  if (/^(owner|app_owner|app_id)$/.test(column)) return `${column} ${index} ${textAt(index)}`;
  const mayBeNull = NULLABLE.has(column) && !NEVER_NULL.has(`${table}.${column}`);
  // The other half of the rows has the same texts, and no nulls.
  if (mayBeNull && index % 3 === 0 && index < ODD_TEXTS.length) return null;
  if (types[column] === 'bigint') return integerOf(column, index);
  return /^(name|token_hash|session_hash|subject_hash|key_no|key_hash|idempotency_key|cpi_no|shop_no|local_no|request_no|notify_id)$/.test(
    column,
  )
    ? `${textAt(index)}${index}`
    : textAt(index);
}

function integerOf(column: string, index: number): number {
  if (/^(is_|in_doubt|alipay_key_given|first_call_ended)/.test(column)) return index % 2;
  if (
    /^(id|key_id|next_key_id|certificate_id|authorization_id|token_id|incident_no|seq|next|version|seen_count)$/.test(
      column,
    )
  )
    return index + 1;
  return index % 4 === 0 ? SAFE_MAX - index : -index;
}

function textAt(index: number): string {
  return ODD_TEXTS[index % ODD_TEXTS.length] ?? '';
}

function oneOf<T extends Value>(...values: readonly T[]): (index: number) => T {
  return (index) => values[index % values.length]!;
}
