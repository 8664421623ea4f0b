/**
 * Tills that sell by payment code over v1, as a process of its own: its plan comes on stdin, what it was told goes to
 * stdout. Either as fast as the gateway answers (each till rings up the next guest at once), or so many a second whatever
 * the gateway does; then a sale's time counts from when it was to begin, so that a gateway that stalls cannot hide it.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { text } from 'node:stream/consumers';
import { Pool } from 'undici';

export type LoadPlan = {
  /** Origin of the gateway, or of a peer that answers the same call. */
  readonly url: string;
  readonly token: string;
  /** `cpiNo` of the shops, which sell in turn. */
  readonly shops: readonly string[];
  /** Part of every order number and payment code: no two plans of one run may share it. At most 9999. */
  readonly plan: number;
  readonly tills: number;
  readonly seconds: number;
  /** Sales begun in a second; undefined for as many as the tills can ring up. */
  readonly perSecond?: number | undefined;
};

/** One charge and what the till was told of it. */
export type Sale = {
  readonly shop: string;
  readonly localNo: string;
  readonly amountFen: number;
  /** Alipay's code as it was passed on; `err` and HTTP status where there is none. */
  readonly code: string;
  readonly paymentNo: string | undefined;
  /** From when it was to begin until its answer was read. */
  readonly ms: number;
};

export type LoadResult = { readonly sales: readonly Sale[]; readonly seconds: number };

const AMOUNTS_FEN = 5000;
/** A gateway that takes this long has failed the bench anyway. */
const ANSWER_MS_MAX = 30_000;

export async function runLoad(plan: LoadPlan): Promise<LoadResult> {
  const pool = new Pool(plan.url, {
    connections: plan.tills,
    pipelining: 1,
    headersTimeout: ANSWER_MS_MAX,
    bodyTimeout: ANSWER_MS_MAX,
  });
  const sales: Sale[] = [];
  let begun = 0;
  const startMs = performance.now();
  const endMs = startMs + plan.seconds * 1000;
  const sellNext = async (beginMs: number): Promise<void> => {
    sales.push(await sell(pool, plan, (begun += 1), beginMs));
  };
  const till = async (): Promise<void> => {
    for (let nowMs = startMs; nowMs < endMs; nowMs = performance.now()) await sellNext(nowMs);
  };
  if (plan.perSecond === undefined) await Promise.all(Array.from({ length: plan.tills }, till));
  else await sellAtRate(plan.perSecond, { startMs, endMs }, sellNext);
  const seconds = (performance.now() - startMs) / 1000;
  await pool.close();
  return { sales, seconds };
}

async function sellAtRate(
  perSecond: number,
  { startMs, endMs }: { readonly startMs: number; readonly endMs: number },
  sellNext: (beginMs: number) => Promise<void>,
): Promise<void> {
  const running: Promise<void>[] = [];
  const gapMs = 1000 / perSecond;
  // Counted, not added up: parts of a millisecond add up to one sale more, or one less.
  const count = Math.round((endMs - startMs) / gapMs);
  for (let number = 0; number < count; number += 1) {
    const beginMs = startMs + number * gapMs;
    const leftMs = beginMs - performance.now();
    if (leftMs > 0) await delay(leftMs);
    running.push(sellNext(beginMs));
  }
  await Promise.all(running);
}

async function sell(pool: Pool, plan: LoadPlan, number: number, beginMs: number): Promise<Sale> {
  const shop = plan.shops[number % plan.shops.length] ?? '';
  const localNo = `bench-${plan.plan}-${number}`;
  const amountFen = 1 + ((number * 37) % AMOUNTS_FEN);
  const data = {
    cpiNo: shop,
    localNo,
    totalAmount: (amountFen / 100).toFixed(2),
    operatorId: 'op007',
    storeId: '01',
    authCode: `25${digits(plan.plan, 4)}${digits(number, 12)}`,
    subject: encodeURIComponent('标准间一晚'),
    body: encodeURIComponent('早餐两份'),
  };
  // As the terminals in the field send it: braces and quotes as they are.
  const path = `/f2f/hb_barcode?data=${JSON.stringify(data)}&token=${plan.token}`;
  const response = await pool.request({ path, method: 'GET' });
  const answer = (await response.body.json()) as {
    err: string;
    re: { code?: string; out_trade_no?: string };
  };
  const ms = performance.now() - beginMs;
  const code = answer.re.code ?? `${response.statusCode} ${answer.err}`;
  return { shop, localNo, amountFen, code, paymentNo: answer.re.out_trade_no, ms };
}

function digits(number: number, length: number): string {
  return String(number).padStart(length, '0');
}

if (import.meta.main) {
  const plan: LoadPlan = JSON.parse(await text(process.stdin));
  process.stdout.write(JSON.stringify(await runLoad(plan)));
}
