/**
 * Clerks whose tills speak v2: they charge codes and show QR codes under idempotency keys, wait, look, repeat, cancel, and now
 * and then say something else under a key, or say the same over v1. Giving money back is in `refunds.ts`; every choice is drawn
 * from a stream of the bill.
 */
import { askToCharge, guestScans, showCode } from '../bills.ts';
import type { Bill, Told } from '../ledger.ts';
import type { Prng } from '../prng.ts';
import { giveBack } from './refunds.ts';
import { drawWaitS, newKey, shopOf, type V2Cast, type V2Question } from './till.ts';

/** What the clerk knows at the end; undefined when the clerk has gone, or never heard a number. */
type Outcome = { readonly paymentNo: string; readonly isPaid: boolean } | undefined;

const SECOND_MS = 1000;

/** What happens to one bill, from the first call to the last. */
export async function playV2(cast: V2Cast, bill: Bill, prng: Prng): Promise<void> {
  const outcome = await (bill.kind === 'qr' ? payByQr : payByCodes)(cast, bill, prng);
  if (outcome === undefined) return;
  if (prng.chance(0.2)) await findBill(cast, bill, prng);
  if (prng.chance(0.1)) await trespass(cast, bill, prng, outcome.paymentNo);
  if (outcome.isPaid && prng.chance(0.45)) await giveBack(cast, bill, prng, outcome.paymentNo);
}

/** Payment codes one after another until the bill is paid, or the guest has had enough. */
async function payByCodes(cast: V2Cast, bill: Bill, prng: Prng): Promise<Outcome> {
  let outcome: Outcome;
  for (let attempt = 1; attempt <= 3; attempt += 1) {
    const code = showCode(cast, bill, prng, attempt);
    const told = await charge(cast, bill, prng, code);
    if (told?.paymentNo === undefined) return undefined;
    outcome = { paymentNo: told.paymentNo, isPaid: told.verdict === 'paid' };
    if (told.verdict !== 'failed' || !prng.chance(0.6)) return outcome;
    await cast.till.sleep(prng.between(500, 20 * SECOND_MS));
  }
  return outcome;
}

/** Charges a code until the till is told an outcome; undefined when the clerk walks away first. */
async function charge(
  cast: V2Cast,
  bill: Bill,
  prng: Prng,
  code: string,
): Promise<Told | undefined> {
  const { weather } = cast;
  const body = orderOf(bill, code);
  let key = newKey(bill, prng);
  const firstKey = key;
  const ask = (words = 'right'): Promise<Told> => create(cast, bill, prng, { key, words, body });
  for (let patienceMs = 1000; ; patienceMs = Math.min(patienceMs * 1.5, 120 * SECOND_MS)) {
    // A program that was restarted, say, no longer knows what it said under its key.
    const isForgotten = patienceMs > 1000 && prng.chance(weather.rates.tillMistaken);
    const asked = [isForgotten ? ask('wrong') : ask()];
    if (prng.chance(weather.rates.tillInHurry)) asked.push(ask());
    if (prng.chance(weather.rates.tillMistaken)) asked.push(ask('wrong'));
    const answers = await Promise.all(asked);
    const settled = settledIn(answers) ?? (await follow(cast, bill, prng, answers));
    if (settled !== undefined) {
      if (prng.chance(0.3)) await repeat(cast, bill, prng, firstKey, body);
      return settled;
    }
    if (prng.chance(weather.rates.tillVanishes)) return undefined;
    // The mistake was there first: the key is lost, and the bill is not.
    if (answers.some(({ v2 }) => v2?.problem === 'idempotency_key_reused'))
      key = newKey(bill, prng);
    await cast.till.sleep(prng.between(patienceMs / 2, patienceMs));
    // The same charge over the other API is the same payment.
    if (prng.chance(0.08)) await askToCharge(cast, bill, prng, code);
  }
}

