/**
 * What the v2 API answers with. Made from the OpenAPI document by `npm run docs`: change the schemas, not this file.
 */

export type Payment = {
  readonly id: string;
  /** Always payment. */
  readonly object: 'payment';
  readonly merchant: string;
  /** Your number of the bill. */
  readonly merchant_reference: string | null;
  /** 1, or more when the bill was charged again after it ended unpaid. */
  readonly attempt: number;
  /** How the guest pays. */
  readonly method: 'barcode' | 'qr';
  /** Whole fen: 8800 is 88.00 yuan. */
  readonly amount: number;
  /** Always CNY. */
  readonly currency: 'CNY';
  /** Whole fen that went back. */
  readonly refunded_amount: number;
  /** Whole fen that are on their way back. */
  readonly refunding_amount: number;
  /** `created`: begun, and not certain. `awaiting_buyer`: the guest has to scan or to confirm. `paid`: the money is there. `declined`: Alipay refused. `closed`: ended unpaid. `reversed`: was paid, and all of it went back. */
  readonly state: 'created' | 'awaiting_buyer' | 'paid' | 'declined' | 'closed' | 'reversed';
  /** The money came after the payment had ended unpaid. */
  readonly late: boolean;
  readonly allowed_actions: readonly ('cancel' | 'refund')[];
  readonly next_action: {
    /** `show_qr_code`: show it to the guest. `wait_for_buyer`: the guest confirms on the phone. */
    readonly type: 'show_qr_code' | 'wait_for_buyer';
    /** The text of the code. */
    readonly qr_code?: string;
    /** Its picture, as SVG. */
    readonly svg_url?: string;
    /** Its picture, as PNG. */
    readonly png_url?: string;
  } | null;
  /** Where a page hears of it, without a key (streamPayment). */
  readonly stream_url: string;
  readonly failure: {
    /** Alipay’s code, e.g. ACQ.BUYER_BALANCE_NOT_ENOUGH. */
    readonly code: string;
    /** Alipay’s sentence, for the clerk. */
    readonly message: string;
  } | null;
  readonly subject: string;
  readonly description: string | null;
  readonly operator_id: string | null;
  readonly store_id: string | null;
  readonly metadata: Readonly<Record<string, string>>;
  /** Who asked for it; null for what came over v1 or by itself. */
  readonly created_by: {
    /** `key_…` or `user_…`. */
    readonly id: string;
    /** As it was called then. */
    readonly name: string;
  } | null;
  readonly alipay: {
    /** Our number of the trade at Alipay. */
    readonly out_trade_no: string;
    /** Alipay’s own number of it. */
    readonly trade_no: string | null;
    /** The buyer’s account, masked by Alipay. */
    readonly buyer_logon_id: string | null;
  };
  /** RFC 3339 */
  readonly created_at: string;
  /** When it is ended unless it is paid; a cancel brings it forward. */
  readonly expires_at: string;
  /** When the guest paid, as Alipay tells it: in whole seconds, by its own clock. */
  readonly paid_at: string | null;
};

export type PaymentStatus = {
  readonly id: string;
  /** Always payment_status. */
  readonly object: 'payment_status';
  /** `created`: begun, and not certain. `awaiting_buyer`: the guest has to scan or to confirm. `paid`: the money is there. `declined`: Alipay refused. `closed`: ended unpaid. `reversed`: was paid, and all of it went back. */
  readonly state: 'created' | 'awaiting_buyer' | 'paid' | 'declined' | 'closed' | 'reversed';
  /** Nobody can pay it any more: the stream ends. */
  readonly final: boolean;
  /** Whole fen: 8800 is 88.00 yuan. */
  readonly amount: number;
  /** Always CNY. */
  readonly currency: 'CNY';
  /** Whole fen that went back. */
  readonly refunded_amount: number;
  /** Whole fen that are on their way back. */
  readonly refunding_amount: number;
  /** When it is ended unless it is paid; a cancel brings it forward. */
  readonly expires_at: string;
};

