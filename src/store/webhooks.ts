/**
 * SQL of what each webhook endpoint is owed; endpoints are in `webhook-endpoints.ts`, attempts in `webhook-attempts.ts`. What is
 * owed is written in the transaction that gives an event its place; it is due like a payment is, and of one payment only the
 * first that is pending is claimed, so that an endpoint hears in order.
 */
import { sql } from 'kysely';
import type { WebhookDelivery, WebhookEndpoint } from '../core/webhook.ts';
import { isPostgres, rowsAtMost, type Queryable } from './database.ts';
import type { Claim } from './due.ts';
import type { FeedEvent } from './event-feed.ts';
import { prepared } from './prepared.ts';
import type { WebhookDeliveryTable } from './webhook-schema.ts';
import { columnsOf } from './tables.ts';

const DELIVERY_COLUMNS = columnsOf('webhook_delivery');

/**
 * What one endpoint is owed of an event that has its place. Nothing when it is owed already. Where one of its payment failed that
 * comes before it, it waits as long as that one does: nobody looks for what cannot be sent.
 */
export async function insertDelivery(
  tx: Queryable,
  { endpointNo }: Pick<WebhookEndpoint, 'endpointNo'>,
  { merchantId, paymentNo, position }: Pick<FeedEvent, 'merchantId' | 'paymentNo' | 'position'>,
  nowMs: number,
): Promise<void> {
  await insertOwed(tx, { merchantId, endpointNo, position, paymentNo, nowMs });
}

type Owed = Behind & { readonly nowMs: number };

const insertOwed = prepared((db, owed: Owed) =>
  db
    .insertInto('webhook_delivery')
    .values((eb) => ({
      merchant_id: owed.merchantId,
      endpoint_no: owed.endpointNo,
      position: owed.position,
      payment_no: owed.paymentNo,
      state: 'pending',
      attempts: 0,
      tries: 0,
      created_at_ms: owed.nowMs,
      due_at_ms: eb.fn.coalesce(firstBefore(db, owed), sql<number>`cast(${owed.nowMs} as bigint)`),
      version: 1,
    }))
    .onConflict((conflict) => conflict.doNothing()),
);

/** In the words of its index: a value that is bound later does not lead to it. */
const PENDING = sql.lit<'pending'>('pending');

type Behind = Pick<WebhookDelivery, 'merchantId' | 'endpointNo' | 'position' | 'paymentNo'>;

/** When that of its payment is due which failed and which it waits for. */
function firstBefore(db: Queryable, behind: Behind) {
  return db
    .selectFrom('webhook_delivery as before')
    .select((eb) => eb.fn.min('before.due_at_ms').as('due'))
    .where('before.merchant_id', '=', behind.merchantId)
    .where('before.endpoint_no', '=', behind.endpointNo)
    .where('before.payment_no', '=', behind.paymentNo)
    .where('before.position', '<', behind.position)
    .where('before.state', '=', PENDING)
    .where('before.tries', '>', 0);
}

/** As long as a delivery waits for another of its payment that failed; undefined when it does not. */
export async function waitsUntilMs(db: Queryable, behind: Behind): Promise<number | undefined> {
  return (await firstBefore(db, behind).executeTakeFirst())?.due ?? undefined;
}

/**
 * Has what waits behind a delivery wait as long as it does, after it failed; or be due at once, when it is over. `delivery` is as it
 * is after its attempt.
 */
export async function moveWaiting(
  tx: Queryable,
  { merchantId, endpointNo, paymentNo, position, dueAtMs }: WebhookDelivery,
  nowMs: number,
): Promise<void> {
  const dueMs = dueAtMs ?? nowMs;
  await updateWaiting(tx, { merchantId, endpointNo, paymentNo, position, dueMs });
}

type Waiting = Behind & { readonly dueMs: number };

const updateWaiting = prepared((db, waiting: Waiting) =>
  db
    .updateTable('webhook_delivery')
    .set({ due_at_ms: waiting.dueMs })
    .where('merchant_id', '=', waiting.merchantId)
    .where('endpoint_no', '=', waiting.endpointNo)
    .where('payment_no', '=', waiting.paymentNo)
    .where('position', '>', waiting.position)
    .where('state', '=', PENDING),
);

