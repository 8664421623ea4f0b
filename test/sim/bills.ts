/**
 * The people: guests who pay early, late, twice or never, and clerks who repeat a call, press twice, try another code,
 * give money back, or walk away. Every choice is drawn from the bill's own stream.
 */
import { yuan, type Bill, type Ledger, type Told } from './ledger.ts';
import type { Guests } from './guests.ts';
import type { Prng } from './prng.ts';
import type { Till } from './till.ts';
import type { Timeline } from './timeline.ts';
import type { Weather } from './world.ts';

export type Cast = {
  readonly till: Till;
  readonly timeline: Timeline;
  readonly guests: Guests;
  readonly ledger: Ledger;
  readonly weather: Weather;
  /** When a barcode payment is cancelled, and a QR code runs out: the moments near which guests act. */
  readonly paymentDeadlineMs: number;
  readonly qrExpiresMs: number;
  /** All shops: those that are not a bill's own may not touch it. */
  readonly shops: readonly Bill['shop'][];
};

const SECOND_MS = 1000;

/** The last four digits of a payment code choose its story (contract of the simulator). */
const STORIES = {
  '9999': 16,
  '0001': 2,
  '0002': 5,
  '0003': 1,
  '0004': 1,
  '0005': 1,
  '0006': 1,
  '0007': 1,
  '0008': 1,
  '0009': 1,
  '0010': 1,
  '0011': 1,
  '0012': 1,
} as const;

/** What happens to one bill, from the first call to the last. */
export async function play(cast: Cast, bill: Bill, prng: Prng): Promise<void> {
  const outcome = await STORIES_OF[bill.kind](cast, bill, prng);
  if (outcome === undefined) return;
  // Whose an older system's trade is, only its app says.
  if (bill.kind !== 'older' && prng.chance(0.1))
    await trespass(cast, bill, prng, outcome.paymentNo);
  if (outcome.isPaid && prng.chance(0.45)) await refund(cast, bill, prng, outcome.paymentNo);
}

/** What the clerk knows at the end; undefined when the clerk has gone, or never heard a number. */
type Outcome = { readonly paymentNo: string; readonly isPaid: boolean } | undefined;

const STORIES_OF: Record<Bill['kind'], (cast: Cast, bill: Bill, prng: Prng) => Promise<Outcome>> = {
  barcode: payByCodes,
  qr: payByQr,
  older: async (cast, bill) => {
    // Paid under the same app by a system that this gateway knows nothing of.
    const paymentNo = await cast.guests.payElsewhere(bill);
    return { paymentNo, isPaid: true };
  },
};

/** Payment codes one after another until the bill is paid, or the guest has had enough. */
async function payByCodes(cast: Cast, bill: Bill, prng: Prng): Promise<Outcome> {
  let outcome: Outcome;
  for (let attempt = 1; attempt <= 3; attempt += 1) {
    const code = showCode(cast, bill, prng, attempt);
    const told = await charge(cast, bill, prng, code);
    if (told?.paymentNo === undefined) return undefined;
    outcome = { paymentNo: told.paymentNo, isPaid: told.verdict === 'paid' };
    if (prng.chance(0.15)) await repeatLater(cast, prng, () => askToCharge(cast, bill, prng, code));
    if (told.verdict !== 'failed' || !prng.chance(0.6)) return outcome;
    await cast.till.sleep(prng.between(500, 20 * SECOND_MS));
  }
  return outcome;
}

/** A payment code, and what its guest does when Alipay asks. */
export function showCode(
  { ledger, guests, ...cast }: Cast,
  bill: Bill,
  prng: Prng,
  attempt: number,
): string {
  const story = prng.weighted(STORIES);
  const serial = String(10_000 + Number(bill.localNo)).slice(-4);
  const code = `28${serial}${String(attempt).padStart(2, '0')}${String(prng.below(1e6)).padStart(6, '0')}${story}`;
  ledger.codes.set(code, bill);
  if (story === '0002') {
    // Around the deadline is where a cancel and a payment meet.
    const latestMs = cast.paymentDeadlineMs + 15 * SECOND_MS;
    const afterMs = prng.chance(0.4)
      ? prng.between(cast.paymentDeadlineMs - 2000, cast.paymentDeadlineMs + 6000)
      : prng.between(200, latestMs);
    const act = prng.weighted({ pay: 6, decline: 1, nothing: 2 });
    guests.whenAsked(code, (outTradeNo) => {
      if (act !== 'nothing') cast.timeline.after(afterMs, () => guests[act](outTradeNo));
    });
  }
  return code;
}