export type Refund = {
  readonly id: string;
  /** Always refund. */
  readonly object: 'refund';
  readonly payment: string;
  /** Whole fen: 8800 is 88.00 yuan. */
  readonly amount: number;
  /** Always CNY. */
  readonly currency: 'CNY';
  /** `pending`: asked for, and not certain. The other two are final. */
  readonly state: 'pending' | 'succeeded' | 'failed';
  readonly reason: string | null;
  readonly failure: {
    /** Alipay’s code, e.g. ACQ.BUYER_BALANCE_NOT_ENOUGH. */
    readonly code: string;
    /** Alipay’s sentence, for the clerk. */
    readonly message: string;
  } | null;
  /** Who asked for it; null for what came over v1 or by itself. */
  readonly created_by: {
    /** `key_…` or `user_…`. */
    readonly id: string;
    /** As it was called then. */
    readonly name: string;
  } | null;
  /** RFC 3339 */
  readonly created_at: string;
};

export type Merchant = {
  readonly id: string;
  /** Always merchant. */
  readonly object: 'merchant';
  readonly shop_no: string;
  /** Its number within the account at Alipay. */
  readonly store_no: string;
  readonly name: string | null;
  /** `suspended`: begins no payment. */
  readonly state: 'active' | 'suspended';
  readonly seller_id: string;
  readonly product_codes: {
    readonly barcode: string;
    readonly qr: string;
  };
  readonly authorization: {
    /** How the token ends. */
    readonly hint: string;
    readonly service_provider_id: string | null;
    /** RFC 3339 */
    readonly given_at: string;
  } | null;
  readonly app: {
    readonly app_id: string;
    /** RSA2, but for applications of before 2018. */
    readonly sign_type: 'RSA2' | 'RSA';
    /** Ours: give it to Alipay for the application. */
    readonly public_key: string;
    /** Alipay’s; null while nobody gave it. */
    readonly alipay_public_key: string | null;
    readonly next_key: {
      /** Ours, that is to take over. */
      readonly public_key: string;
      /** RSA2, but for applications of before 2018. */
      readonly sign_type: 'RSA2' | 'RSA';
      /** RFC 3339 */
      readonly created_at: string;
    } | null;
    readonly certificates: {
      readonly app: {
        /** As Alipay computes it (SN). */
        readonly serial_no: string;
        /** RFC 3339 */
        readonly expires_at: string;
      };
      readonly alipay: {
        /** As Alipay computes it (SN). */
        readonly serial_no: string;
        /** RFC 3339 */
        readonly expires_at: string;
      };
      readonly alipay_root_serial_no: string;
    } | null;
  };
  /** RFC 3339 */
  readonly created_at: string;
};

export type MerchantTest = {
  /** Always merchant_test. */
  readonly object: 'merchant_test';
  /** Keys, contract and network are proven. */
  readonly ok: boolean;
  readonly heartbeat: {
    /** `refused`: Alipay said no, under its signature; `code` tells why. `no_answer`: nothing that could be verified. */
    readonly result: 'ok' | 'refused' | 'no_answer' | 'not_configured';
    readonly code: string | null;
    readonly message: string | null;
  };
  readonly query: {
    /** `refused`: Alipay said no, under its signature; `code` tells why. `no_answer`: nothing that could be verified. */
    readonly result: 'ok' | 'refused' | 'no_answer' | 'not_configured';
    readonly code: string | null;
    readonly message: string | null;
  };
};

export type KeyTest = {
  /** Always key_test. */
  readonly object: 'key_test';
  /** Alipay accepts what the next key pair signs. */
  readonly ok: boolean;
  readonly query: {
    /** `refused`: Alipay said no, under its signature; `code` tells why. `no_answer`: nothing that could be verified. */
    readonly result: 'ok' | 'refused' | 'no_answer' | 'not_configured';
    readonly code: string | null;
    readonly message: string | null;
  };
};

