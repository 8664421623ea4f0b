/**
 * The shapes of the v2 API: what a request may hold and what an answer holds. Fastify checks requests by them, the OpenAPI
 * document is made from them, and handlers get their types. Amounts are whole fen, times RFC 3339.
 */
import {
  AMOUNT_FEN_MAX,
  AMOUNT_FEN_MIN,
  AUTH_CODE_PATTERN,
  TEXT_LIMITS,
} from '../../core/limits.ts';
import { SCOPES } from '../../core/api-key.ts';
import { PAYMENT_STATES } from '../../flows/describe-payment.ts';
import { textPattern } from './rules.ts';
import { Type, type Schema, type Static } from './shape.ts';

/** Longest wait for an outcome, seconds: below what proxies cut off. */
export const WAIT_S_MAX = 50;
export const METADATA_ENTRIES_MAX = 20;
const METADATA_NAME_MAX = 40;
const METADATA_VALUE_MAX = 500;
export const PAGE_MAX = 100;
export const PAGE_DEFAULT = 20;
export const CURSOR_MAX = 200;

export function text(max: number, description: string) {
  return Type.String({ pattern: textPattern(max), maxLength: max, description });
}

export function nullable<T>(schema: Schema<T>) {
  return Type.Unsafe<T | null>({ anyOf: [schema, { type: 'null' }] });
}

/** A text of which these are all. */
export function oneOf<const Values extends readonly string[]>(values: Values, description: string) {
  return Type.Unsafe<Values[number]>({ type: 'string', enum: values, description });
}

/** The shapes that stand in the document once. */
export type Shared =
  | 'Payment'
  | 'PaymentStatus'
  | 'PaymentTotals'
  | 'Statistics'
  | 'Refund'
  | 'ApiKey'
  | 'Problem'
  | 'Merchant'
  | 'MerchantTest'
  | 'KeyTest'
  | 'CertificateRequest'
  | 'Event'
  | 'Timeline'
  | 'Incident'
  | 'Dongle'
  | 'WebhookEndpoint'
  | 'WebhookDelivery'
  | 'WebhookTest'
  | 'User'
  | 'UserLink'
  | 'Session'
  | 'TotpSecret'
  | 'AuditEntry';

/** One of them, where it is used. */
export function refTo(name: Shared): Schema {
  return { $ref: `${name}#` };
}

export const Closed = { additionalProperties: false } as const;
export function time(description: string) {
  return Type.String({ format: 'date-time', description });
}
export const Time = time('RFC 3339');
export const createdRange = {
  created_from: Type.Optional(time('Begun then or later. In a URL `+` is `%2B`.')),
  created_before: Type.Optional(time('Begun before.')),
};
const Currency = oneOf(['CNY'], 'Always CNY.');
export const Amount = Type.Integer({
  minimum: AMOUNT_FEN_MIN,
  maximum: AMOUNT_FEN_MAX,
  description: 'Whole fen: 8800 is 88.00 yuan.',
});
function sum(description: string) {
  return Type.Integer({ minimum: 0, description });
}
const PaymentState = oneOf(
  PAYMENT_STATES,
  '`created`: begun, and not certain. `awaiting_buyer`: the guest has to scan or to confirm. `paid`: the money is there. `declined`: Alipay refused. `closed`: ended unpaid. `reversed`: was paid, and all of it went back.',
);
export const Metadata = Type.Record(
  Type.String({ pattern: textPattern(METADATA_NAME_MAX) }),
  text(METADATA_VALUE_MAX, 'Your own note.'),
  {
    maxProperties: METADATA_ENTRIES_MAX,
    additionalProperties: false,
    description: 'Your own notes, kept with the payment and shown again.',
  },
);

export const Wait = Type.Integer({
  minimum: 0,
  maximum: WAIT_S_MAX,
  description: 'Answer as soon as the outcome is final, or after so many seconds.',
});
/** Of what takes nothing there: a typing error is no wish. */
export const NoQuery = Type.Object({}, Closed);
export const WaitQuery = Type.Object({ wait: Type.Optional(Wait) }, Closed);

/** Printable ASCII, so that it survives every proxy and log. */
const IdempotencyKey = Type.String({
  pattern: String.raw`^[\x21-\x7e]{1,255}$`,
  description:
    'New for each intention, the same when the call is repeated: then it has one effect and one answer.',
});
/** Of what moves money. */
export const IdempotencyHeaders = Type.Object({ 'idempotency-key': IdempotencyKey });
/** Of what makes something else, or shows what is shown once. */
export const MayRepeatHeaders = Type.Object({ 'idempotency-key': Type.Optional(IdempotencyKey) });
export const IfMatchHeaders = Type.Object({
  'if-match': Type.Optional(
    Type.String({
      description: 'The ETag that you read: a change by others since is then refused.',
    }),
  ),
});