/** Charges a code until the till is told an outcome; undefined when the clerk walks away first. */
async function charge(
  cast: Cast,
  bill: Bill,
  prng: Prng,
  authCode: string,
): Promise<Told | undefined> {
  const { till } = cast;
  const ask = (): Promise<Told> => askToCharge(cast, bill, prng, authCode);
  for (let patienceMs = 1000; ; patienceMs = Math.min(patienceMs * 1.5, 120 * SECOND_MS)) {
    const both = prng.chance(cast.weather.rates.tillInHurry) ? [ask(), ask()] : [ask()];
    const answers = await Promise.all(both);
    const told = answers.find(({ verdict }) => verdict === 'paid' || verdict === 'failed');
    if (told !== undefined) return told;
    const taken = answers.find(({ verdict }) => verdict === 'taken');
    if (taken !== undefined) return taken;
    if (prng.chance(cast.weather.rates.tillVanishes)) return undefined;
    await till.sleep(prng.between(patienceMs / 2, patienceMs));
    const number = answers.find(({ paymentNo }) => paymentNo !== undefined)?.paymentNo;
    if (number !== undefined && prng.chance(0.5)) await query(cast, bill, prng, number);
  }
}

export function askToCharge(
  { till }: Cast,
  bill: Bill,
  prng: Prng,
  authCode: string,
): Promise<Told> {
  const data = { ...orderOf(bill), authCode };
  return till.call(bill, prng, { call: 'hb_barcode', key: authCode, data });
}

/** A till that was restarted, say, asks again what it was told before. */
async function repeatLater({ till }: Cast, prng: Prng, ask: () => Promise<Told>): Promise<void> {
  await till.sleep(prng.between(SECOND_MS, 90 * SECOND_MS));
  await ask();
}

function orderOf(bill: Bill): Readonly<Record<string, unknown>> {
  const { shop, localNo, amountFen, name } = bill;
  return { cpiNo: shop.cpiNo, localNo, totalAmount: yuan(amountFen), subject: name };
}

function query(cast: Cast, bill: Bill, prng: Prng, paymentNo: string): Promise<Told> {
  const data = { cpiNo: bill.shop.cpiNo, outTradeNo: paymentNo };
  return cast.till.call(bill, prng, { call: 'query', key: paymentNo, data });
}

/** Shows a QR code, which a guest scans and pays, or not; some guests pay by code in the end. */
async function payByQr(cast: Cast, bill: Bill, prng: Prng): Promise<Outcome> {
  const { till } = cast;
  const endMs = till.nowMs() + cast.qrExpiresMs + 60 * SECOND_MS;
  const shown = await showQr(cast, bill, prng);
  if (shown?.paymentNo === undefined) return undefined;
  const { data } = JSON.parse(shown.raw) as { data: { qr_code: string } };
  guestScans(cast, prng, data.qr_code);
  while (till.nowMs() < endMs) {
    await till.sleep(prng.between(8 * SECOND_MS, 40 * SECOND_MS));
    if (prng.chance(cast.weather.rates.tillVanishes * 0.2)) return undefined;
    if (prng.chance(0.1)) await askForQr(cast, bill, prng);
    const told = await query(cast, bill, prng, shown.paymentNo);
    if (told.verdict === 'paid') return { paymentNo: shown.paymentNo, isPaid: true };
    if (told.verdict === 'failed') break;
  }
  return prng.chance(0.3) ? payByCodes(cast, bill, prng) : undefined;
}

function askForQr({ till }: Cast, bill: Bill, prng: Prng): Promise<Told> {
  return till.call(bill, prng, { call: 'qrcode', key: 'qrcode', data: orderOf(bill) });
}

async function showQr(cast: Cast, bill: Bill, prng: Prng): Promise<Told | undefined> {
  for (;;) {
    const isHurried = prng.chance(cast.weather.rates.tillInHurry);
    const both = isHurried
      ? [askForQr(cast, bill, prng), askForQr(cast, bill, prng)]
      : [askForQr(cast, bill, prng)];
    const answers = await Promise.all(both);
    const shown = answers.find(({ verdict }) => verdict === 'shown');
    if (shown !== undefined) return shown;
    if (answers.some(({ verdict }) => verdict === 'taken')) return undefined;
    if (prng.chance(cast.weather.rates.tillVanishes)) return undefined;
    await cast.till.sleep(prng.between(500, 8 * SECOND_MS));
  }
}