function settledIn(answers: readonly Told[]): Told | undefined {
  return (
    answers.find(({ verdict }) => verdict === 'paid' || verdict === 'failed') ??
    answers.find(({ verdict }) => verdict === 'taken')
  );
}

/** Looks at the payment that is open still, if a number is known, or ends it. */
async function follow(
  cast: V2Cast,
  bill: Bill,
  prng: Prng,
  answers: readonly Told[],
): Promise<Told | undefined> {
  const number = answers.find(({ paymentNo }) => paymentNo !== undefined)?.paymentNo;
  if (number === undefined || !prng.chance(0.7)) return undefined;
  if (prng.chance(0.12)) return settledIn([await cancel(cast, bill, prng, number)]);
  return settledIn([await look(cast, bill, prng, number)]);
}

type Order = {
  readonly method: 'barcode' | 'qr';
  readonly auth_code?: string;
  readonly merchant_reference: string;
  readonly amount: number;
  readonly subject: string;
};

function orderOf({ localNo, amountFen, name }: Bill, authCode?: string): Order {
  const order = { merchant_reference: localNo, amount: amountFen, subject: name };
  return authCode === undefined
    ? { ...order, method: 'qr' }
    : { ...order, method: 'barcode', auth_code: authCode };
}

type Create = {
  readonly key: string;
  /** What the call says under its key beside the order; a payment keeps what began it. */
  readonly words: string;
  readonly body: Order;
};

function create(
  { v2 }: V2Cast,
  bill: Bill,
  prng: Prng,
  { key, words, body }: Create,
): Promise<Told> {
  return v2.call(bill, prng, {
    call: 'v2 create',
    method: 'POST',
    path: '/v2/payments',
    body: { ...body, metadata: { key, words } },
    key,
    name: body.auth_code ?? 'qr',
    namesShop: true,
    waitS: drawWaitS(prng),
  });
}

export function look({ v2 }: V2Cast, bill: Bill, prng: Prng, paymentNo: string): Promise<Told> {
  const path = `/v2/payments/pay_${paymentNo}`;
  const waitS = drawWaitS(prng);
  return v2.call(bill, prng, { call: 'v2 look', method: 'GET', path, name: paymentNo, waitS });
}

/** Ends the payment: the same call until there is an answer, two at once in a hurry. */
async function cancel(
  { v2, till, weather }: V2Cast,
  bill: Bill,
  prng: Prng,
  paymentNo: string,
): Promise<Told> {
  const question: V2Question = {
    call: 'v2 cancel',
    method: 'POST',
    path: `/v2/payments/pay_${paymentNo}/cancel`,
    key: newKey(bill, prng),
    name: paymentNo,
    waitS: drawWaitS(prng),
  };
  for (;;) {
    const asked = [v2.call(bill, prng, question)];
    if (prng.chance(weather.rates.tillInHurry)) asked.push(v2.call(bill, prng, question));
    const told = (await Promise.all(asked)).find(({ verdict }) => verdict !== 'error');
    if (told !== undefined) return told;
    await till.sleep(prng.between(500, 5 * SECOND_MS));
  }
}

/** A program that was restarted, say, says again what it said before; or something else, under the same key. */
async function repeat(
  cast: V2Cast,
  bill: Bill,
  prng: Prng,
  key: string,
  body: Order,
): Promise<void> {
  await cast.till.sleep(prng.between(SECOND_MS, 90 * SECOND_MS));
  if (prng.chance(0.6)) await create(cast, bill, prng, { key, words: 'right', body });
  if (prng.chance(0.4)) await create(cast, bill, prng, { key, words: 'wrong', body });
  // A key of its own, and the same charge: the same payment, as it is now.
  const another = newKey(bill, prng);
  if (prng.chance(0.2)) await create(cast, bill, prng, { key: another, words: 'right', body });
}

