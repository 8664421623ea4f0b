/**
 * SQL of webhook endpoints: who wants to hear of what, and where. What each is owed is in `webhooks.ts`.
 */
import type { WebhookEndpoint } from '../core/webhook.ts';
import { takeNumbers } from './counters.ts';
import type { Queryable } from './database.ts';
import { prepared } from './prepared.ts';
import type { WebhookEndpointTable } from './webhook-schema.ts';
import { columnsOf } from './tables.ts';

const ENDPOINT_COLUMNS = columnsOf('webhook_endpoint');
/** The counter that whoever makes an endpoint holds; its numbers mean nothing. */
const TURN_COUNTER = 'webhook_endpoint';

export async function insertEndpoint(db: Queryable, endpoint: WebhookEndpoint): Promise<void> {
  await db.insertInto('webhook_endpoint').values(toEndpointRow(endpoint)).execute();
}

/**
 * How many endpoints a merchant, or the operator, has. In a transaction that goes on to make another: whoever makes one, on
 * whatever node, waits here until that has ended, and counts what it made.
 */
export async function countEndpointsInTurn(
  tx: Queryable,
  merchantId: number | null,
): Promise<number> {
  await takeNumbers(tx, TURN_COUNTER, 1);
  const { count } = await tx
    .selectFrom('webhook_endpoint')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('merchant_id', 'is not distinct from', merchantId)
    .where('deleted_at_ms', 'is', null)
    .executeTakeFirstOrThrow();
  return count;
}

/** Writes an endpoint read at `version - 1`; false when somebody else changed it since. */
export async function saveEndpoint(db: Queryable, endpoint: WebhookEndpoint): Promise<boolean> {
  const { endpoint_no, merchant_id: _, created_at_ms: __, ...columns } = toEndpointRow(endpoint);
  const { numUpdatedRows } = await db
    .updateTable('webhook_endpoint')
    .set(columns)
    .where('endpoint_no', '=', endpoint_no)
    .where('version', '=', endpoint.version - 1)
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

/** Also one that was deleted, while there is something of it to look at. */
export async function findEndpoint(
  db: Queryable,
  endpointNo: string,
): Promise<WebhookEndpoint | undefined> {
  const { rows } = await selectEndpoint(db, { endpointNo });
  return rows[0] && toEndpoint(rows[0]);
}

const selectEndpoint = prepared((db, { endpointNo }: Pick<WebhookEndpoint, 'endpointNo'>) =>
  db.selectFrom('webhook_endpoint').select(ENDPOINT_COLUMNS).where('endpoint_no', '=', endpointNo),
);

/** Oldest first; all of them, or those of one merchant. */
export async function listEndpoints(
  db: Queryable,
  merchantId: number | null = null,
): Promise<readonly WebhookEndpoint[]> {
  const { rows } = await (merchantId === null
    ? selectAll(db, {})
    : selectOfMerchant(db, { merchantId }));
  return rows.map(toEndpoint);
}

const selectAll = prepared((db) =>
  db
    .selectFrom('webhook_endpoint')
    .select(ENDPOINT_COLUMNS)
    .where('deleted_at_ms', 'is', null)
    .orderBy('created_at_ms')
    .orderBy('endpoint_no'),
);

const selectOfMerchant = prepared((db, { merchantId }: { merchantId: number }) =>
  db
    .selectFrom('webhook_endpoint')
    .select(ENDPOINT_COLUMNS)
    .where('merchant_id', '=', merchantId)
    .where('deleted_at_ms', 'is', null)
    .orderBy('created_at_ms')
    .orderBy('endpoint_no'),
);

/** Endpoints that are owed something when an event of their kind happens; a failing one is owed it until it is enabled again. */
export async function listOwed(db: Queryable): Promise<readonly WebhookEndpoint[]> {
  const { rows } = await selectOwed(db, {});
  return rows.map(toEndpoint);
}

const selectOwed = prepared((db) =>
  db.selectFrom('webhook_endpoint').select(ENDPOINT_COLUMNS).where('state', '<>', 'disabled'),
);

function toEndpointRow(endpoint: WebhookEndpoint): WebhookEndpointTable {
  return {
    endpoint_no: endpoint.endpointNo,
    merchant_id: endpoint.merchantId,
    url: endpoint.url,
    types: JSON.stringify(endpoint.types),
    description: endpoint.description,
    sealed_secret: endpoint.sealedSecret,
    older_sealed_secret: endpoint.older?.sealedSecrets.join('\n') ?? null,
    older_until_ms: endpoint.older?.untilMs ?? null,
    state: endpoint.state,
    failing_since_ms: endpoint.failingSinceMs,
    not_before_ms: endpoint.notBeforeMs,
    created_at_ms: endpoint.createdAtMs,
    deleted_at_ms: endpoint.deletedAtMs,
    version: endpoint.version,
  };
}

function toEndpoint(row: WebhookEndpointTable): WebhookEndpoint {
  const { older_sealed_secret: older, older_until_ms: untilMs } = row;
  const types: WebhookEndpoint['types'] = JSON.parse(row.types);
  return {
    endpointNo: row.endpoint_no,
    merchantId: row.merchant_id,
    url: row.url,
    types,
    description: row.description,
    sealedSecret: row.sealed_secret,
    older:
      older === null || untilMs === null ? null : { sealedSecrets: older.split('\n'), untilMs },
    state: row.state,
    failingSinceMs: row.failing_since_ms,
    notBeforeMs: row.not_before_ms,
    createdAtMs: row.created_at_ms,
    deletedAtMs: row.deleted_at_ms,
    version: row.version,
  };
}
