/**
 * One method for each operation of the v2 API, by what it is about. Made from the OpenAPI document by `npm run docs`: change the
 * routes, not this file.
 */
import { every, follow, type FollowOptions } from '../pages.ts';
import type { CallOptions, KeyedOptions } from '../request.ts';
import type { Transport } from '../transport.ts';
import type {
  Payment,
  PaymentStatus,
  Refund,
  Merchant,
  MerchantTest,
  KeyTest,
  CertificateRequest,
  Event,
  Timeline,
  Incident,
  Dongle,
  WebhookEndpoint,
  WebhookDelivery,
  WebhookTest,
  ApiKey,
  UserLink,
  User,
  Session,
  TotpSecret,
  AuditEntry,
  PaymentTotals,
  Statistics,
} from './shapes.ts';

export type CreatePaymentBody = {
  /** `barcode`: the guest shows a code. `qr`: the guest scans one. */
  readonly method: 'barcode' | 'qr';
  /** The guest’s payment code; for `barcode` only. */
  readonly auth_code?: string | undefined;
  /** The merchant’s id; a merchant’s own key needs none. */
  readonly merchant?: string | undefined;
  /** Whole fen: 8800 is 88.00 yuan. */
  readonly amount: number;
  /** Always CNY. */
  readonly currency?: 'CNY' | undefined;
  /** Your number of the bill: one bill, one payment. v1 calls it localNo. */
  readonly merchant_reference: string;
  /** What the guest reads in Alipay. */
  readonly subject: string;
  /** More about it. */
  readonly description?: string | undefined;
  /** The clerk. */
  readonly operator_id?: string | undefined;
  /** The store. */
  readonly store_id?: string | undefined;
  /** Your own notes, kept with the payment and shown again. */
  readonly metadata?: Readonly<Record<string, string>> | undefined;
};

export type CreatePaymentOptions = KeyedOptions & {
  /** Answer as soon as the outcome is final, or after so many seconds. */
  readonly wait?: number | undefined;
};

export type ListPaymentsOptions = CallOptions & {
  /** The merchant’s id; a merchant’s own key needs none. */
  readonly merchant?: string | undefined;
  /** Those in this state. */
  readonly state?:
    | 'created'
    | 'awaiting_buyer'
    | 'paid'
    | 'declined'
    | 'closed'
    | 'reversed'
    | undefined;
  /** Those that are paid so. */
  readonly method?: 'barcode' | 'qr' | undefined;
  /** Those of this bill. */
  readonly merchant_reference?: string | undefined;
  /** Those with this number, whole: the payment’s id or `out_trade_no`, your reference, Alipay’s `trade_no`, or the id of a refund. */
  readonly number?: string | undefined;
  /** Those of so many fen or more. */
  readonly amount_from?: number | undefined;
  /** Those of so many fen or fewer. */
  readonly amount_to?: number | undefined;
  /** `true`: those of which something went back. `false`: the others. */
  readonly refunded?: 'true' | 'false' | undefined;
  /** Those that this key or user asked for. */
  readonly created_by?: string | undefined;
  /** Begun then or later. In a URL `+` is `%2B`. */
  readonly created_from?: string | undefined;
  /** Begun before. */
  readonly created_before?: string | undefined;
  readonly limit?: number | undefined;
  /** `next_cursor` of the page before. */
  readonly cursor?: string | undefined;
};

export type ListPaymentsAnswer = {
  /** Always list. */
  readonly object: 'list';
  readonly data: readonly Payment[];
  readonly next_cursor: string | null;
};

export type GetPaymentOptions = CallOptions & {
  /** Answer as soon as the outcome is final, or after so many seconds. */
  readonly wait?: number | undefined;
};

export type CancelPaymentOptions = KeyedOptions & {
  /** Answer as soon as the outcome is final, or after so many seconds. */
  readonly wait?: number | undefined;
};

export type CreateRefundBody = {
  /** Whole fen: 8800 is 88.00 yuan. */
  readonly amount: number;
  /** Why, for your books and Alipay’s. */
  readonly reason?: string | undefined;
};

export type CreateRefundOptions = KeyedOptions & {
  /** Answer as soon as the outcome is final, or after so many seconds. */
  readonly wait?: number | undefined;
};

export type ListRefundsAnswer = {
  /** Always list. */
  readonly object: 'list';
  readonly data: readonly Refund[];
  readonly next_cursor: string | null;
};

export type SearchRefundsOptions = CallOptions & {
  /** The merchant’s id; a merchant’s own key needs none. */
  readonly merchant?: string | undefined;
  /** Those of this payment. */
  readonly payment?: string | undefined;
  /** Those in this state. */
  readonly state?: 'pending' | 'succeeded' | 'failed' | undefined;
  /** Begun then or later. In a URL `+` is `%2B`. */
  readonly created_from?: string | undefined;
  /** Begun before. */
  readonly created_before?: string | undefined;
  readonly limit?: number | undefined;
  /** `next_cursor` of the page before. */
  readonly cursor?: string | undefined;
};

export type SearchRefundsAnswer = {
  /** Always list. */
  readonly object: 'list';
  readonly data: readonly Refund[];
  readonly next_cursor: string | null;
};

export type GetRefundOptions = CallOptions & {
  /** Answer as soon as the outcome is final, or after so many seconds. */
  readonly wait?: number | undefined;
};

export type GetPaymentTotalsOptions = CallOptions & {
  /** The merchant’s id; a merchant’s own key needs none. */
  readonly merchant?: string | undefined;
  /** Those in this state. */
  readonly state?:
    | 'created'
    | 'awaiting_buyer'
    | 'paid'
    | 'declined'
    | 'closed'
    | 'reversed'
    | undefined;
  /** Those that are paid so. */
  readonly method?: 'barcode' | 'qr' | undefined;
  /** Those of this bill. */
  readonly merchant_reference?: string | undefined;
  /** Those with this number, whole: the payment’s id or `out_trade_no`, your reference, Alipay’s `trade_no`, or the id of a refund. */
  readonly number?: string | undefined;
  /** Those of so many fen or more. */
  readonly amount_from?: number | undefined;
  /** Those of so many fen or fewer. */
  readonly amount_to?: number | undefined;
  /** `true`: those of which something went back. `false`: the others. */
  readonly refunded?: 'true' | 'false' | undefined;
  /** Those that this key or user asked for. */
  readonly created_by?: string | undefined;
  /** Begun then or later. In a URL `+` is `%2B`. */
  readonly created_from?: string | undefined;
  /** Begun before. */
  readonly created_before?: string | undefined;
};