export type CertificateRequest = {
  /** Always certificate_request. */
  readonly object: 'certificate_request';
  /** The CSR, to be uploaded to Alipay. */
  readonly pem: string;
};

export type Event =
  | {
      readonly id: string;
      /** Always event. */
      readonly object: 'event';
      /** What happened. */
      readonly type:
        | 'payment.created'
        | 'payment.awaiting_buyer'
        | 'payment.paid'
        | 'payment.declined'
        | 'payment.closed'
        | 'payment.reversed';
      readonly merchant: string;
      /** RFC 3339 */
      readonly created_at: string;
      readonly data: Payment;
    }
  | {
      readonly id: string;
      /** Always event. */
      readonly object: 'event';
      /** What happened. */
      readonly type: 'refund.created' | 'refund.succeeded' | 'refund.failed';
      readonly merchant: string;
      /** RFC 3339 */
      readonly created_at: string;
      readonly data: Refund;
    };

export type Timeline = {
  /** Always timeline. */
  readonly object: 'timeline';
  readonly payment: string;
  readonly why: {
    readonly en: string;
    readonly zh: string;
  };
  readonly next: {
    readonly en: string;
    readonly zh: string;
  } | null;
  readonly entries: readonly {
    /** RFC 3339 */
    readonly at: string;
    /** Who did something, or what came. */
    readonly kind:
      | 'gateway'
      | 'request'
      | 'answer'
      | 'silence'
      | 'notification'
      | 'refund'
      | 'incident'
      | 'person';
    readonly title: {
      readonly en: string;
      readonly zh: string;
    };
    readonly text: {
      readonly en: string;
      readonly zh: string;
    };
    /** `before -> after`, when the payment moved. */
    readonly moved: string | null;
    /** For programs: what the history keeps of it; accounts are masked. */
    readonly detail: Readonly<Record<string, unknown>>;
  }[];
};

export type Incident = {
  readonly id: string;
  /** Always incident. */
  readonly object: 'incident';
  readonly merchant: string;
  readonly payment: string;
  /** The refund that it is about. */
  readonly refund: string | null;
  /** See docs/incidents.md. */
  readonly reason:
    | 'paid_trade_is_closed'
    | 'paid_stays_unconfirmed'
    | 'refunded_elsewhere'
    | 'alipay_stays_silent'
    | 'reversed_after_paid'
    | 'number_names_another_trade'
    | 'late_payment'
    | 'late_refund_refused'
    | 'refund_stays_silent'
    | 'refund_done_after_refused';
  readonly title: {
    readonly en: string;
    readonly zh: string;
  };
  readonly happened: {
    readonly en: string;
    readonly zh: string;
  };
  readonly undecided: {
    readonly en: string;
    readonly zh: string;
  };
  readonly advice: {
    readonly en: string;
    readonly zh: string;
  };
  /** `open`: waits for a person. */
  readonly state: 'open' | 'resolved';
  /** RFC 3339 */
  readonly opened_at: string;
  /** RFC 3339 */
  readonly last_seen_at: string;
  readonly seen_count: number;
  /** RFC 3339 */
  readonly resolved_at: string | null;
  /** Who; `gateway` where it became moot by itself. */
  readonly resolved_by: string | null;
  readonly note: string | null;
};

export type Dongle = {
  /** Always dongle. */
  readonly object: 'dongle';
  /** The number on it, which v1 calls dogNo. */
  readonly number: string;
  /** `registered`: may ask for its secret key once. `issued`: has one. `revoked`: may do nothing. */
  readonly state: 'registered' | 'issued' | 'revoked';
  /** An operator registered it; false for one that enrolled by itself. */
  readonly allow_listed: boolean;
  /** Those that it registered. */
  readonly own_merchants: readonly string[];
  /** Others that it may use, because an operator said so. */
  readonly granted_merchants: readonly string[];
  /** RFC 3339 */
  readonly created_at: string;
};

