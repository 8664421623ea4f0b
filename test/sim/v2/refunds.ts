/**
 * Money given back over v2: some or all of a payment, in one or several parts, one after another or at once, each part under
 * its key until it is certain. The number of a refund at Alipay follows from its key, so whoever watches the line knows it.
 */
import { createHash } from 'node:crypto';
import type { Bill, Told } from '../ledger.ts';
import type { Prng } from '../prng.ts';
import { drawWaitS, newKey, type V2Cast } from './till.ts';

const SECOND_MS = 1000;

type Part = { readonly key: string; readonly amountFen: number };

export async function giveBack(
  cast: V2Cast,
  bill: Bill,
  prng: Prng,
  paymentNo: string,
): Promise<void> {
  await cast.till.sleep(prng.between(0, 30 * SECOND_MS));
  const parts: Part[] = Array.from({ length: prng.between(1, 3) }, () => ({
    key: newKey(bill, prng),
    amountFen: prng.chance(0.25) ? bill.amountFen : prng.between(1, bill.amountFen),
  }));
  const [first] = parts;
  // The key stands for its amount: with another one it is refused.
  if (first !== undefined && prng.chance(cast.weather.rates.tillMistaken)) {
    parts.push({ ...first, amountFen: first.amountFen + 1 });
  }
  const isAtOnce = prng.chance(0.4);
  const all: Promise<void>[] = [];
  for (const part of parts) {
    const done = giveBackPart(cast, bill, prng, paymentNo, part);
    if (isAtOnce) all.push(done);
    else await done;
  }
  await Promise.all(all);
  if (prng.chance(0.2)) await listRefunds(cast, bill, prng, paymentNo);
}

async function giveBackPart(
  cast: V2Cast,
  bill: Bill,
  prng: Prng,
  paymentNo: string,
  { key, amountFen }: Part,
): Promise<void> {
  const { weather, till, ledger, v2 } = cast;
  const requestNo = requestNoOf(key);
  ledger.askedRefunds.push({ bill, paymentNo, requestNo, amountFen });
  const ask = (): Promise<Told> =>
    v2.call(bill, prng, {
      call: 'v2 refund',
      method: 'POST',
      path: `/v2/payments/pay_${paymentNo}/refunds`,
      body: { amount: amountFen },
      key,
      name: `${requestNo}/${amountFen}`,
      waitS: drawWaitS(prng),
    });
  for (let patienceMs = 1000; ; patienceMs = Math.min(patienceMs * 1.5, 120 * SECOND_MS)) {
    const both = prng.chance(weather.rates.tillInHurry) ? [ask(), ask()] : [ask()];
    const answers = await Promise.all(both);
    // The key stands for another amount: it was there first.
    if (answers.some(({ v2: answer }) => answer?.problem === 'idempotency_key_reused')) return;
    const pending = answers.find(({ verdict }) => verdict === 'open');
    const looked =
      pending === undefined ? undefined : await lookAt(cast, bill, prng, pending, amountFen);
    const all = looked === undefined ? answers : [...answers, looked];
    if (all.some(({ verdict }) => verdict === 'refunded' || verdict === 'refused')) {
      if (prng.chance(0.15)) await repeatLater(cast, prng, ask);
      return;
    }
    if (prng.chance(weather.rates.tillVanishes)) return;
    await till.sleep(prng.between(patienceMs / 2, patienceMs));
  }
}

async function repeatLater({ till }: V2Cast, prng: Prng, ask: () => Promise<Told>): Promise<void> {
  await till.sleep(prng.between(SECOND_MS, 90 * SECOND_MS));
  await ask();
}

/** The first 32 characters of a hash, so that no two keys share one. */
export function requestNoOf(key: string): string {
  return createHash('sha256').update(key, 'utf8').digest('hex').slice(0, 32);
}

/** A refund that is on its way is looked at by its id. */
function lookAt(
  { v2 }: V2Cast,
  bill: Bill,
  prng: Prng,
  pending: Told,
  amountFen: number,
): Promise<Told> {
  const id = String(pending.v2?.json['id']);
  return v2.call(bill, prng, {
    call: 'v2 look at refund',
    method: 'GET',
    path: `/v2/refunds/${id}`,
    name: `${id.split('.')[1]}/${amountFen}`,
    waitS: drawWaitS(prng),
  });
}

async function listRefunds(
  { v2 }: V2Cast,
  bill: Bill,
  prng: Prng,
  paymentNo: string,
): Promise<void> {
  const path = `/v2/payments/pay_${paymentNo}/refunds`;
  await v2.call(bill, prng, { call: 'v2 list', method: 'GET', path, name: 'refunds' });
}