export type GetStatisticsOptions = CallOptions & {
  /** The merchant’s id; a merchant’s own key needs none. */
  readonly merchant?: string | undefined;
  /** RFC 3339 */
  readonly from?: string | undefined;
  /** RFC 3339 */
  readonly before?: string | undefined;
  /** By hour, of 31 days at most; or by day of Shanghai, of 366 at most. */
  readonly by?: 'hour' | 'day' | undefined;
};

export type CreateMerchantBody = {
  /** The number that you give the shop, unique in the gateway. v1 calls it storeDogNo. */
  readonly shop_no: string;
  /** For people. */
  readonly name?: string | undefined;
  /** The account at Alipay that receives the money (PID). */
  readonly seller_id: string;
  /** The Alipay application. */
  readonly app_id: string;
  /** RSA2, but for applications of before 2018. */
  readonly sign_type?: 'RSA2' | 'RSA' | undefined;
  /** Alipay’s public key for the application, as PEM or base64. Not your own. */
  readonly alipay_public_key?: string | undefined;
  /** What Alipay calls the product (product_code), by method. */
  readonly product_codes?:
    | {
        /** FACE_TO_FACE_PAYMENT, unless the contract with Alipay has another. */
        readonly barcode?: string | undefined;
        /** FACE_TO_FACE_PAYMENT, unless the contract with Alipay has another. */
        readonly qr?: string | undefined;
      }
    | undefined;
  /** For a service provider (ISV), whose application acts for the merchant. */
  readonly authorization?:
    | {
        /** Shown by Alipay when the merchant authorised your application. Kept sealed. */
        readonly app_auth_token: string;
        /** Your account at Alipay (PID), for your commission. */
        readonly service_provider_id?: string | undefined;
      }
    | undefined;
};

export type ListMerchantsOptions = CallOptions & {
  /** The number that you give the shop, unique in the gateway. v1 calls it storeDogNo. */
  readonly shop_no?: string | undefined;
  readonly limit?: number | undefined;
  /** `next_cursor` of the page before. */
  readonly cursor?: string | undefined;
};

export type ListMerchantsAnswer = {
  /** Always list. */
  readonly object: 'list';
  readonly data: readonly Merchant[];
  readonly next_cursor: string | null;
};

export type ChangeMerchantBody = {
  /** For people. */
  readonly name?: string | undefined;
  /** The account at Alipay that receives the money (PID). */
  readonly seller_id?: string | undefined;
  /** The Alipay application. */
  readonly app_id?: string | undefined;
  /** RSA2, but for applications of before 2018. */
  readonly sign_type?: 'RSA2' | 'RSA' | undefined;
  /** Alipay’s public key for the application, as PEM or base64. Not your own. */
  readonly alipay_public_key?: string | undefined;
  /** What Alipay calls the product (product_code), by method. */
  readonly product_codes?:
    | {
        /** FACE_TO_FACE_PAYMENT, unless the contract with Alipay has another. */
        readonly barcode?: string | undefined;
        /** FACE_TO_FACE_PAYMENT, unless the contract with Alipay has another. */
        readonly qr?: string | undefined;
      }
    | undefined;
  /** For a service provider (ISV), whose application acts for the merchant. */
  readonly authorization?:
    | {
        /** Shown by Alipay when the merchant authorised your application. Kept sealed. */
        readonly app_auth_token: string;
        /** Your account at Alipay (PID), for your commission. */
        readonly service_provider_id?: string | undefined;
      }
    | null
    | undefined;
  /** True goes back to bare keys, for all merchants of the application; give Alipay’s bare key with it. */
  readonly leave_certificates?: boolean | undefined;
};

export type ChangeMerchantOptions = CallOptions & {
  /** The ETag that you read: a change by others since is then refused. */
  readonly ifMatch?: string | undefined;
};

export type CreateNextKeyBody = {
  /** RSA2, but for applications of before 2018. */
  readonly sign_type?: 'RSA2' | 'RSA' | undefined;
};

export type CreateCertificateRequestBody = {
  /** The company’s name exactly as Alipay has it: it refuses another. */
  readonly organization: string;
  /** The app id, unless you say. */
  readonly common_name?: string | undefined;
};

export type PutCertificatesBody = {
  /** appCertPublicKey_….crt, which Alipay issued for the request. */
  readonly app_certificate: string;
  /** alipayCertPublicKey_RSA2.crt. */
  readonly alipay_certificate: string;
  /** alipayRootCert.crt. */
  readonly alipay_root_certificate: string;
};

export type ListEventsOptions = CallOptions & {
  /** The merchant’s id; a merchant’s own key needs none. */
  readonly merchant?: string | undefined;
  /** Those of these types alone: `payment.paid,refund.succeeded`. */
  readonly types?: string | undefined;
  /** Those that happened then or later. In a URL `+` is `%2B`. */
  readonly created_from?: string | undefined;
  /** Those that happened before. */
  readonly created_before?: string | undefined;
  /** Answer as soon as the outcome is final, or after so many seconds. */
  readonly wait?: number | undefined;
  readonly limit?: number | undefined;
  /** `next_cursor` of the page before; the id of an event, to go on after it; or `now`, for what happens from now on. */
  readonly cursor?: string | undefined;
};

export type ListEventsAnswer = {
  /** Always list. */
  readonly object: 'list';
  readonly data: readonly Event[];
  /** Where to go on, also when nothing has happened yet. */
  readonly next_cursor: string;
  /** There are more already. */
  readonly has_more: boolean;
};

export type StreamEventsOptions = CallOptions & {
  /** The merchant’s id; a merchant’s own key needs none. */
  readonly merchant?: string | undefined;
  /** Those of these types alone: `payment.paid,refund.succeeded`. */
  readonly types?: string | undefined;
  /** Where to begin, as listEvents takes it; `now` unless it is given. `Last-Event-ID` goes before it. */
  readonly cursor?: string | undefined;
  /** It ends after so many seconds, and an `EventSource` comes back; 900 at most. */
  readonly life?: number | undefined;
};

