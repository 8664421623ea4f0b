/**
 * The codes of the errors of the v2 API. Made from the table of errors by `npm run docs`; docs/errors.md says what each means.
 */

export const PROBLEM_CODES = [
  'invalid_request',
  'malformed_json',
  'idempotency_key_required',
  'authentication_required',
  'api_key_invalid',
  'permission_denied',
  'route_not_found',
  'merchant_not_found',
  'payment_not_found',
  'refund_not_found',
  'api_key_not_found',
  'event_not_found',
  'webhook_endpoint_not_found',
  'webhook_delivery_not_found',
  'qr_code_not_found',
  'merchant_reference_taken',
  'merchant_not_configured',
  'merchant_suspended',
  'no_next_key',
  'key_too_short',
  'credentials_not_proven',
  'payment_not_cancelable',
  'payment_not_refundable',
  'refund_exceeds_payment',
  'shop_no_taken',
  'too_many_webhook_endpoints',
  'payment_in_doubt',
  'precondition_failed',
  'body_too_large',
  'unsupported_media_type',
  'idempotency_key_reused',
  'rate_limited',
  'too_many_exports',
  'internal_error',
  'alipay_silent',
  'database_unavailable',
] as const;

export type ProblemCode = (typeof PROBLEM_CODES)[number];
