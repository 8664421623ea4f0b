/**
 * The columns that this code reads, by name. `select *` would be shorter, and would break running nodes: PostgreSQL refuses a
 * prepared statement whose result has another shape than before, so that a newer node which adds a column to a table would
 * end every read of it on the connections of the older ones.
 */
import type {
  AlipayAppTable,
  AppKeyTable,
  DongleTable,
  IncidentTable,
  MerchantTable,
  PaymentEventTable,
  PaymentTable,
  RefundTable,
} from './schema.ts';

export const DONGLE_COLUMNS = [
  'dongle_no',
  'state',
  'secret_hash',
  'is_registered',
  'created_at_ms',
  'version',
] as const satisfies readonly (keyof DongleTable)[];

export const APP_COLUMNS = [
  'owner',
  'app_id',
  'sign_type',
  'alipay_public_key',
  'alipay_key_given',
  'key_id',
  'version',
] as const satisfies readonly (keyof AlipayAppTable)[];

export const APP_KEY_COLUMNS = [
  'key_id',
  'owner',
  'app_id',
  'sign_type',
  'modulus_bits',
  'public_key',
  'sealed_private_key',
  'created_at_ms',
] as const satisfies readonly (keyof AppKeyTable)[];

export const MERCHANT_COLUMNS = [
  'merchant_id',
  'cpi_no',
  'shop_no',
  'store_no',
  'owner',
  'app_id',
  'seller_id',
  'name',
  'created_at_ms',
  'version',
] as const satisfies readonly (keyof MerchantTable)[];

export const PAYMENT_COLUMNS = [
  'merchant_id',
  'payment_no',
  'local_no',
  'attempt',
  'method',
  'amount_fen',
  'state',
  'version',
  'subject',
  'body',
  'operator_id',
  'store_id',
  'auth_code_hash',
  'app_owner',
  'app_id',
  'key_id',
  'seller_id',
  'alipay_trade_no',
  'qr_code',
  'answer',
  'answer_method',
  'refunded_fen',
  'refunding_fen',
  'refund_not_before_ms',
  'created_at_ms',
  'deadline_at_ms',
  'dies_at_ms',
  'paid_at_ms',
  'due_at_ms',
  'heard_at_ms',
  'cancel_sent_at_ms',
  'endings_in_vain',
  'is_late',
  'trade_seen',
  'cancel_found_nothing_at_ms',
  'asks_in_vain',
  'first_call_ended',
] as const satisfies readonly (keyof PaymentTable)[];

export const EVENT_COLUMNS = [
  'merchant_id',
  'payment_no',
  'seq',
  'at_ms',
  'kind',
  'state',
  'version',
  'detail',
  'changes',
  'notify_id',
] as const satisfies readonly (keyof PaymentEventTable)[];

export const REFUND_COLUMNS = [
  'merchant_id',
  'payment_no',
  'request_no',
  'amount_fen',
  'reason',
  'store_id',
  'state',
  'version',
  'answer',
  'answer_fact',
  'last_sent_at_ms',
  'in_doubt',
  'asks_in_vain',
  'created_at_ms',
  'due_at_ms',
] as const satisfies readonly (keyof RefundTable)[];

export const INCIDENT_COLUMNS = [
  'merchant_id',
  'incident_no',
  'payment_no',
  'request_no',
  'reason',
  'state',
  'opened_at_ms',
  'last_seen_at_ms',
  'seen_count',
  'resolved_at_ms',
  'resolved_by',
  'note',
  'version',
] as const satisfies readonly (keyof IncidentTable)[];