/** Endpoints that something is due to, and that may be sent to now; and whether each failed the last time. */
export async function listDueEndpoints(
  db: Queryable,
  nowMs: number,
): Promise<readonly { readonly endpointNo: string; readonly isFailing: boolean }[]> {
  const { rows } = await selectDueEndpoints(db, { nowMs });
  return rows.map(({ endpoint_no: endpointNo, failing_since_ms: failingSinceMs }) => ({
    endpointNo,
    isFailing: failingSinceMs !== null,
  }));
}

const selectDueEndpoints = prepared((db, { nowMs }: { nowMs: number }) =>
  db
    .selectFrom('webhook_endpoint as e')
    .select(['e.endpoint_no', 'e.failing_since_ms'])
    .where('e.state', '=', 'enabled')
    .where('e.not_before_ms', '<=', nowMs)
    .where((eb) =>
      eb.exists(
        eb
          .selectFrom('webhook_delivery as d')
          .select('d.position')
          .whereRef('d.endpoint_no', '=', 'e.endpoint_no')
          .where('d.due_at_ms', '<=', nowMs),
      ),
    )
    .orderBy('e.endpoint_no'),
);

/** Claims what is due to one endpoint, and of each payment only the first that is pending. */
export async function claimDueDeliveries(
  db: Queryable,
  claim: Claim & { readonly endpointNo: string },
): Promise<readonly WebhookDelivery[]> {
  const { rows } = await claimDeliveries(db, claim);
  return rows.map(toDelivery);
}

const claimDeliveries = prepared(
  (db, { nowMs, leaseEndMs, limit, endpointNo }: Claim & { readonly endpointNo: string }) =>
    db
      .with(
        (cte) => cte('due').materialized(),
        (from) =>
          from
            .selectFrom('webhook_delivery as d')
            .select(['d.merchant_id', 'd.endpoint_no', 'd.position'])
            .where('d.endpoint_no', '=', endpointNo)
            .where('d.due_at_ms', '<=', nowMs)
            .where((eb) =>
              eb.not(
                eb.exists(
                  eb
                    .selectFrom('webhook_delivery as before')
                    .select('before.position')
                    .whereRef('before.merchant_id', '=', 'd.merchant_id')
                    .whereRef('before.endpoint_no', '=', 'd.endpoint_no')
                    .whereRef('before.payment_no', '=', 'd.payment_no')
                    .whereRef('before.position', '<', 'd.position')
                    .where('before.state', '=', PENDING),
                ),
              ),
            )
            .orderBy('d.due_at_ms')
            .orderBy('d.position')
            .limit(rowsAtMost(limit))
            .$if(isPostgres(db), (query) => query.forUpdate('d').skipLocked()),
      )
      .updateTable('webhook_delivery')
      .from('due')
      .set({ due_at_ms: leaseEndMs })
      .whereRef('webhook_delivery.merchant_id', '=', 'due.merchant_id')
      .whereRef('webhook_delivery.endpoint_no', '=', 'due.endpoint_no')
      .whereRef('webhook_delivery.position', '=', 'due.position')
      .where('webhook_delivery.due_at_ms', '<=', nowMs)
      .returning(DELIVERY_COLUMNS.map((name) => `webhook_delivery.${name}` as const)),
);

/** When something is due to an endpoint that may be sent to then; undefined when nothing is. */
export async function nextDeliveryAtMs(db: Queryable): Promise<number | undefined> {
  const { rows } = await selectNextDue(db, {});
  return rows[0]?.due_at_ms ?? undefined;
}

const selectNextDue = prepared((db) =>
  db
    .selectFrom((from) =>
      from
        .selectFrom('webhook_endpoint as e')
        .select('e.not_before_ms')
        .select((eb) =>
          eb
            .selectFrom('webhook_delivery as d')
            .select((inner) => inner.fn.min('d.due_at_ms').as('first'))
            .whereRef('d.endpoint_no', '=', 'e.endpoint_no')
            .where('d.due_at_ms', 'is not', null)
            .as('first'),
        )
        .where('e.state', '=', 'enabled')
        .as('waiting'),
    )
    .select(
      sql<number | null>`min(case when first > not_before_ms then first else not_before_ms end)`.as(
        'due_at_ms',
      ),
    )
    .where('first', 'is not', null),
);

