/**
 * The tables as Kysely sees them: one type per table, columns as they are stored. Portable types only: text, whole
 * numbers (fen and epoch milliseconds, safe integers), JSON as text. The migrations make these tables; each table's
 * file beside this one turns rows into the types of `core/`, field by field.
 */
import type { EventType } from '../core/event-types.ts';
import type { IncidentReason } from '../core/incident.ts';
import type { MerchantState } from '../core/merchant.ts';
import type {
  WebhookAttemptTable,
  WebhookDeliveryTable,
  WebhookEndpointTable,
} from './webhook-schema.ts';
import type { AuditEntryTable, AuditHeadTable } from './audit-tables.ts';
import type {
  SignInAttemptsTable,
  UserAccountTable,
  UserLinkTable,
  UserSessionTable,
} from './user-schema.ts';

export type Schema = {
  counter: CounterTable;
  dongle: DongleTable;
  token: TokenTable;
  alipay_app: AlipayAppTable;
  app_key: AppKeyTable;
  app_certificate: AppCertificateTable;
  app_authorization: AppAuthorizationTable;
  merchant: MerchantTable;
  merchant_grant: MerchantGrantTable;
  payment: PaymentTable;
  payment_event: PaymentEventTable;
  refund: RefundTable;
  incident: IncidentTable;
  migration_note: MigrationNoteTable;
  vault_check: VaultCheckTable;
  copy_marker: CopyMarkerTable;
  api_key: ApiKeyTable;
  idempotency: IdempotencyTable;
  kept_answer: KeptAnswerTable;
  event: EventTable;
  feed_page: FeedPageTable;
  figure: FigureTable;
  figure_progress: FigureProgressTable;
  webhook_endpoint: WebhookEndpointTable;
  webhook_delivery: WebhookDeliveryTable;
  webhook_attempt: WebhookAttemptTable;
  user_account: UserAccountTable;
  user_session: UserSessionTable;
  user_link: UserLinkTable;
  sign_in_attempts: SignInAttemptsTable;
  audit_entry: AuditEntryTable;
  audit_head: AuditHeadTable;
  kysely_migration: KyselyMigrationTable;
};

/** Running numbers. `next` is the first one that nobody has taken. */
export type CounterTable = { name: string; next: number };

/** A credential holder of the v1 API. Only the hash of its secret key is kept. */
export type DongleTable = {
  dongle_no: string;
  /** `registered`: may ask for a key once; `issued`: has one; `revoked`: may do nothing. */
  state: 'registered' | 'issued' | 'revoked';
  secret_hash: string | null;
  is_registered: number;
  created_at_ms: number;
  version: number;
};

export type TokenTable = {
  token_hash: string;
  token_id: number;
  dongle_no: string;
  expires_at_ms: number;
};

/** An Alipay application as one owner uses it; the owner's merchants with this app id share it and its key. */
export type AlipayAppTable = {
  owner: string;
  app_id: string;
  sign_type: 'RSA2' | 'RSA';
  /** Alipay's public key for the app, base64 DER; empty while nobody gave one. */
  alipay_public_key: string;
  /** 1 when a person gave that key: then nothing overwrites it. */
  alipay_key_given: number;
  key_id: number;
  next_key_id: number | null;
  certificate_id: number | null;
  version: number;
};

/** A key pair made for an app. Old ones stay: trades begun under them still resolve. */
export type AppKeyTable = {
  key_id: number;
  owner: string;
  app_id: string;
  sign_type: 'RSA2' | 'RSA';
  modulus_bits: number;
  /** SubjectPublicKeyInfo, base64 DER without armour. */
  public_key: string;
  /** The private key as the vault sealed it. */
  sealed_private_key: string;
  created_at_ms: number;
};