/** The guest who sees a QR code scans and pays it, or not. */
export function guestScans(
  { timeline, guests, qrExpiresMs }: Cast,
  prng: Prng,
  qrCode: string,
): void {
  const act = prng.weighted({ pay: 10, decline: 1, leave: 1, ignore: 1 });
  const isLate = prng.chance(0.2);
  const scanMs = isLate
    ? prng.between(qrExpiresMs - 5 * SECOND_MS, qrExpiresMs + 5 * SECOND_MS)
    : prng.between(SECOND_MS, qrExpiresMs / 3);
  const payMs = prng.between(200, 20 * SECOND_MS);
  if (act === 'ignore') return;
  const scans = prng.chance(0.2) ? [0, prng.between(1, 3000)] : [0];
  for (const laterMs of scans) {
    timeline.after(scanMs + laterMs, () => {
      const outTradeNo = guests.scan(qrCode);
      if (outTradeNo === undefined || act === 'leave') return;
      timeline.after(payMs, () => guests[act](outTradeNo));
    });
  }
}

/** Another shop tries its luck with this bill's number. */
async function trespass(cast: Cast, bill: Bill, prng: Prng, paymentNo: string): Promise<void> {
  const shop = prng.pick(cast.shops.filter(({ cpiNo }) => cpiNo !== bill.shop.cpiNo));
  const foreign = { cpiNo: shop.cpiNo, outTradeNo: paymentNo };
  const dongleNo = shop.dongleNo;
  const key = `trespass of ${shop.cpiNo}`;
  await cast.till.call(bill, prng, { call: 'query', key, data: foreign, dongleNo });
  const data = { ...foreign, refundAmount: '0.01', outRequestNo: `T${bill.localNo}` };
  await cast.till.call(bill, prng, { call: 'refund', key, data, dongleNo });
}

/** Some of the money goes back, in one or several parts, one after another or at once. */
async function refund(cast: Cast, bill: Bill, prng: Prng, paymentNo: string): Promise<void> {
  await cast.till.sleep(prng.between(0, 30 * SECOND_MS));
  const count = prng.between(1, 3);
  const parts = Array.from({ length: count }, (_, index) => {
    const isWhole = prng.chance(0.25);
    const amountFen = isWhole ? bill.amountFen : prng.between(1, bill.amountFen);
    return { requestNo: `R${bill.localNo}-${index}`, amountFen };
  });
  if (prng.chance(0.15)) {
    // The number stands for its amount: with another one it is refused.
    const [first] = parts;
    if (first !== undefined) parts.push({ ...first, amountFen: first.amountFen + 1 });
  }
  const isAtOnce = prng.chance(0.4);
  const all: Promise<void>[] = [];
  for (const part of parts) {
    const done = giveBack(cast, bill, prng, paymentNo, part);
    if (isAtOnce) all.push(done);
    else await done;
  }
  await Promise.all(all);
}

type Part = { readonly requestNo: string; readonly amountFen: number };

async function giveBack(
  cast: Cast,
  bill: Bill,
  prng: Prng,
  paymentNo: string,
  part: Part,
): Promise<void> {
  const { requestNo, amountFen } = part;
  cast.ledger.askedRefunds.push({ bill, paymentNo, requestNo, amountFen });
  const ask = (): Promise<Told> =>
    cast.till.call(bill, prng, {
      call: 'refund',
      key: `${requestNo}/${amountFen}`,
      data: {
        cpiNo: bill.shop.cpiNo,
        outTradeNo: paymentNo,
        refundAmount: yuan(amountFen),
        outRequestNo: requestNo,
      },
    });
  for (let patienceMs = 1000; ; patienceMs = Math.min(patienceMs * 1.5, 120 * SECOND_MS)) {
    const both = prng.chance(cast.weather.rates.tillInHurry) ? [ask(), ask()] : [ask()];
    const answers = await Promise.all(both);
    if (answers.some(({ verdict }) => verdict === 'refunded' || verdict === 'refused')) {
      if (prng.chance(0.15)) await repeatLater(cast, prng, ask);
      return;
    }
    if (prng.chance(cast.weather.rates.tillVanishes)) return;
    await cast.till.sleep(prng.between(patienceMs / 2, patienceMs));
  }
}