/** Writes a delivery read at `version - 1`; false when somebody else changed it since. */
export async function saveDelivery(db: Queryable, delivery: WebhookDelivery): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('webhook_delivery')
    .set({
      state: delivery.state,
      attempts: delivery.attempts,
      tries: delivery.tries,
      created_at_ms: delivery.createdAtMs,
      due_at_ms: delivery.dueAtMs,
      version: delivery.version,
    })
    .where('merchant_id', '=', delivery.merchantId)
    .where('endpoint_no', '=', delivery.endpointNo)
    .where('position', '=', delivery.position)
    .where('version', '=', delivery.version - 1)
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

/** Has everything that an endpoint is still owed tried at once, for three days from now. */
export async function renewPending(
  tx: Queryable,
  endpointNo: string,
  nowMs: number,
): Promise<void> {
  await tx
    .updateTable('webhook_delivery')
    .set((eb) => ({
      created_at_ms: nowMs,
      due_at_ms: nowMs,
      tries: 0,
      version: eb('version', '+', 1),
    }))
    .where('endpoint_no', '=', endpointNo)
    .where('due_at_ms', 'is not', null)
    .execute();
}

/** Ends what an endpoint that was deleted is still owed, `limit` at most; returns how much. */
export async function endPending(
  db: Queryable,
  endpointNo: string,
  limit: number,
): Promise<number> {
  const { numUpdatedRows } = await db
    .with('due', (from) =>
      from
        .selectFrom('webhook_delivery')
        .select(['merchant_id', 'position'])
        .where('endpoint_no', '=', endpointNo)
        .where('due_at_ms', 'is not', null)
        .limit(rowsAtMost(limit)),
    )
    .updateTable('webhook_delivery')
    .from('due')
    .set((eb) => ({
      state: 'failed',
      due_at_ms: null,
      version: eb('webhook_delivery.version', '+', 1),
    }))
    .whereRef('webhook_delivery.merchant_id', '=', 'due.merchant_id')
    .where('webhook_delivery.endpoint_no', '=', endpointNo)
    .whereRef('webhook_delivery.position', '=', 'due.position')
    .executeTakeFirstOrThrow();
  return Number(numUpdatedRows);
}

export async function findDelivery(
  db: Queryable,
  endpointNo: string,
  position: number,
): Promise<WebhookDelivery | undefined> {
  const row = await db
    .selectFrom('webhook_delivery')
    .select(DELIVERY_COLUMNS)
    .where('endpoint_no', '=', endpointNo)
    .where('position', '=', position)
    .executeTakeFirst();
  return row && toDelivery(row);
}

export type DeliveryFilter = {
  readonly endpointNo: string;
  readonly state: WebhookDelivery['state'] | undefined;
  /** Those before this place: newest first. */
  readonly before: number | undefined;
  readonly limit: number;
};

/** What an endpoint is or was owed, newest first. */
export async function pageDeliveries(
  db: Queryable,
  { endpointNo, state, before, limit }: DeliveryFilter,
): Promise<readonly WebhookDelivery[]> {
  let query = db
    .selectFrom('webhook_delivery')
    .select(DELIVERY_COLUMNS)
    .where('endpoint_no', '=', endpointNo);
  if (state !== undefined) query = query.where('state', '=', state);
  if (before !== undefined) query = query.where('position', '<', before);
  const rows = await query.orderBy('position', 'desc').limit(rowsAtMost(limit)).execute();
  return rows.map(toDelivery);
}

function toDelivery(row: WebhookDeliveryTable): WebhookDelivery {
  return {
    merchantId: row.merchant_id,
    endpointNo: row.endpoint_no,
    position: row.position,
    paymentNo: row.payment_no,
    state: row.state,
    attempts: row.attempts,
    tries: row.tries,
    createdAtMs: row.created_at_ms,
    dueAtMs: row.due_at_ms,
    version: row.version,
  };
}
