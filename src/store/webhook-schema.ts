/**
 * The tables of webhooks as Kysely sees them: who is called, what is owed to them, and each attempt. The other tables, and what
 * holds of all of them, are in `schema.ts`.
 */

/** Where a merchant's, or an operator's, program wants to be called. */
export type WebhookEndpointTable = {
  endpoint_no: string;
  /** Null for an operator's, which hears of all merchants. */
  merchant_id: number | null;
  url: string;
  /** JSON: a list of event types; all of them when it is empty. */
  types: string;
  description: string | null;
  sealed_secret: string;
  /** One in a line, the newest first. */
  older_sealed_secret: string | null;
  older_until_ms: number | null;
  state: 'enabled' | 'disabled' | 'failing';
  failing_since_ms: number | null;
  not_before_ms: number;
  created_at_ms: number;
  deleted_at_ms: number | null;
  version: number;
};

/** One event that is owed to one endpoint. `merchant_id` and `payment_no` are the event's. */
export type WebhookDeliveryTable = {
  merchant_id: number;
  endpoint_no: string;
  position: number;
  payment_no: string;
  state: 'pending' | 'delivered' | 'failed';
  attempts: number;
  /** Those since `created_at_ms`, which a redelivery begins anew. */
  tries: number;
  created_at_ms: number;
  due_at_ms: number | null;
  version: number;
};

/** One attempt at a delivery: an answer, or a fault. */
export type WebhookAttemptTable = {
  merchant_id: number;
  endpoint_no: string;
  position: number;
  attempt: number;
  at_ms: number;
  url: string;
  body: string;
  status: number | null;
  /** The beginning of the answer. */
  answer: string | null;
  fault: string | null;
  duration_ms: number;
  /** JSON: each by its name. Null of an attempt that older code made, and of the answer where there is none. */
  request_headers: string | null;
  answer_headers: string | null;
};