export type ListIncidentsOptions = CallOptions & {
  /** The merchant’s id; a merchant’s own key needs none. */
  readonly merchant?: string | undefined;
  /** Those of this payment. */
  readonly payment?: string | undefined;
  /** Those in this state. */
  readonly state?: 'open' | 'resolved' | undefined;
  readonly limit?: number | undefined;
  /** `next_cursor` of the page before. */
  readonly cursor?: string | undefined;
};

export type ListIncidentsAnswer = {
  /** Always list. */
  readonly object: 'list';
  readonly data: readonly Incident[];
  readonly next_cursor: string | null;
};

export type ResolveIncidentBody = {
  /** What was found, and done. */
  readonly note: string;
};

export type ListDonglesOptions = CallOptions & {
  readonly limit?: number | undefined;
  /** `next_cursor` of the page before. */
  readonly cursor?: string | undefined;
};

export type ListDonglesAnswer = {
  /** Always list. */
  readonly object: 'list';
  readonly data: readonly Dongle[];
  readonly next_cursor: string | null;
};

export type CreateDongleBody = {
  /** The number on it: 32 characters. */
  readonly number: string;
};

export type CreateWebhookEndpointBody = {
  /** Where to POST to: https://, on the internet unless F2F_WEBHOOKS allows more. */
  readonly url: string;
  /** What it wants to hear of; everything when there are none. */
  readonly types?:
    | readonly (
        | 'payment.created'
        | 'payment.awaiting_buyer'
        | 'payment.paid'
        | 'payment.declined'
        | 'payment.closed'
        | 'payment.reversed'
        | 'refund.created'
        | 'refund.succeeded'
        | 'refund.failed'
      )[]
    | undefined;
  /** For people. */
  readonly description?: string | undefined;
  /** The merchant’s id; a merchant’s own key needs none. */
  readonly merchant?: string | undefined;
};

export type ListWebhookEndpointsAnswer = {
  /** Always list. */
  readonly object: 'list';
  readonly data: readonly WebhookEndpoint[];
  readonly next_cursor: string | null;
};

export type ChangeWebhookEndpointBody = {
  /** Where to POST to: https://, on the internet unless F2F_WEBHOOKS allows more. */
  readonly url?: string | undefined;
  /** What it wants to hear of; everything when there are none. */
  readonly types?:
    | readonly (
        | 'payment.created'
        | 'payment.awaiting_buyer'
        | 'payment.paid'
        | 'payment.declined'
        | 'payment.closed'
        | 'payment.reversed'
        | 'refund.created'
        | 'refund.succeeded'
        | 'refund.failed'
      )[]
    | undefined;
  /** For people. */
  readonly description?: string | null | undefined;
  /** Enabled again, it is sent what it is still owed. */
  readonly enabled?: boolean | undefined;
};

export type ChangeWebhookEndpointOptions = CallOptions & {
  /** The ETag that you read: a change by others since is then refused. */
  readonly ifMatch?: string | undefined;
};

export type RedeliverWebhooksBody = {
  /** RFC 3339 */
  readonly from: string;
  /** RFC 3339 */
  readonly until: string;
  /** `next_cursor` of before. */
  readonly cursor?: string | undefined;
};

export type RedeliverWebhooksAnswer = {
  /** Always webhook_redelivery. */
  readonly object: 'webhook_redelivery';
  /** Events that are sent (again). */
  readonly count: number;
  /** Ask again with it: there may be more. */
  readonly next_cursor: string | null;
};

export type ListWebhookDeliveriesOptions = CallOptions & {
  /** The endpoint’s id. */
  readonly endpoint: string;
  /** Those in this state. */
  readonly state?: 'pending' | 'delivered' | 'failed' | undefined;
  readonly limit?: number | undefined;
  /** `next_cursor` of the page before. */
  readonly cursor?: string | undefined;
};

export type ListWebhookDeliveriesAnswer = {
  /** Always list. */
  readonly object: 'list';
  readonly data: readonly WebhookDelivery[];
  readonly next_cursor: string | null;
};

export type CreateApiKeyBody = {
  /** What it is for, for people. */
  readonly name: string;
  /** The one merchant it is for; an operator’s key without it. */
  readonly merchant?: string | undefined;
  readonly scopes: readonly ('read' | 'charge' | 'refund' | 'manage' | 'administer')[];
};

export type ListApiKeysAnswer = {
  /** Always list. */
  readonly object: 'list';
  readonly data: readonly ApiKey[];
  readonly next_cursor: string | null;
};

export type CreateUserBody = {
  /** What is typed at the sign-in; large and small letters are the same. */
  readonly name: string;
  /** What others read. */
  readonly display_name?: string | undefined;
  /** `administrator`: everything. `finance`: read and refund. `clerk`: read and charge. `read_only`: read. */
  readonly role: 'administrator' | 'finance' | 'clerk' | 'read_only';
  /** The merchant’s id; a merchant’s own key needs none. */
  readonly merchant?: string | undefined;
};

export type ListUsersAnswer = {
  /** Always list. */
  readonly object: 'list';
  readonly data: readonly User[];
  readonly next_cursor: string | null;
};

export type ChangeUserBody = {
  /** What others read. */
  readonly display_name?: string | null | undefined;
  /** `administrator`: everything. `finance`: read and refund. `clerk`: read and charge. `read_only`: read. */
  readonly role?: 'administrator' | 'finance' | 'clerk' | 'read_only' | undefined;
  /** The merchant’s id; a merchant’s own key needs none. */
  readonly merchant?: string | null | undefined;
};

export type ChangeUserOptions = CallOptions & {
  /** The ETag that you read: a change by others since is then refused. */
  readonly ifMatch?: string | undefined;
};

export type CreateSessionBody = {
  /** What is typed at the sign-in; large and small letters are the same. */
  readonly name: string;
  /** The password. */
  readonly password: string;
  /** Six digits of the app. */
  readonly totp?: string | undefined;
};

export type RedeemSessionLinkBody = {
  /** What is behind # in the link. */
  readonly token: string;
  /** What is typed at the sign-in; large and small letters are the same. */
  readonly name?: string | undefined;
  /** At least 12 characters, of any kind; not the name, and none that everybody tries. */
  readonly password: string;
  /** Six digits of the app. */
  readonly totp?: string | undefined;
};