export const MerchantField = text(80, 'The merchant’s id; a merchant’s own key needs none.');
export const IdParams = Type.Object({ id: Type.String() });

const common = {
  merchant: Type.Optional(MerchantField),
  amount: Amount,
  currency: Type.Optional(Currency),
  merchant_reference: text(
    TEXT_LIMITS.localNo,
    'Your number of the bill: one bill, one payment. v1 calls it localNo.',
  ),
  subject: text(TEXT_LIMITS.subject, 'What the guest reads in Alipay.'),
  description: Type.Optional(text(TEXT_LIMITS.body, 'More about it.')),
  operator_id: Type.Optional(text(TEXT_LIMITS.operatorId, 'The clerk.')),
  store_id: Type.Optional(text(TEXT_LIMITS.storeId, 'The store.')),
  metadata: Type.Optional(Metadata),
};

export const PaymentCreate = Type.Object(
  {
    method: oneOf(
      ['barcode', 'qr'],
      '`barcode`: the guest shows a code. `qr`: the guest scans one.',
    ),
    auth_code: Type.Optional(
      Type.String({
        pattern: AUTH_CODE_PATTERN.source,
        description: 'The guest’s payment code; for `barcode` only.',
      }),
    ),
    ...common,
  },
  Closed,
);
export type PaymentCreate = Static<typeof PaymentCreate>;

const AlipaySays = Type.Object({
  out_trade_no: Type.String({ description: 'Our number of the trade at Alipay.' }),
  trade_no: nullable(Type.String({ description: 'Alipay’s own number of it.' })),
  buyer_logon_id: nullable(Type.String({ description: 'The buyer’s account, masked by Alipay.' })),
});

const Failure = Type.Object({
  code: Type.String({ description: 'Alipay’s code, e.g. ACQ.BUYER_BALANCE_NOT_ENOUGH.' }),
  message: Type.String({ description: 'Alipay’s sentence, for the clerk.' }),
});

const CreatedBy = nullable(
  Type.Object(
    {
      id: Type.String({ description: '`key_…` or `user_…`.' }),
      name: Type.String({ description: 'As it was called then.' }),
    },
    { description: 'Who asked for it; null for what came over v1 or by itself.' },
  ),
);

const NextAction = Type.Object({
  type: oneOf(
    ['show_qr_code', 'wait_for_buyer'],
    '`show_qr_code`: show it to the guest. `wait_for_buyer`: the guest confirms on the phone.',
  ),
  qr_code: Type.Optional(Type.String({ description: 'The text of the code.' })),
  svg_url: Type.Optional(Type.String({ description: 'Its picture, as SVG.' })),
  png_url: Type.Optional(Type.String({ description: 'Its picture, as PNG.' })),
});

const ExpiresAt = time('When it is ended unless it is paid; a cancel brings it forward.');

export const PaymentResource = Type.Object(
  {
    id: Type.String(),
    object: oneOf(['payment'], 'Always payment.'),
    merchant: Type.String(),
    merchant_reference: nullable(Type.String({ description: 'Your number of the bill.' })),
    attempt: Type.Integer({
      description: '1, or more when the bill was charged again after it ended unpaid.',
    }),
    method: oneOf(['barcode', 'qr'], 'How the guest pays.'),
    amount: Amount,
    currency: Currency,
    refunded_amount: sum('Whole fen that went back.'),
    refunding_amount: sum('Whole fen that are on their way back.'),
    state: PaymentState,
    late: Type.Boolean({ description: 'The money came after the payment had ended unpaid.' }),
    allowed_actions: Type.Array(oneOf(['cancel', 'refund'], 'What may be done with it now.')),
    next_action: nullable(NextAction),
    stream_url: Type.String({
      description: 'Where a page hears of it, without a key (streamPayment).',
    }),
    failure: nullable(Failure),
    subject: Type.String(),
    description: nullable(Type.String()),
    operator_id: nullable(Type.String()),
    store_id: nullable(Type.String()),
    metadata: Type.Record(Type.String(), Type.String()),
    created_by: CreatedBy,
    alipay: AlipaySays,
    created_at: Time,
    expires_at: ExpiresAt,
    paid_at: nullable(
      time('When the guest paid, as Alipay tells it: in whole seconds, by its own clock.'),
    ),
  },
  { $id: 'Payment' },
);
export type PaymentResource = Static<typeof PaymentResource>;

export const PaymentStatus = Type.Object(
  {
    id: Type.String(),
    object: oneOf(['payment_status'], 'Always payment_status.'),
    state: PaymentState,
    final: Type.Boolean({ description: 'Nobody can pay it any more: the stream ends.' }),
    amount: Amount,
    currency: Currency,
    refunded_amount: sum('Whole fen that went back.'),
    refunding_amount: sum('Whole fen that are on their way back.'),
    expires_at: ExpiresAt,
  },
  { $id: 'PaymentStatus' },
);
export type PaymentStatus = Static<typeof PaymentStatus>;