/** The certificates of an app in certificate mode; rows are never changed. */
export type AppCertificateTable = {
  certificate_id: number;
  owner: string;
  app_id: string;
  key_id: number;
  app_certificate: string;
  alipay_certificate: string;
  root_certificates: string;
  app_cert_sn: string;
  alipay_cert_sn: string;
  root_cert_sn: string;
  app_expires_at_ms: number;
  alipay_expires_at_ms: number;
  created_at_ms: number;
};

/** A merchant's word that a service provider's app may act for it; rows are never changed. */
export type AppAuthorizationTable = {
  authorization_id: number;
  merchant_id: number;
  app_id: string;
  seller_id: string;
  /** The app_auth_token as the vault sealed it. */
  sealed_token: string;
  hint: string;
  service_provider_id: string | null;
  created_at_ms: number;
};

export type MerchantTable = {
  merchant_id: number;
  cpi_no: string;
  shop_no: string;
  store_no: string;
  owner: string;
  app_id: string;
  seller_id: string;
  name: string | null;
  state: MerchantState;
  barcode_product: string;
  qr_product: string;
  authorization_id: number | null;
  created_at_ms: number;
  version: number;
};

/** Dongles besides the owner's that an operator let use a merchant. */
export type MerchantGrantTable = { merchant_id: number; dongle_no: string; created_at_ms: number };

export type PaymentTable = {
  merchant_id: number;
  payment_no: string;
  local_no: string | null;
  attempt: number;
  method: 'barcode' | 'qr';
  amount_fen: number;
  state: 'created' | 'awaiting_buyer' | 'paid' | 'declined' | 'closed' | 'reversed';
  version: number;
  subject: string;
  body: string | null;
  operator_id: string | null;
  store_id: string | null;
  auth_code_hash: string | null;
  app_owner: string;
  app_id: string;
  key_id: number;
  authorization_id: number | null;
  seller_id: string;
  alipay_trade_no: string | null;
  qr_code: string | null;
  answer: string | null;
  answer_method: 'pay' | 'query' | 'precreate' | null;
  refunded_fen: number;
  refunding_fen: number;
  refund_not_before_ms: number;
  created_at_ms: number;
  deadline_at_ms: number;
  dies_at_ms: number;
  paid_at_ms: number | null;
  due_at_ms: number | null;
  heard_at_ms: number | null;
  cancel_sent_at_ms: number | null;
  endings_in_vain: number;
  is_late: number;
  trade_seen: 'never_asked' | 'absent' | 'open' | 'ended' | 'foreign' | 'disputed';
  cancel_found_nothing_at_ms: number | null;
  asks_in_vain: number;
  first_call_ended: number;
  /** JSON: what the merchant noted on it (v2). */
  metadata: string | null;
  created_by: string | null;
  created_by_name: string | null;
};

/** What happened to a payment. */
export type PaymentEventKind =
  | 'created'
  | 'adopted'
  | 'fact'
  | 'silence'
  | 'hint'
  | 'cancel_sent'
  | 'cancel_asked'
  | 'refund_created'
  | 'refund_refused'
  | 'refund_sent'
  | 'refund_fact'
  | 'refund_silence'
  | 'late_payment'
  | 'incident'
  | 'incident_resolved';

/** The full history of a payment and its refunds, in the order of `seq`. Written in the transaction of the change. */
export type PaymentEventTable = {
  merchant_id: number;
  payment_no: string;
  seq: number;
  at_ms: number;
  kind: PaymentEventKind;
  state: string;
  version: number;
  /** JSON: method, fact, code, sub_code, trace id, reason. Never keys, payment codes or whole accounts. */
  detail: string;
  /** JSON: the fields that this event changed (`Changes` of `core/history.ts`); `{}` for an effect of the event before it. */
  changes: string;
  /** Alipay's number of the notification, for a hint; unique within the payment. */
  notify_id: string | null;
};