export type ChangeSessionPasswordBody = {
  /** The password. */
  readonly password: string;
  /** At least 12 characters, of any kind; not the name, and none that everybody tries. */
  readonly new_password: string;
};

export type DeleteSessionTotpBody = {
  /** The password. */
  readonly password: string;
};

export type ConfirmSessionTotpBody = {
  /** Six digits of the app. */
  readonly code: string;
};

export type GetGatewayAnswer = {
  /** Always gateway. */
  readonly object: 'gateway';
  /** The Alipay behind it is the simulator: no payment moves money. */
  readonly simulated: boolean;
  /** Where the gateway reaches the simulator; null without one. */
  readonly simulator_url: string | null;
  /** Where a guest of the simulator pays; null without one. */
  readonly wallet_url: string | null;
  /** The program’s. */
  readonly version: string;
  /** Where everything is kept. */
  readonly database: 'sqlite' | 'postgres';
  /** Which Alipay is behind it. */
  readonly alipay: 'simulator' | 'sandbox' | 'production';
  /** How Alipay reaches the gateway, if it can. */
  readonly public_url: string | null;
  /** Somebody may still pay them. */
  readonly open_payments: number;
  /** Open ones of which Alipay’s last answer taught nothing, or that nobody asks about any more. */
  readonly doubtful_payments: number;
  /** They wait for a person. */
  readonly open_incidents: number;
  /** Each of docs/settings.md. */
  readonly settings:
    | readonly {
        readonly name: string;
        /** Null when it is not set, and for every secret. */
        readonly value: string | null;
        readonly is_default: boolean;
        readonly is_secret: boolean;
        readonly text: {
          readonly en: string;
          readonly zh: string;
        };
      }[]
    | null;
};

export type ListAuditLogOptions = CallOptions & {
  /** What this one did: `user_…`, `key_…`, `operator_cli` or `nobody`. */
  readonly actor?: string | undefined;
  /** An `operationId`: `createRefund`. */
  readonly operation?: string | undefined;
  /** What was done to this one, or made it: `re_…`. */
  readonly target?: string | undefined;
  /** RFC 3339 */
  readonly from?: string | undefined;
  /** RFC 3339 */
  readonly before?: string | undefined;
  readonly limit?: number | undefined;
  /** `next_cursor` of the page before. */
  readonly cursor?: string | undefined;
};

export type ListAuditLogAnswer = {
  /** Always list. */
  readonly object: 'list';
  readonly data: readonly AuditEntry[];
  readonly next_cursor: string | null;
};

