/**
 * SQL of attempts at webhook deliveries: each is a row, written in the transaction of what it made of the delivery.
 */
import type { WebhookDelivery } from '../core/webhook.ts';
import type { Queryable } from './database.ts';
import type { WebhookAttemptTable } from './webhook-schema.ts';
import { columnsOf } from './tables.ts';

const ATTEMPT_COLUMNS = columnsOf('webhook_attempt');

export type Headers = Readonly<Record<string, string>>;

/** One attempt: what was sent where, and what came of it. */
export type WebhookAttempt = Pick<WebhookDelivery, 'merchantId' | 'endpointNo' | 'position'> & {
  readonly atMs: number;
  readonly url: string;
  /** Null where nothing could be sent, or older code did not store them. */
  readonly headers: Headers | null;
  readonly body: string;
  /** The answer's status, its headers and its beginning; or why there was none. */
  readonly outcome:
    | { readonly status: number; readonly headers: Headers | null; readonly answer: string }
    | { readonly fault: string };
  readonly durationMs: number;
};

/** `attempt`: its number among those at its delivery. */
export async function insertAttempt(
  tx: Queryable,
  attempt: WebhookAttempt & { readonly attempt: number },
): Promise<void> {
  const { outcome } = attempt;
  await tx
    .insertInto('webhook_attempt')
    .values({
      merchant_id: attempt.merchantId,
      endpoint_no: attempt.endpointNo,
      position: attempt.position,
      attempt: attempt.attempt,
      at_ms: attempt.atMs,
      url: attempt.url,
      body: attempt.body,
      status: 'status' in outcome ? outcome.status : null,
      answer: 'status' in outcome ? outcome.answer : null,
      fault: 'fault' in outcome ? outcome.fault : null,
      duration_ms: attempt.durationMs,
      request_headers: attempt.headers && JSON.stringify(attempt.headers),
      answer_headers:
        'status' in outcome && outcome.headers !== null ? JSON.stringify(outcome.headers) : null,
    })
    .execute();
}

/** The attempts at a delivery, oldest first. */
export async function listAttempts(
  db: Queryable,
  { merchantId, endpointNo, position }: WebhookDelivery,
): Promise<readonly WebhookAttempt[]> {
  const rows = await db
    .selectFrom('webhook_attempt')
    .select(ATTEMPT_COLUMNS)
    .where('merchant_id', '=', merchantId)
    .where('endpoint_no', '=', endpointNo)
    .where('position', '=', position)
    .orderBy('attempt')
    .execute();
  return rows.map(toAttempt);
}

function toAttempt(row: WebhookAttemptTable): WebhookAttempt {
  return {
    merchantId: row.merchant_id,
    endpointNo: row.endpoint_no,
    position: row.position,
    atMs: row.at_ms,
    url: row.url,
    headers: headersOf(row.request_headers),
    body: row.body,
    outcome:
      row.status === null
        ? { fault: row.fault ?? '' }
        : {
            status: row.status,
            headers: headersOf(row.answer_headers),
            answer: row.answer ?? '',
          },
    durationMs: row.duration_ms,
  };
}

function headersOf(text: string | null): Headers | null {
  const headers: Headers | null = text === null ? null : JSON.parse(text);
  return headers;
}