export type RefundTable = {
  merchant_id: number;
  payment_no: string;
  request_no: string;
  amount_fen: number;
  reason: string | null;
  store_id: string | null;
  state: 'created' | 'done' | 'refused';
  version: number;
  answer: string | null;
  answer_fact: 'done' | 'accepted' | 'refused' | 'absent' | null;
  last_sent_at_ms: number | null;
  in_doubt: number;
  asks_in_vain: number;
  created_at_ms: number;
  due_at_ms: number | null;
  created_by: string | null;
  created_by_name: string | null;
};

/** What a person must look into. At most one open row for a payment, refund and reason. */
export type IncidentTable = {
  merchant_id: number;
  /** A running number over all merchants. */
  incident_no: number;
  payment_no: string;
  /** The refund that it is about, if it is about one. */
  request_no: string | null;
  reason: IncidentReason;
  state: 'open' | 'resolved';
  opened_at_ms: number;
  last_seen_at_ms: number;
  seen_count: number;
  resolved_at_ms: number | null;
  /** A person's name, or `gateway`. */
  resolved_by: string | null;
  note: string | null;
  version: number;
};

/** A key of the v2 API. Only its hash is kept. */
export type ApiKeyTable = {
  key_no: string;
  key_hash: string;
  hint: string;
  name: string;
  /** Null for an operator's. */
  merchant_id: number | null;
  /** JSON: a list of scopes. */
  scopes: string;
  created_at_ms: number;
  last_used_at_ms: number | null;
  revoked_at_ms: number | null;
  version: number;
};

/** A call of the v2 API that may be sent again, with its first answer once there is one. */
export type IdempotencyTable = {
  merchant_id: number;
  idempotency_key: string;
  request_hash: string;
  payment_no: string;
  request_no: string | null;
  created_at_ms: number;
  answer_status: number | null;
  answer: string | null;
};

/** The answer to a call that made something and may be sent again. */
export type KeptAnswerTable = {
  caller: string;
  idempotency_key: string;
  request_hash: string;
  sealed_answer: string;
  created_at_ms: number;
};

/** What a merchant hears of. Written in the transaction of the change, and given its place in the feed afterwards. */
export type EventTable = {
  merchant_id: number;
  payment_no: string;
  /** The payment's version that the change made. */
  version: number;
  type: EventType;
  at_ms: number;
  /** Its place among all events, for ever; null until it has one. */
  position: number | null;
};

/** Between which times a thousand places of the feed are; made afterwards, of places that are all given. */
export type FeedPageTable = { page: number; earliest_at_ms: number; latest_at_ms: number };

/** Sums over the payments that were begun in an hour or a Shanghai day, by what they have in common. */
export type FigureTable = {
  span: 'hour' | 'day';
  from_ms: number;
  /** 0: over all merchants, of an hour only. */
  merchant_id: number;
  method: PaymentTable['method'];
  /** As it is shown: money that goes back late is `reversed`. */
  state: PaymentTable['state'];
  payments: number;
  amount_fen: number;
  /** Refunds that are done. */
  refunds: number;
  refunded_fen: number;
};

/** One row: the hours before `until_ms` have figures, and what the feed tells up to `position` is in them. */
export type FigureProgressTable = { id: number; until_ms: number; position: number };

/** Of each migration that ran, whether code that does not know it may run on the database. */
export type MigrationNoteTable = { name: string; old_code_may_run: number };

/** One row: a known text, sealed by the vault that is used with this database. */
export type VaultCheckTable = { id: number; sealed: string };

/** One row while another database is being copied into this one. */
export type CopyMarkerTable = {
  id: number;
  /** Where the rows come from, without user and password. */
  source: string;
  /** JSON: how many rows each table of the source had when the copy began. */
  source_counts: string;
  began_at_ms: number;
  /** The table whose turn it is; those before it are copied. */
  table_name: string;
  /** JSON: the primary key of its last row that was copied; null before the first. */
  last_key: string | null;
  /** Rows copied so far, of all tables. */
  rows_done: number;
  version: number;
};

/** The migrator's own record of what ran. */
export type KyselyMigrationTable = { name: string; timestamp: string };