/** The operations, over a transport. */
export function operationsWith({ call, listen }: Transport) {
  const payments = {
    /**
     * Charge a payment code, or make a QR code to show.
     * Scope: `charge`.
     * @returns The payment; its `state` tells what became of it.
     */
    create: (body: CreatePaymentBody, options: CreatePaymentOptions = {}): Promise<Payment> =>
      call(
        { method: 'POST', path: '/v2/payments', query: ['wait'], isKeyed: true },
        { body, options },
      ),
    /**
     * List payments, newest first.
     * Scope: `read`.
     * @returns A page of payments. For a filter other than `merchant`, a time or a number, ten thousand payments are looked at for a page: it may hold few or none and have a `next_cursor` all the same.
     */
    list: (options: ListPaymentsOptions = {}): Promise<ListPaymentsAnswer> =>
      call(
        {
          method: 'GET',
          path: '/v2/payments',
          query: [
            'merchant',
            'state',
            'method',
            'merchant_reference',
            'number',
            'amount_from',
            'amount_to',
            'refunded',
            'created_by',
            'created_from',
            'created_before',
            'limit',
            'cursor',
          ],
        },
        { options },
      ),
    /** Each of `list`, page after page. */
    listAll: (options: ListPaymentsOptions = {}): AsyncGenerator<Payment, void, undefined> =>
      every((cursor) => payments.list({ ...options, cursor }), options.cursor),
    /**
     * Look at a payment, or wait for its outcome.
     * Scope: `read`.
     * @returns The payment.
     */
    get: (id: string, options: GetPaymentOptions = {}): Promise<Payment> =>
      call({ method: 'GET', path: '/v2/payments/{id}', query: ['wait'] }, { path: [id], options }),
    /**
     * End an open payment before its time.
     * Scope: `charge`.
     * @returns The payment as it ended, or as it is being ended.
     */
    cancel: (id: string, options: CancelPaymentOptions = {}): Promise<Payment> =>
      call(
        { method: 'POST', path: '/v2/payments/{id}/cancel', query: ['wait'], isKeyed: true },
        { path: [id], options },
      ),
    /**
     * Hear of a payment until it is final, on a page.
     * Scope: `read`, or the token of a link and no key.
     * @returns Its state at once, and again whenever it changes. The last one is `final`, and the stream ends.
     */
    stream: (
      id: string,
      options: CallOptions = {},
    ): AsyncGenerator<PaymentStatus, void, undefined> =>
      listen({ method: 'GET', path: '/v2/payments/{id}/stream' }, { path: [id], options }),
    /**
     * Add payments up.
     * Scope: `read`.
     * @returns The totals of all payments that the filters mean, right to the last one.
     */
    getTotals: (options: GetPaymentTotalsOptions = {}): Promise<PaymentTotals> =>
      call(
        {
          method: 'GET',
          path: '/v2/payments/totals',
          query: [
            'merchant',
            'state',
            'method',
            'merchant_reference',
            'number',
            'amount_from',
            'amount_to',
            'refunded',
            'created_by',
            'created_from',
            'created_before',
          ],
        },
        { options },
      ),
    /**
     * All that happened to a payment, why it is in its state, and what comes next.
     * Scope: `read`.
     * @returns Every request, answer, silence, notification, refund and incident, oldest first; `next` is null when nothing is left to happen.
     */
    getTimeline: (id: string, options: CallOptions = {}): Promise<Timeline> =>
      call({ method: 'GET', path: '/v2/payments/{id}/timeline' }, { path: [id], options }),
    /**
     * Ask Alipay about a payment now.
     * Scope: `read`.
     * @returns The payment as Alipay’s answer left it. Asked again within three seconds, the same answer does.
     */
    check: (id: string, options: CallOptions = {}): Promise<Payment> =>
      call({ method: 'POST', path: '/v2/payments/{id}/check' }, { path: [id], options }),
  };
  const refunds = {
    /**
     * Give all or some of a payment back.
     * Scope: `refund`.
     * @returns The refund; `pending` means that it is on its way.
     */
    create: (
      paymentId: string,
      body: CreateRefundBody,
      options: CreateRefundOptions = {},
    ): Promise<Refund> =>
      call(
        { method: 'POST', path: '/v2/payments/{id}/refunds', query: ['wait'], isKeyed: true },
        { path: [paymentId], body, options },
      ),
    /**
     * List the refunds of a payment, oldest first.
     * Scope: `read`.
     * @returns All of them: a payment has few.
     */
    list: (paymentId: string, options: CallOptions = {}): Promise<ListRefundsAnswer> =>
      call({ method: 'GET', path: '/v2/payments/{id}/refunds' }, { path: [paymentId], options }),
    /**
     * List refunds of all payments, newest first.
     * Scope: `read`.
     * @returns A page of refunds. For one in a `state`, ten thousand refunds are looked at: it may hold few or none and have a `next_cursor` all the same.
     */
    search: (options: SearchRefundsOptions = {}): Promise<SearchRefundsAnswer> =>
      call(
        {
          method: 'GET',
          path: '/v2/refunds',
          query: [
            'merchant',
            'payment',
            'state',
            'created_from',
            'created_before',
            'limit',
            'cursor',
          ],
        },
        { options },
      ),
    /** Each of `search`, page after page. */
    searchAll: (options: SearchRefundsOptions = {}): AsyncGenerator<Refund, void, undefined> =>
      every((cursor) => refunds.search({ ...options, cursor }), options.cursor),
    /**
     * Look at a refund, or wait for its outcome.
     * Scope: `read`.
     * @returns The refund.
     */
    get: (id: string, options: GetRefundOptions = {}): Promise<Refund> =>
      call({ method: 'GET', path: '/v2/refunds/{id}', query: ['wait'] }, { path: [id], options }),
  };
  const statistics = {
    /**
     * Figures of a time, by hour or by day.
     * Scope: `read`.
     * @returns The figures. A payment counts when it was begun, and so do its refunds, whenever they were made.
     */
    get: (options: GetStatisticsOptions = {}): Promise<Statistics> =>
      call(
        { method: 'GET', path: '/v2/statistics', query: ['merchant', 'from', 'before', 'by'] },
        { options },
      ),
  };
  const merchants = {
    /**
     * Register a shop.
     * Scope: `manage`.
     * @returns The merchant, with the public key to give to Alipay.
     */
    create: (body: CreateMerchantBody, options: KeyedOptions = {}): Promise<Merchant> =>
      call({ method: 'POST', path: '/v2/merchants', isKeyed: true }, { body, options }),
    /**
     * List merchants, oldest first.
     * Scope: `read`.
     * @returns A page of merchants.
     */
    list: (options: ListMerchantsOptions = {}): Promise<ListMerchantsAnswer> =>
      call(
        { method: 'GET', path: '/v2/merchants', query: ['shop_no', 'limit', 'cursor'] },
        { options },
      ),
    /** Each of `list`, page after page. */
    listAll: (options: ListMerchantsOptions = {}): AsyncGenerator<Merchant, void, undefined> =>
      every((cursor) => merchants.list({ ...options, cursor }), options.cursor),
    /**
     * Look at a merchant.
     * Scope: `read`.
     * @returns The merchant; its ETag names what was read.
     */
    get: (id: string, options: CallOptions = {}): Promise<Merchant> =>
      call({ method: 'GET', path: '/v2/merchants/{id}' }, { path: [id], options }),
    /**
     * Change what is given, and leave the rest.
     * Scope: `manage`.
     * @returns The merchant as it is now.
     */
    change: (
      id: string,
      body: ChangeMerchantBody,
      options: ChangeMerchantOptions = {},
    ): Promise<Merchant> =>
      call(
        { method: 'PATCH', path: '/v2/merchants/{id}', headers: { ifMatch: 'if-match' } },
        { path: [id], body, options },
      ),
    /**
     * Prove keys, contract and network at Alipay; moves nothing.
     * Scope: `manage`.
     * @returns What Alipay said.
     */
    test: (id: string, options: CallOptions = {}): Promise<MerchantTest> =>
      call({ method: 'POST', path: '/v2/merchants/{id}/test' }, { path: [id], options }),
    /**
     * Begin no more payments; what began is settled as ever.
     * Scope: `manage`.
     * @returns The merchant as it is now.
     */
    suspend: (id: string, options: CallOptions = {}): Promise<Merchant> =>
      call({ method: 'POST', path: '/v2/merchants/{id}/suspend' }, { path: [id], options }),
    /**
     * Take payments again.
     * Scope: `manage`.
     * @returns The merchant as it is now.
     */
    resume: (id: string, options: CallOptions = {}): Promise<Merchant> =>
      call({ method: 'POST', path: '/v2/merchants/{id}/resume' }, { path: [id], options }),
  };
  const nextKey = {
    /**
     * Make the key pair that is to take over, and show its public key.
     * Scope: `manage`.
     * @returns The merchant; upload `app.next_key.public_key` to Alipay.
     */
    create: (
      merchantId: string,
      body: CreateNextKeyBody | undefined,
      options: CallOptions = {},
    ): Promise<Merchant> =>
      call(
        { method: 'POST', path: '/v2/merchants/{id}/next_key' },
        { path: [merchantId], body, options },
      ),
    /**
     * Give the next key pair up.
     * Scope: `manage`.
     * @returns The merchant as it is now.
     */
    delete: (merchantId: string, options: CallOptions = {}): Promise<Merchant> =>
      call(
        { method: 'DELETE', path: '/v2/merchants/{id}/next_key' },
        { path: [merchantId], options },
      ),
    /**
     * Ask Alipay a question that the next key pair signs; changes nothing.
     * Scope: `manage`.
     * @returns What Alipay said.
     */
    test: (merchantId: string, options: CallOptions = {}): Promise<KeyTest> =>
      call(
        { method: 'POST', path: '/v2/merchants/{id}/next_key/test' },
        { path: [merchantId], options },
      ),
    /**
     * Prove the next key pair at Alipay, and sign with it from now on.
     * Scope: `manage`.
     * @returns The merchant as it is now.
     */
    activate: (merchantId: string, options: CallOptions = {}): Promise<Merchant> =>
      call(
        { method: 'POST', path: '/v2/merchants/{id}/next_key/activate' },
        { path: [merchantId], options },
      ),
  };
  const certificateRequest = {
    /**
     * Make the request (CSR) that Alipay issues the application’s certificate for.
     * Scope: `manage`.
     * @returns For the next key pair, if there is one.
     */
    create: (
      merchantId: string,
      body: CreateCertificateRequestBody,
      options: CallOptions = {},
    ): Promise<CertificateRequest> =>
      call(
        { method: 'POST', path: '/v2/merchants/{id}/certificate_request' },
        { path: [merchantId], body, options },
      ),
  };
  const certificates = {
    /**
     * Prove the three certificates at Alipay, and go over to them.
     * Scope: `manage`.
     * @returns The merchant as it is now.
     */
    put: (
      merchantId: string,
      body: PutCertificatesBody,
      options: CallOptions = {},
    ): Promise<Merchant> =>
      call(
        { method: 'PUT', path: '/v2/merchants/{id}/certificates' },
        { path: [merchantId], body, options },
      ),
  };
  const events = {
    /**
     * What happened after a cursor, or as soon as something happens.
     * Scope: `read`.
     * @returns Events, oldest first; without a cursor from the very first.
     */
    list: (options: ListEventsOptions = {}): Promise<ListEventsAnswer> =>
      call(
        {
          method: 'GET',
          path: '/v2/events',
          query: ['merchant', 'types', 'created_from', 'created_before', 'wait', 'limit', 'cursor'],
        },
        { options },
      ),
    /** Each of `list`, page after page. */
    listAll: (options: ListEventsOptions = {}): AsyncGenerator<Event, void, undefined> =>
      every((cursor) => events.list({ ...options, cursor }), options.cursor),
    /** Each of `list`, and then each as it comes, for as long as somebody asks. */
    follow: (
      options: FollowOptions<ListEventsOptions> = {},
    ): AsyncGenerator<Event, void, undefined> =>
      follow((asked) => events.list({ ...options, ...asked }), options),
    /**
     * Hear of everything as it happens, on a page.
     * Scope: `read`.
     * @returns Each event as it happens, with its id, until the stream ends; an `EventSource` comes back by itself and goes on where it was.
     */
    stream: (options: StreamEventsOptions = {}): AsyncGenerator<Event, void, undefined> =>
      listen(
        {
          method: 'GET',
          path: '/v2/events/stream',
          query: ['merchant', 'types', 'cursor', 'life'],
        },
        { options },
      ),
    /**
     * Look at an event.
     * Scope: `read`.
     * @returns The event; it never changes.
     */
    get: (id: string, options: CallOptions = {}): Promise<Event> =>
      call({ method: 'GET', path: '/v2/events/{id}' }, { path: [id], options }),
  };
  const incidents = {
    /**
     * List what waits or waited for a person, newest first.
     * Scope: `read`.
     * @returns A page of incidents.
     */
    list: (options: ListIncidentsOptions = {}): Promise<ListIncidentsAnswer> =>
      call(
        {
          method: 'GET',
          path: '/v2/incidents',
          query: ['merchant', 'payment', 'state', 'limit', 'cursor'],
        },
        { options },
      ),
    /** Each of `list`, page after page. */
    listAll: (options: ListIncidentsOptions = {}): AsyncGenerator<Incident, void, undefined> =>
      every((cursor) => incidents.list({ ...options, cursor }), options.cursor),
    /**
     * Look at an incident.
     * Scope: `read`.
     * @returns The incident, with what a person can do about it.
     */
    get: (id: string, options: CallOptions = {}): Promise<Incident> =>
      call({ method: 'GET', path: '/v2/incidents/{id}' }, { path: [id], options }),
    /**
     * Say that an incident has been dealt with; changes nothing about the money.
     * Scope: `manage`.
     * @returns The incident, with who resolved it and why.
     */
    resolve: (
      id: string,
      body: ResolveIncidentBody,
      options: KeyedOptions = {},
    ): Promise<Incident> =>
      call(
        { method: 'POST', path: '/v2/incidents/{id}/resolve', isKeyed: true },
        { path: [id], body, options },
      ),
  };
  const dongles = {
    /**
     * List dongles by number, with the merchants of each.
     * Scope: `manage`.
     * @returns A page of dongles.
     */
    list: (options: ListDonglesOptions = {}): Promise<ListDonglesAnswer> =>
      call({ method: 'GET', path: '/v2/dongles', query: ['limit', 'cursor'] }, { options }),
    /** Each of `list`, page after page. */
    listAll: (options: ListDonglesOptions = {}): AsyncGenerator<Dongle, void, undefined> =>
      every((cursor) => dongles.list({ ...options, cursor }), options.cursor),
    /**
     * Let a dongle ask for its secret key.
     * Scope: `manage`.
     * @returns The dongle; one that was revoked is registered anew.
     */
    create: (body: CreateDongleBody, options: KeyedOptions = {}): Promise<Dongle> =>
      call({ method: 'POST', path: '/v2/dongles', isKeyed: true }, { body, options }),
    /**
     * Let a dongle that lost its secret key ask for a new one.
     * Scope: `manage`.
     * @returns The dongle as it is now.
     */
    reopen: (no: string, options: CallOptions = {}): Promise<Dongle> =>
      call({ method: 'POST', path: '/v2/dongles/{no}/reopen' }, { path: [no], options }),
    /**
     * End a dongle’s key and all its tokens at once.
     * Scope: `manage`.
     * @returns The dongle as it is now.
     */
    revoke: (no: string, options: CallOptions = {}): Promise<Dongle> =>
      call({ method: 'POST', path: '/v2/dongles/{no}/revoke' }, { path: [no], options }),
    /**
     * Let a dongle use a merchant.
     * Scope: `manage`.
     * @returns The dongle as it is now.
     */
    addMerchant: (
      no: string,
      merchantMerchant: string,
      options: CallOptions = {},
    ): Promise<Dongle> =>
      call(
        { method: 'POST', path: '/v2/dongles/{no}/merchants/{merchant}' },
        { path: [no, merchantMerchant], options },
      ),
    /**
     * Take that back; what a dongle registered stays its own.
     * Scope: `manage`.
     * @returns The dongle as it is now.
     */
    removeMerchant: (
      no: string,
      merchantMerchant: string,
      options: CallOptions = {},
    ): Promise<Dongle> =>
      call(
        { method: 'DELETE', path: '/v2/dongles/{no}/merchants/{merchant}' },
        { path: [no, merchantMerchant], options },
      ),
  };
  const webhookEndpoints = {
    /**
     * Have a program called when something happens.
     * Scope: `manage`.
     * @returns The endpoint, with its `secret`: nobody can read that again.
     */
    create: (
      body: CreateWebhookEndpointBody,
      options: KeyedOptions = {},
    ): Promise<WebhookEndpoint> =>
      call({ method: 'POST', path: '/v2/webhook_endpoints', isKeyed: true }, { body, options }),
    /**
     * List endpoints, oldest first.
     * Scope: `manage`.
     * @returns All of them: there are few.
     */
    list: (options: CallOptions = {}): Promise<ListWebhookEndpointsAnswer> =>
      call({ method: 'GET', path: '/v2/webhook_endpoints' }, { options }),
    /**
     * Look at an endpoint.
     * Scope: `manage`.
     * @returns The endpoint, without its secret; its ETag names what was read.
     */
    get: (id: string, options: CallOptions = {}): Promise<WebhookEndpoint> =>
      call({ method: 'GET', path: '/v2/webhook_endpoints/{id}' }, { path: [id], options }),
    /**
     * Change what is given, and leave the rest.
     * Scope: `manage`.
     * @returns The endpoint as it is now.
     */
    change: (
      id: string,
      body: ChangeWebhookEndpointBody,
      options: ChangeWebhookEndpointOptions = {},
    ): Promise<WebhookEndpoint> =>
      call(
        { method: 'PATCH', path: '/v2/webhook_endpoints/{id}', headers: { ifMatch: 'if-match' } },
        { path: [id], body, options },
      ),
    /**
     * Delete an endpoint; what it was sent can be looked at for 30 days.
     * Scope: `manage`.
     * @returns As it was last: nothing more is sent, and what it was owed has ended.
     */
    delete: (id: string, options: CallOptions = {}): Promise<WebhookEndpoint> =>
      call({ method: 'DELETE', path: '/v2/webhook_endpoints/{id}' }, { path: [id], options }),
    /**
     * Make a new secret; those before it sign beside it for a day.
     * Scope: `manage`.
     * @returns The endpoint, with its new `secret`.
     */
    rotateSecret: (id: string, options: KeyedOptions = {}): Promise<WebhookEndpoint> =>
      call(
        { method: 'POST', path: '/v2/webhook_endpoints/{id}/rotate_secret', isKeyed: true },
        { path: [id], options },
      ),
    /**
     * Send a signed test, which is no event.
     * Scope: `manage`.
     * @returns What the program answered.
     */
    test: (id: string, options: CallOptions = {}): Promise<WebhookTest> =>
      call({ method: 'POST', path: '/v2/webhook_endpoints/{id}/test' }, { path: [id], options }),
    /**
     * Send again what happened in a range of time.
     * Scope: `manage`.
     * @returns How many; with `next_cursor`, ask again.
     */
    redeliver: (
      id: string,
      body: RedeliverWebhooksBody,
      options: CallOptions = {},
    ): Promise<RedeliverWebhooksAnswer> =>
      call(
        { method: 'POST', path: '/v2/webhook_endpoints/{id}/redeliver' },
        { path: [id], body, options },
      ),
  };
  const webhookDeliveries = {
    /**
     * List what an endpoint is or was owed, newest first.
     * Scope: `manage`.
     * @returns A page of deliveries; one is kept for 30 days after it ended.
     */
    list: (options: ListWebhookDeliveriesOptions): Promise<ListWebhookDeliveriesAnswer> =>
      call(
        {
          method: 'GET',
          path: '/v2/webhook_deliveries',
          query: ['endpoint', 'state', 'limit', 'cursor'],
        },
        { options },
      ),
    /** Each of `list`, page after page. */
    listAll: (
      options: ListWebhookDeliveriesOptions,
    ): AsyncGenerator<WebhookDelivery, void, undefined> =>
      every((cursor) => webhookDeliveries.list({ ...options, cursor }), options.cursor),
    /**
     * Look at a delivery and every attempt at it.
     * Scope: `manage`.
     * @returns The delivery, with its `attempts`.
     */
    get: (id: string, options: CallOptions = {}): Promise<WebhookDelivery> =>
      call({ method: 'GET', path: '/v2/webhook_deliveries/{id}' }, { path: [id], options }),
    /**
     * Send a delivery again.
     * Scope: `manage`.
     * @returns The delivery, which is pending again.
     */
    redeliver: (id: string, options: CallOptions = {}): Promise<WebhookDelivery> =>
      call(
        { method: 'POST', path: '/v2/webhook_deliveries/{id}/redeliver' },
        { path: [id], options },
      ),
  };
  const apiKeys = {
    /**
     * Make a key.
     * Scope: `manage`.
     * @returns The key, with its `secret`: nobody can read that again.
     */
    create: (body: CreateApiKeyBody, options: KeyedOptions = {}): Promise<ApiKey> =>
      call({ method: 'POST', path: '/v2/api_keys', isKeyed: true }, { body, options }),
    /**
     * List keys, newest first.
     * Scope: `manage`.
     * @returns All of them: there are few.
     */
    list: (options: CallOptions = {}): Promise<ListApiKeysAnswer> =>
      call({ method: 'GET', path: '/v2/api_keys' }, { options }),
    /**
     * Look at a key.
     * Scope: `manage`.
     * @returns The key, without its secret.
     */
    get: (id: string, options: CallOptions = {}): Promise<ApiKey> =>
      call({ method: 'GET', path: '/v2/api_keys/{id}' }, { path: [id], options }),
    /**
     * End a key at once.
     * Scope: `manage`.
     * @returns The key as it ended; again, the same.
     */
    revoke: (id: string, options: CallOptions = {}): Promise<ApiKey> =>
      call({ method: 'POST', path: '/v2/api_keys/{id}/revoke' }, { path: [id], options }),
  };
  const users = {
    /**
     * Invite somebody.
     * Scope: `administer`.
     * @returns The user, with the `link` by which the password is chosen.
     */
    create: (body: CreateUserBody, options: KeyedOptions = {}): Promise<User> =>
      call({ method: 'POST', path: '/v2/users', isKeyed: true }, { body, options }),
    /**
     * List users, oldest first.
     * Scope: `administer`.
     * @returns All of them: there are few.
     */
    list: (options: CallOptions = {}): Promise<ListUsersAnswer> =>
      call({ method: 'GET', path: '/v2/users' }, { options }),
    /**
     * Look at a user.
     * Scope: `administer`.
     * @returns The user; its ETag names what was read.
     */
    get: (id: string, options: CallOptions = {}): Promise<User> =>
      call({ method: 'GET', path: '/v2/users/{id}' }, { path: [id], options }),
    /**
     * Change what is given, and leave the rest.
     * Scope: `administer`.
     * @returns The user as it is now. Another role or merchant ends the sessions.
     */
    change: (id: string, body: ChangeUserBody, options: ChangeUserOptions = {}): Promise<User> =>
      call(
        { method: 'PATCH', path: '/v2/users/{id}', headers: { ifMatch: 'if-match' } },
        { path: [id], body, options },
      ),
    /**
     * Make a link by which a password is chosen, and end sessions and older links.
     * Scope: `administer`.
     * @returns The link: nobody can read it again.
     */
    createLink: (id: string, options: KeyedOptions = {}): Promise<UserLink> =>
      call({ method: 'POST', path: '/v2/users/{id}/link', isKeyed: true }, { path: [id], options }),
    /**
     * Let somebody in no more, at once.
     * Scope: `administer`.
     * @returns The user, whose sessions and links have ended.
     */
    suspend: (id: string, options: CallOptions = {}): Promise<User> =>
      call({ method: 'POST', path: '/v2/users/{id}/suspend' }, { path: [id], options }),
    /**
     * Let somebody in again.
     * Scope: `administer`.
     * @returns The user, with the password that there was.
     */
    resume: (id: string, options: CallOptions = {}): Promise<User> =>
      call({ method: 'POST', path: '/v2/users/{id}/resume' }, { path: [id], options }),
    /**
     * Take the second factor away from somebody who lost the telephone.
     * Scope: `administer`.
     * @returns The user, who signs in with the password alone.
     */
    resetTotp: (id: string, options: CallOptions = {}): Promise<User> =>
      call({ method: 'POST', path: '/v2/users/{id}/reset_totp' }, { path: [id], options }),
  };
  const session = {
    /**
     * Sign in.
     * Needs neither a key nor a session.
     * @returns The session; its cookie is `f2f_session`.
     */
    create: (body: CreateSessionBody, options: CallOptions = {}): Promise<Session> =>
      call({ method: 'POST', path: '/v2/session' }, { body, options }),
    /**
     * Who is signed in.
     * For whoever signed in, whatever the role.
     * @returns The session that the cookie is of.
     */
    get: (options: CallOptions = {}): Promise<Session> =>
      call({ method: 'GET', path: '/v2/session' }, { options }),
    /**
     * Sign out.
     * For whoever signed in, whatever the role.
     * @returns The session has ended, and its cookie is taken away.
     */
    delete: (options: CallOptions = {}): Promise<void> =>
      call({ method: 'DELETE', path: '/v2/session' }, { options }),
    /**
     * Choose a password by a one-time link, and sign in.
     * Needs neither a key nor a session.
     * @returns The session of the user whose link it was.
     */
    redeemLink: (body: RedeemSessionLinkBody, options: CallOptions = {}): Promise<Session> =>
      call({ method: 'POST', path: '/v2/session/link' }, { body, options }),
    /**
     * Choose another password.
     * For whoever signed in, whatever the role.
     * @returns A new session; all others of the user have ended.
     */
    changePassword: (
      body: ChangeSessionPasswordBody,
      options: CallOptions = {},
    ): Promise<Session> =>
      call({ method: 'POST', path: '/v2/session/password' }, { body, options }),
    /**
     * Make the secret of a second factor.
     * For whoever signed in, whatever the role.
     * @returns The secret, which counts once a code of it was shown.
     */
    createTotp: (options: CallOptions = {}): Promise<TotpSecret> =>
      call({ method: 'POST', path: '/v2/session/totp' }, { options }),
    /**
     * Turn the second factor off.
     * For whoever signed in, whatever the role.
     * @returns The sign-in asks for the password alone.
     */
    deleteTotp: (body: DeleteSessionTotpBody, options: CallOptions = {}): Promise<Session> =>
      call({ method: 'DELETE', path: '/v2/session/totp' }, { body, options }),
    /**
     * Turn the second factor on.
     * For whoever signed in, whatever the role.
     * @returns From now on the sign-in asks for a code.
     */
    confirmTotp: (body: ConfirmSessionTotpBody, options: CallOptions = {}): Promise<Session> =>
      call({ method: 'POST', path: '/v2/session/totp/confirm' }, { body, options }),
  };
  const gateway = {
    /**
     * Whether money moves here, what waits, and the settings.
     * Scope: `read`.
     * @returns The gateway. Counts are of what the caller may see; `settings` is null without the scope `administer`.
     */
    get: (options: CallOptions = {}): Promise<GetGatewayAnswer> =>
      call({ method: 'GET', path: '/v2/gateway' }, { options }),
  };
  const auditLog = {
    /**
     * List who did what, newest first.
     * Scope: `administer`.
     * @returns A page of entries. One without an `outcome` is under way, or the gateway died before it was answered.
     */
    list: (options: ListAuditLogOptions = {}): Promise<ListAuditLogAnswer> =>
      call(
        {
          method: 'GET',
          path: '/v2/audit_log',
          query: ['actor', 'operation', 'target', 'from', 'before', 'limit', 'cursor'],
        },
        { options },
      ),
    /** Each of `list`, page after page. */
    listAll: (options: ListAuditLogOptions = {}): AsyncGenerator<AuditEntry, void, undefined> =>
      every((cursor) => auditLog.list({ ...options, cursor }), options.cursor),
  };
  return {
    payments,
    refunds,
    statistics,
    merchants,
    nextKey,
    certificateRequest,
    certificates,
    events,
    incidents,
    dongles,
    webhookEndpoints,
    webhookDeliveries,
    apiKeys,
    users,
    session,
    gateway,
    auditLog,
  };
}