export type WebhookEndpoint = {
  readonly id: string;
  /** Always webhook_endpoint. */
  readonly object: 'webhook_endpoint';
  /** Whose events; null for those of all. */
  readonly merchant: string | null;
  readonly url: string;
  /** What it wants to hear of; everything when there are none. */
  readonly types: readonly (
    | 'payment.created'
    | 'payment.awaiting_buyer'
    | 'payment.paid'
    | 'payment.declined'
    | 'payment.closed'
    | 'payment.reversed'
    | 'refund.created'
    | 'refund.succeeded'
    | 'refund.failed'
  )[];
  readonly description: string | null;
  /** `failing`: three days of attempts were in vain; nothing is sent until it is enabled again. */
  readonly state: 'enabled' | 'disabled' | 'failing';
  /** RFC 3339 */
  readonly failing_since: string | null;
  /** Signs what is sent: in the answer that made it, and never again. */
  readonly secret?: string;
  /** RFC 3339 */
  readonly older_secret_until: string | null;
  /** RFC 3339 */
  readonly created_at: string;
};

export type WebhookDelivery = {
  readonly id: string;
  /** Always webhook_delivery. */
  readonly object: 'webhook_delivery';
  readonly endpoint: string;
  readonly event: string;
  /** What happened. */
  readonly type:
    | 'payment.created'
    | 'payment.awaiting_buyer'
    | 'payment.paid'
    | 'payment.declined'
    | 'payment.closed'
    | 'payment.reversed'
    | 'refund.created'
    | 'refund.succeeded'
    | 'refund.failed';
  /** The one that the event is about, or its refund. */
  readonly payment: string;
  /** `failed`: three days were in vain. */
  readonly state: 'pending' | 'delivered' | 'failed';
  readonly attempt_count: number;
  /** RFC 3339 */
  readonly next_attempt_at: string | null;
  /** Oldest first; only of a single delivery. */
  readonly attempts?: readonly {
    /** RFC 3339 */
    readonly at: string;
    readonly url: string;
    /** With the signature; null of an attempt before they were stored. */
    readonly request_headers: Readonly<Record<string, string>> | null;
    readonly request_body: string;
    /** Of the answer. */
    readonly status: number | null;
    /** Of the answer; null as for the request, and where there is none. */
    readonly answer_headers: Readonly<Record<string, string>> | null;
    /** Its beginning. */
    readonly answer: string | null;
    /** Why there was no answer. */
    readonly fault: string | null;
    readonly duration_ms: number;
  }[];
};

export type WebhookTest = {
  /** Always webhook_test. */
  readonly object: 'webhook_test';
  /** It answered with 2xx. */
  readonly ok: boolean;
  readonly status: number | null;
  /** Of the answer. */
  readonly answer_headers: Readonly<Record<string, string>> | null;
  readonly answer: string | null;
  readonly fault: string | null;
  readonly duration_ms: number;
};

export type ApiKey = {
  readonly id: string;
  /** Always api_key. */
  readonly object: 'api_key';
  readonly name: string;
  readonly merchant: string | null;
  readonly scopes: readonly ('read' | 'charge' | 'refund' | 'manage' | 'administer')[];
  /** How the key begins. */
  readonly hint: string;
  /** The key itself: in the answer that made it, and never again. */
  readonly secret?: string;
  /** RFC 3339 */
  readonly created_at: string;
  /** RFC 3339 */
  readonly last_used_at: string | null;
  /** RFC 3339 */
  readonly revoked_at: string | null;
};

export type UserLink = {
  /** Where the password is chosen, once: what is behind # no server sees. */
  readonly url_path: string;
  /** RFC 3339 */
  readonly expires_at: string;
};

