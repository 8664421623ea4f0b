/**
 * What the tills asked and what they were told, word by word: one of the three witnesses that are compared at the end,
 * beside the gateway's rows and the simulator's book. It keeps; `checks.ts` judges.
 */

export type Shop = {
  /** The number in its calls (v1 `cpiNo`, its `storeDogNo`). */
  readonly cpiNo: string;
  readonly dongleNo: string;
  readonly appId: string;
  readonly sellerId: string;
};

/** One bill of a guest, paid (or not) in whatever way. */
export type Bill = {
  /** Also the subject of its trades, by which the network knows it. */
  readonly name: string;
  readonly kind: 'barcode' | 'qr' | 'older';
  readonly shop: Shop;
  readonly localNo: string;
  readonly amountFen: number;
};

export type V1Call = 'hb_barcode' | 'qrcode' | 'query' | 'refund';
export type V2Call =
  | 'v2 create'
  | 'v2 look'
  | 'v2 list'
  | 'v2 cancel'
  | 'v2 refund'
  | 'v2 look at refund';
export type Call = V1Call | V2Call;

/** What an answer means to a till. */
export type Verdict =
  | 'paid'
  | 'failed'
  | 'open'
  | 'refunded'
  | 'refused'
  | 'shown'
  | 'taken'
  | 'error';

export type Told = {
  readonly atMs: number;
  readonly bill: Bill;
  readonly call: Call;
  /** What makes two calls the same call: the payment code, or the request number with its amount. */
  readonly key: string;
  readonly verdict: Verdict;
  /** Our number, where the answer names one. */
  readonly paymentNo: string | undefined;
  /** The answer's body, or why there is none. */
  readonly raw: string;
  /** What an answer of v2 is held against besides. */
  readonly v2?: V2Answer | undefined;
};

export type V2Answer = {
  readonly askedAtMs: number;
  /** How long it was to wait for an outcome. */
  readonly waitMs: number;
  /** The idempotency key of a call that has one. */
  readonly key: string | undefined;
  /** What the key stands for: the operation, and what was asked. */
  readonly wanted: string;
  /** Zero when there is no answer. */
  readonly status: number;
  readonly isReplayed: boolean;
  /** The name of what went wrong, as v2 has it. */
  readonly problem: string | undefined;
  readonly json: Readonly<Record<string, unknown>>;
};

/** A refund that a till asked for. */
export type AskedRefund = {
  readonly bill: Bill;
  readonly paymentNo: string;
  readonly requestNo: string;
  readonly amountFen: number;
};

export type Ledger = {
  readonly told: Told[];
  readonly askedRefunds: AskedRefund[];
  /** Payment codes that guests showed, with their bill. */
  readonly codes: Map<string, Bill>;
};

export function createLedger(): Ledger {
  return { told: [], askedRefunds: [], codes: new Map() };
}

export function yuan(amountFen: number): string {
  return `${Math.floor(amountFen / 100)}.${String(amountFen % 100).padStart(2, '0')}`;
}
