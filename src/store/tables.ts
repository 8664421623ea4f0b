/**
 * Every table whose rows are a gateway's own, with its columns and primary key, in an order in which a row's references come
 * before it: for reads, which name their columns, and for whoever treats all tables alike, which is the copy into another
 * database. A column or table of `Schema` that is missing here does not compile; a test holds this against what the
 * migrations make.
 */
import { AUDIT_TABLES } from './audit-tables.ts';
import type { Schema } from './schema.ts';
import { USER_TABLES } from './user-schema.ts';

export type ColumnType = 'text' | 'bigint';

/** What the migrations write by themselves in each database, and the mark of a copy, which is about one database only. */
export const NOT_COPIED = ['migration_note', 'kysely_migration', 'copy_marker'] as const;

export type TableName = Exclude<keyof Schema, (typeof NOT_COPIED)[number]>;

type Columns<Table> = {
  readonly [Column in keyof Table]: [Exclude<Table[Column], null>] extends [number]
    ? 'bigint'
    : 'text';
};

/** The columns, and beside them those of the primary key, in its order. */
type Description<Table> = {
  readonly key: readonly (keyof Table & string)[];
  readonly columns: Columns<Table>;
};

const TABLES: { readonly [Name in TableName]: Description<Schema[Name]> } = {
  counter: { key: ['name'], columns: { name: 'text', next: 'bigint' } },
  dongle: {
    key: ['dongle_no'],
    columns: {
      dongle_no: 'text',
      state: 'text',
      secret_hash: 'text',
      is_registered: 'bigint',
      created_at_ms: 'bigint',
      version: 'bigint',
    },
  },
  token: {
    key: ['token_hash'],
    columns: {
      token_hash: 'text',
      token_id: 'bigint',
      dongle_no: 'text',
      expires_at_ms: 'bigint',
    },
  },
  app_key: {
    key: ['key_id'],
    columns: {
      key_id: 'bigint',
      owner: 'text',
      app_id: 'text',
      sign_type: 'text',
      modulus_bits: 'bigint',
      public_key: 'text',
      sealed_private_key: 'text',
      created_at_ms: 'bigint',
    },
  },
  app_certificate: {
    key: ['certificate_id'],
    columns: {
      certificate_id: 'bigint',
      owner: 'text',
      app_id: 'text',
      key_id: 'bigint',
      app_certificate: 'text',
      alipay_certificate: 'text',
      root_certificates: 'text',
      app_cert_sn: 'text',
      alipay_cert_sn: 'text',
      root_cert_sn: 'text',
      app_expires_at_ms: 'bigint',
      alipay_expires_at_ms: 'bigint',
      created_at_ms: 'bigint',
    },
  },
  app_authorization: {
    key: ['authorization_id'],
    columns: {
      authorization_id: 'bigint',
      merchant_id: 'bigint',
      app_id: 'text',
      seller_id: 'text',
      sealed_token: 'text',
      hint: 'text',
      service_provider_id: 'text',
      created_at_ms: 'bigint',
    },
  },
  alipay_app: {
    key: ['owner', 'app_id'],
    columns: {
      owner: 'text',
      app_id: 'text',
      sign_type: 'text',
      alipay_public_key: 'text',
      alipay_key_given: 'bigint',
      key_id: 'bigint',
      next_key_id: 'bigint',
      certificate_id: 'bigint',
      version: 'bigint',
    },
  },
  merchant: {
    key: ['merchant_id'],
    columns: {
      merchant_id: 'bigint',
      cpi_no: 'text',
      shop_no: 'text',
      store_no: 'text',
      owner: 'text',
      app_id: 'text',
      seller_id: 'text',
      name: 'text',
      state: 'text',
      barcode_product: 'text',
      qr_product: 'text',
      authorization_id: 'bigint',
      created_at_ms: 'bigint',
      version: 'bigint',
    },
  },
  merchant_grant: {
    key: ['merchant_id', 'dongle_no'],
    columns: { merchant_id: 'bigint', dongle_no: 'text', created_at_ms: 'bigint' },
  },
  payment: {
    key: ['merchant_id', 'payment_no'],
    columns: {
      merchant_id: 'bigint',
      payment_no: 'text',
      local_no: 'text',
      attempt: 'bigint',
      method: 'text',
      amount_fen: 'bigint',
      state: 'text',
      version: 'bigint',
      subject: 'text',
      body: 'text',
      operator_id: 'text',
      store_id: 'text',
      auth_code_hash: 'text',
      app_owner: 'text',
      app_id: 'text',
      key_id: 'bigint',
      authorization_id: 'bigint',
      seller_id: 'text',
      alipay_trade_no: 'text',
      qr_code: 'text',
      answer: 'text',
      answer_method: 'text',
      refunded_fen: 'bigint',
      refunding_fen: 'bigint',
      refund_not_before_ms: 'bigint',
      created_at_ms: 'bigint',
      deadline_at_ms: 'bigint',
      dies_at_ms: 'bigint',
      paid_at_ms: 'bigint',
      due_at_ms: 'bigint',
      heard_at_ms: 'bigint',
      cancel_sent_at_ms: 'bigint',
      endings_in_vain: 'bigint',
      is_late: 'bigint',
      trade_seen: 'text',
      cancel_found_nothing_at_ms: 'bigint',
      asks_in_vain: 'bigint',
      first_call_ended: 'bigint',
      metadata: 'text',
      created_by: 'text',
      created_by_name: 'text',
    },
  },
  payment_event: {
    key: ['merchant_id', 'payment_no', 'seq'],
    columns: {
      merchant_id: 'bigint',
      payment_no: 'text',
      seq: 'bigint',
      at_ms: 'bigint',
      kind: 'text',
      state: 'text',
      version: 'bigint',
      detail: 'text',
      changes: 'text',
      notify_id: 'text',
    },
  },
  refund: {
    key: ['merchant_id', 'payment_no', 'request_no'],
    columns: {
      merchant_id: 'bigint',
      payment_no: 'text',
      request_no: 'text',
      amount_fen: 'bigint',
      reason: 'text',
      store_id: 'text',
      state: 'text',
      version: 'bigint',
      answer: 'text',
      answer_fact: 'text',
      last_sent_at_ms: 'bigint',
      in_doubt: 'bigint',
      asks_in_vain: 'bigint',
      created_at_ms: 'bigint',
      due_at_ms: 'bigint',
      created_by: 'text',
      created_by_name: 'text',
    },
  },
  incident: {
    key: ['merchant_id', 'incident_no'],
    columns: {
      merchant_id: 'bigint',
      incident_no: 'bigint',
      payment_no: 'text',
      request_no: 'text',
      reason: 'text',
      state: 'text',
      opened_at_ms: 'bigint',
      last_seen_at_ms: 'bigint',
      seen_count: 'bigint',
      resolved_at_ms: 'bigint',
      resolved_by: 'text',
      note: 'text',
      version: 'bigint',
    },
  },
  event: {
    key: ['merchant_id', 'payment_no', 'version', 'type'],
    columns: {
      merchant_id: 'bigint',
      payment_no: 'text',
      version: 'bigint',
      type: 'text',
      at_ms: 'bigint',
      position: 'bigint',
    },
  },
  feed_page: {
    key: ['page'],
    columns: { page: 'bigint', earliest_at_ms: 'bigint', latest_at_ms: 'bigint' },
  },
  figure: {
    key: ['span', 'from_ms', 'merchant_id', 'method', 'state'],
    columns: {
      span: 'text',
      from_ms: 'bigint',
      merchant_id: 'bigint',
      method: 'text',
      state: 'text',
      payments: 'bigint',
      amount_fen: 'bigint',
      refunds: 'bigint',
      refunded_fen: 'bigint',
    },
  },
  figure_progress: {
    key: ['id'],
    columns: { id: 'bigint', until_ms: 'bigint', position: 'bigint' },
  },
  webhook_endpoint: {
    key: ['endpoint_no'],
    columns: {
      endpoint_no: 'text',
      merchant_id: 'bigint',
      url: 'text',
      types: 'text',
      description: 'text',
      sealed_secret: 'text',
      older_sealed_secret: 'text',
      older_until_ms: 'bigint',
      state: 'text',
      failing_since_ms: 'bigint',
      not_before_ms: 'bigint',
      created_at_ms: 'bigint',
      deleted_at_ms: 'bigint',
      version: 'bigint',
    },
  },
  webhook_delivery: {
    key: ['merchant_id', 'endpoint_no', 'position'],
    columns: {
      merchant_id: 'bigint',
      endpoint_no: 'text',
      position: 'bigint',
      payment_no: 'text',
      state: 'text',
      attempts: 'bigint',
      tries: 'bigint',
      created_at_ms: 'bigint',
      due_at_ms: 'bigint',
      version: 'bigint',
    },
  },
  webhook_attempt: {
    key: ['merchant_id', 'endpoint_no', 'position', 'attempt'],
    columns: {
      merchant_id: 'bigint',
      endpoint_no: 'text',
      position: 'bigint',
      attempt: 'bigint',
      at_ms: 'bigint',
      url: 'text',
      body: 'text',
      status: 'bigint',
      answer: 'text',
      fault: 'text',
      duration_ms: 'bigint',
      request_headers: 'text',
      answer_headers: 'text',
    },
  },
  api_key: {
    key: ['key_no'],
    columns: {
      key_no: 'text',
      key_hash: 'text',
      hint: 'text',
      name: 'text',
      merchant_id: 'bigint',
      scopes: 'text',
      created_at_ms: 'bigint',
      last_used_at_ms: 'bigint',
      revoked_at_ms: 'bigint',
      version: 'bigint',
    },
  },
  idempotency: {
    key: ['merchant_id', 'idempotency_key'],
    columns: {
      merchant_id: 'bigint',
      idempotency_key: 'text',
      request_hash: 'text',
      payment_no: 'text',
      request_no: 'text',
      created_at_ms: 'bigint',
      answer_status: 'bigint',
      answer: 'text',
    },
  },
  kept_answer: {
    key: ['caller', 'idempotency_key'],
    columns: {
      caller: 'text',
      idempotency_key: 'text',
      request_hash: 'text',
      sealed_answer: 'text',
      created_at_ms: 'bigint',
    },
  },
  ...USER_TABLES,
  ...AUDIT_TABLES,
  vault_check: { key: ['id'], columns: { id: 'bigint', sealed: 'text' } },
};

/**
 * The columns of a table, to be read by name. `select *` would be shorter, and would break running nodes: PostgreSQL refuses a
 * prepared statement whose result has another shape than before, so that a newer node which adds a column to a table would
 * end every read of it on the connections of the older ones.
 */
export function columnsOf<Name extends TableName>(name: Name): readonly (keyof Schema[Name])[] {
  // `Object.keys` forgets the type of the keys; the table has these and no others.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as the sentence above says
  return Object.keys(TABLES[name].columns) as (keyof Schema[Name])[];
}

/** The types of a table's columns. */
export function typesOf<Name extends TableName>(name: Name): Columns<Schema[Name]> {
  return TABLES[name].columns;
}

/** A table without the types of its columns. */
export type Table = {
  readonly name: string;
  readonly key: readonly string[];
  readonly columns: readonly string[];
  readonly types: Readonly<Record<string, ColumnType>>;
};

/** In the order in which they can be filled. */
export const COPIED: readonly Table[] = Object.entries(TABLES).map(([name, { key, columns }]) => ({
  name,
  key,
  columns: Object.keys(columns),
  types: columns,
}));