export type User = {
  /** Always user. */
  readonly object: 'user';
  readonly id: string;
  readonly name: string;
  readonly display_name: string | null;
  /** `administrator`: everything. `finance`: read and refund. `clerk`: read and charge. `read_only`: read. */
  readonly role: 'administrator' | 'finance' | 'clerk' | 'read_only';
  /** The one merchant; null for all. */
  readonly merchant: string | null;
  readonly scopes: readonly ('read' | 'charge' | 'refund' | 'manage' | 'administer')[];
  /** `invited`: has no password yet. `suspended`: cannot sign in. */
  readonly state: 'active' | 'invited' | 'suspended';
  /** A code is asked for at the sign-in. */
  readonly totp: boolean;
  /** RFC 3339 */
  readonly locked_until: string | null;
  /** RFC 3339 */
  readonly last_sign_in_at: string | null;
  /** RFC 3339 */
  readonly created_at: string;
  readonly link?: UserLink;
};

export type Session = {
  /** Always session. */
  readonly object: 'session';
  readonly user: User;
  /** To be sent as X-CSRF-Token with every request that is not GET. */
  readonly csrf_token: string;
  /** When it ends if nothing more is asked. */
  readonly expires_at: string;
  /** The password would be refused today. */
  readonly must_change_password: boolean;
};

export type TotpSecret = {
  /** To be typed into the app. */
  readonly secret: string;
  /** The same, for a QR code. */
  readonly uri: string;
};

export type AuditEntry = {
  readonly id: string;
  /** Always audit_entry. */
  readonly object: 'audit_entry';
  /** Its number in the chain. */
  readonly number: number;
  /** RFC 3339 */
  readonly at: string;
  readonly actor: {
    /** `operator_cli`: a command. `nobody`: the call named nobody, as a sign-in. */
    readonly kind: 'user' | 'api_key' | 'operator_cli' | 'nobody';
    /** `user_…`, `key_…`, or the kind. */
    readonly id: string;
    /** As it was called then; of a command, the account that ran it. */
    readonly name: string;
  };
  /** Where the call came from; null for commands. */
  readonly address: string | null;
  /** The `operationId`. */
  readonly operation: string;
  /** What it was done to, or what it made. */
  readonly target: string | null;
  /** What was asked: `params`, `query` and `body`, with secrets masked. */
  readonly request: Readonly<Record<string, unknown>>;
  readonly outcome: {
    /** The HTTP status; commands have the one that fits. */
    readonly status: number;
    /** The problem; null for a success. */
    readonly code: string | null;
    /** The answer of an earlier call with the same idempotency key: nothing was done. */
    readonly replayed: boolean;
    /** RFC 3339 */
    readonly at: string;
  } | null;
  /** The hash of the request’s entry. */
  readonly hash: string;
};

export type Problem = {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly detail_zh: string;
  readonly field?: string;
  readonly payment?: string;
  readonly alipay?: {
    readonly code: string;
    readonly sub_code: string | null;
  };
  readonly request_id: string;
};

export type PaymentTotals = {
  /** Always payment_totals. */
  readonly object: 'payment_totals';
  readonly count: number;
  /** Whole fen. */
  readonly amount: number;
  readonly paid: {
    readonly count: number;
    /** Whole fen. */
    readonly amount: number;
  };
  /** Refunds that succeeded, of all payments that are meant. */
  readonly refunded: {
    readonly count: number;
    /** Whole fen. */
    readonly amount: number;
  };
  /** What was paid and has not gone back: of those that are paid, less their refunds. */
  readonly net_amount: number;
  readonly by_method: {
    readonly barcode: {
      readonly count: number;
      /** Whole fen. */
      readonly amount: number;
      /** Whole fen. */
      readonly refunded_amount: number;
    };
    readonly qr: {
      readonly count: number;
      /** Whole fen. */
      readonly amount: number;
      /** Whole fen. */
      readonly refunded_amount: number;
    };
  };
  readonly by_state: {
    readonly created: {
      readonly count: number;
      /** Whole fen. */
      readonly amount: number;
    };
    readonly awaiting_buyer: {
      readonly count: number;
      /** Whole fen. */
      readonly amount: number;
    };
    readonly paid: {
      readonly count: number;
      /** Whole fen. */
      readonly amount: number;
    };
    readonly declined: {
      readonly count: number;
      /** Whole fen. */
      readonly amount: number;
    };
    readonly closed: {
      readonly count: number;
      /** Whole fen. */
      readonly amount: number;
    };
    readonly reversed: {
      readonly count: number;
      /** Whole fen. */
      readonly amount: number;
    };
  };
};