export const PaymentStream = Type.String({
  description:
    'Server-sent events: each has the payment’s version as `id` and a `PaymentStatus` as JSON in `data`.',
});
export const StreamHeaders = Type.Object({
  'last-event-id': Type.Optional(
    Type.String({
      description: 'The `id` that was heard last; an `EventSource` sends it by itself.',
    }),
  ),
});
/** Longer than any token that was given. */
const TOKEN_MAX = 200;
export const StreamQuery = Type.Object(
  {
    token: Type.Optional(
      Type.String({ maxLength: TOKEN_MAX, description: 'As `stream_url` has it.' }),
    ),
  },
  Closed,
);

export const RefundCreate = Type.Object(
  {
    amount: Amount,
    reason: Type.Optional(text(TEXT_LIMITS.refundReason, 'Why, for your books and Alipay’s.')),
  },
  Closed,
);
export type RefundCreate = Static<typeof RefundCreate>;

const REFUND_STATES = ['pending', 'succeeded', 'failed'] as const;

export const RefundResource = Type.Object(
  {
    id: Type.String(),
    object: oneOf(['refund'], 'Always refund.'),
    payment: Type.String(),
    amount: Amount,
    currency: Currency,
    state: oneOf(REFUND_STATES, '`pending`: asked for, and not certain. The other two are final.'),
    reason: nullable(Type.String()),
    failure: nullable(Failure),
    created_by: CreatedBy,
    created_at: Time,
  },
  { $id: 'Refund' },
);
export type RefundResource = Static<typeof RefundResource>;

const Limit = Type.Integer({ minimum: 1, maximum: PAGE_MAX, default: PAGE_DEFAULT });
export const pageQuery = {
  limit: Type.Optional(Limit),
  cursor: Type.Optional(
    Type.String({ maxLength: CURSOR_MAX, description: '`next_cursor` of the page before.' }),
  ),
};

/** The id of a refund may be long, and so is its place in a list. */
const REFUND_CURSOR_MAX = 600;

export const RefundQuery = Type.Object(
  {
    merchant: Type.Optional(MerchantField),
    payment: Type.Optional(text(80, 'Those of this payment.')),
    state: Type.Optional(oneOf(REFUND_STATES, 'Those in this state.')),
    ...createdRange,
    ...pageQuery,
    cursor: Type.Optional(
      Type.String({
        maxLength: REFUND_CURSOR_MAX,
        description: '`next_cursor` of the page before.',
      }),
    ),
  },
  Closed,
);
export type RefundQuery = Static<typeof RefundQuery>;

/** A page: `next_cursor` asks for the one after it; null on the last. */
export function pageOf<Item>(item: Schema<Item>) {
  return Type.Object({
    object: oneOf(['list'], 'Always list.'),
    data: Type.Array(item),
    next_cursor: nullable(Type.String()),
  });
}

export const ProblemBody = Type.Object(
  {
    type: Type.String(),
    title: Type.String(),
    status: Type.Integer(),
    code: Type.String(),
    detail: Type.String(),
    detail_zh: Type.String(),
    field: Type.Optional(Type.String()),
    payment: Type.Optional(Type.String()),
    alipay: Type.Optional(Type.Object({ code: Type.String(), sub_code: nullable(Type.String()) })),
    request_id: Type.String(),
  },
  { $id: 'Problem' },
);

const Scopes = Type.Array(
  oneOf(
    SCOPES,
    '`charge` begins and cancels payments, `manage` is for merchants and keys, `administer` for people who sign in.',
  ),
  { minItems: 1, maxItems: SCOPES.length, uniqueItems: true },
);

export const ApiKeyCreate = Type.Object(
  {
    name: text(TEXT_LIMITS.merchantName, 'What it is for, for people.'),
    merchant: Type.Optional(text(80, 'The one merchant it is for; an operator’s key without it.')),
    scopes: Scopes,
  },
  Closed,
);
export type ApiKeyCreate = Static<typeof ApiKeyCreate>;

export const ApiKeyResource = Type.Object(
  {
    id: Type.String(),
    object: oneOf(['api_key'], 'Always api_key.'),
    name: Type.String(),
    merchant: nullable(Type.String()),
    scopes: Scopes,
    hint: Type.String({ description: 'How the key begins.' }),
    secret: Type.Optional(
      Type.String({ description: 'The key itself: in the answer that made it, and never again.' }),
    ),
    created_at: Time,
    last_used_at: nullable(Time),
    revoked_at: nullable(Time),
  },
  { $id: 'ApiKey' },
);