/** Shows a QR code, which a guest scans and pays, or not; some guests pay by code in the end. */
async function payByQr(cast: V2Cast, bill: Bill, prng: Prng): Promise<Outcome> {
  const { till, weather } = cast;
  const endMs = till.nowMs() + cast.qrExpiresMs + 60 * SECOND_MS;
  const shown = await showQr(cast, bill, prng);
  if (shown?.paymentNo === undefined) return undefined;
  const { paymentNo } = shown;
  const action = shown.v2?.json['next_action'] as { qr_code?: string } | null | undefined;
  if (action?.qr_code !== undefined) guestScans(cast, prng, action.qr_code);
  const cancelsAtMs = prng.chance(0.15)
    ? till.nowMs() + prng.between(0, endMs - till.nowMs())
    : endMs;
  while (till.nowMs() < endMs) {
    if (prng.chance(weather.rates.tillVanishes * 0.2)) return undefined;
    const isCancelling = till.nowMs() >= cancelsAtMs;
    const told = await (isCancelling ? cancel : look)(cast, bill, prng, paymentNo);
    if (told.verdict === 'paid') return { paymentNo, isPaid: true };
    if (told.verdict === 'failed') break;
    await till.sleep(prng.between(500, 20 * SECOND_MS));
  }
  return prng.chance(0.3) ? payByCodes(cast, bill, prng) : undefined;
}

/** Nothing was shown, or the key stands for other words. */
const NEEDS_NEW_KEY: ReadonlySet<string | undefined> = new Set([
  'alipay_silent',
  'idempotency_key_reused',
]);

async function showQr(cast: V2Cast, bill: Bill, prng: Prng): Promise<Told | undefined> {
  const body = orderOf(bill);
  const { weather } = cast;
  for (let key = newKey(bill, prng); ;) {
    const call: Create = { key, words: 'right', body };
    const asked = [create(cast, bill, prng, call)];
    if (prng.chance(weather.rates.tillInHurry)) asked.push(create(cast, bill, prng, call));
    if (prng.chance(weather.rates.tillMistaken)) {
      asked.push(create(cast, bill, prng, { ...call, words: 'wrong' }));
    }
    const answers = await Promise.all(asked);
    const shown = answers.find(({ verdict }) => verdict === 'open' || verdict === 'paid');
    if (shown !== undefined) return shown;
    if (answers.some(({ verdict }) => verdict === 'taken')) return undefined;
    if (prng.chance(weather.rates.tillVanishes)) return undefined;
    const isOver = answers.some(
      ({ verdict, v2 }) => verdict === 'failed' || NEEDS_NEW_KEY.has(v2?.problem),
    );
    if (isOver) key = newKey(bill, prng);
    await cast.till.sleep(prng.between(500, 8 * SECOND_MS));
  }
}

/** Looks for the bill among the payments of its shop. */
async function findBill({ v2 }: V2Cast, bill: Bill, prng: Prng): Promise<void> {
  const query = { merchant_reference: bill.localNo };
  await v2.call(bill, prng, {
    call: 'v2 list',
    method: 'GET',
    path: '/v2/payments',
    query,
    name: bill.localNo,
    namesShop: true,
  });
}

/** Another shop tries its luck with this bill's number. */
async function trespass({ v2 }: V2Cast, bill: Bill, prng: Prng, paymentNo: string): Promise<void> {
  const own = shopOf(v2.keys, bill.shop);
  const stranger = prng.pick(v2.keys.shops.filter((shop) => shop !== own));
  const path = `/v2/payments/pay_${paymentNo}`;
  const name = `trespass of ${stranger.id}`;
  const key = newKey(bill, prng);
  await v2.call(bill, prng, { call: 'v2 look', method: 'GET', path, name, stranger });
  await v2.call(bill, prng, {
    call: 'v2 cancel',
    method: 'POST',
    path: `${path}/cancel`,
    key,
    name,
    stranger,
  });
  await v2.call(bill, prng, {
    call: 'v2 refund',
    method: 'POST',
    path: `${path}/refunds`,
    body: { amount: 1 },
    key,
    name,
    stranger,
  });
}