export type Statistics = {
  /** Always statistics. */
  readonly object: 'statistics';
  /** RFC 3339 */
  readonly from: string;
  /** RFC 3339 */
  readonly before: string;
  /** What the series goes by. */
  readonly by: 'hour' | 'day';
  readonly total: {
    readonly paid_count: number;
    /** Whole fen. */
    readonly paid_amount: number;
    /** Payments that are over, paid or not: all but `created` and `awaiting_buyer`. */
    readonly ended_count: number;
    /** Of those that are over, how many are paid: 0 to 1, with four decimals. null when none is over. */
    readonly success_rate: number | null;
    /** Of those that are paid, in whole fen, rounded. null when none is. */
    readonly average_amount: number | null;
    /** Refunds of these payments that succeeded, whenever that was. */
    readonly refund_count: number;
    /** Whole fen. */
    readonly refunded_amount: number;
  };
  /** Of the time before that, of the same length. */
  readonly previous: {
    readonly paid_count: number;
    /** Whole fen. */
    readonly paid_amount: number;
    /** Payments that are over, paid or not: all but `created` and `awaiting_buyer`. */
    readonly ended_count: number;
    /** Of those that are over, how many are paid: 0 to 1, with four decimals. null when none is over. */
    readonly success_rate: number | null;
    /** Of those that are paid, in whole fen, rounded. null when none is. */
    readonly average_amount: number | null;
    /** Refunds of these payments that succeeded, whenever that was. */
    readonly refund_count: number;
    /** Whole fen. */
    readonly refunded_amount: number;
  };
  /** Each hour or day that the time touches, oldest first. The first and the last hold what is within it. */
  readonly series: readonly {
    /** RFC 3339 */
    readonly from: string;
    readonly paid_count: number;
    /** Whole fen. */
    readonly paid_amount: number;
    /** Payments that are over, paid or not: all but `created` and `awaiting_buyer`. */
    readonly ended_count: number;
    /** Of those that are over, how many are paid: 0 to 1, with four decimals. null when none is over. */
    readonly success_rate: number | null;
    /** Of those that are paid, in whole fen, rounded. null when none is. */
    readonly average_amount: number | null;
    /** Refunds of these payments that succeeded, whenever that was. */
    readonly refund_count: number;
    /** Whole fen. */
    readonly refunded_amount: number;
  }[];
  readonly methods: readonly {
    /** How. */
    readonly method: 'barcode' | 'qr';
    readonly paid_count: number;
    /** Whole fen. */
    readonly paid_amount: number;
    /** Payments that are over, paid or not: all but `created` and `awaiting_buyer`. */
    readonly ended_count: number;
    /** Of those that are over, how many are paid: 0 to 1, with four decimals. null when none is over. */
    readonly success_rate: number | null;
    /** Of those that are paid, in whole fen, rounded. null when none is. */
    readonly average_amount: number | null;
    /** Refunds of these payments that succeeded, whenever that was. */
    readonly refund_count: number;
    /** Whole fen. */
    readonly refunded_amount: number;
  }[];
  /** The ten with the most that was paid, the most first. */
  readonly merchants: readonly {
    readonly merchant: string;
    readonly name: string | null;
    readonly paid_count: number;
    /** Whole fen. */
    readonly paid_amount: number;
    /** Payments that are over, paid or not: all but `created` and `awaiting_buyer`. */
    readonly ended_count: number;
    /** Of those that are over, how many are paid: 0 to 1, with four decimals. null when none is over. */
    readonly success_rate: number | null;
    /** Of those that are paid, in whole fen, rounded. null when none is. */
    readonly average_amount: number | null;
    /** Refunds of these payments that succeeded, whenever that was. */
    readonly refund_count: number;
    /** Whole fen. */
    readonly refunded_amount: number;
  }[];
};
