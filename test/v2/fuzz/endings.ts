/** What holds at the end of a sequence, whatever was in it: lists are whole, and the money is where it is said to be. */
import type { Trade, World } from '../../support/world.ts';
import { v2Client, type V2Client } from '../client.ts';
import { OPERATIONS, type Operation } from '../document.ts';
import type { Json } from './memory.ts';
import type { FuzzWorld } from './world.ts';

const PAGE_MAX = 100;
/** More than a sequence makes of anything. */
const THINGS_MAX = 2000;
const LISTS = OPERATIONS.filter(
  ({ method, parameters = [], responses }) =>
    method === 'GET' &&
    parameters.some(({ name }) => name === 'cursor') &&
    responses['200']?.content?.['application/json'] !== undefined,
);

/** `limit`: how long pages are. */
export async function requireEnd(fuzz: FuzzWorld, limit: number): Promise<void> {
  const { world, memory, owners } = fuzz;
  await world.clock.settle();
  const { merchant_id: merchantId, cpi_no: cpiNo } = await world.db
    .selectFrom('merchant')
    .select(['merchant_id', 'cpi_no'])
    .orderBy('merchant_id')
    .executeTakeFirstOrThrow();
  // Those of before may have been revoked.
  const operator = await v2Client(world);
  const merchant = await v2Client(world, { merchantId });
  const [endpoint = ''] = memory.all('webhook_endpoint.id');
  for (const list of LISTS) {
    const isOfOne = list.parameters?.some(({ name }) => name === 'endpoint') === true;
    const path = isOfOne ? `${list.path}?endpoint=${endpoint}&` : `${list.path}?`;
    const known = isOfOne ? [] : memory.all(`${kindOf(list)}.${nameOf(list)}`);
    const own = known.filter((id) => owners.get(id) === `mch_${cpiNo}`);
    await requireWhole(operator, path, known, limit);
    await requireWhole(merchant, path, own, limit);
  }
  for (const payment of await allOf(operator, '/v2/payments?', PAGE_MAX)) {
    requireMoney(
      world,
      payment,
      await allOf(operator, `/v2/refunds?payment=${String(payment['id'])}&`, PAGE_MAX),
    );
  }
}

/** What a list is of, as its things say it. */
function kindOf({ responses }: Operation): string {
  const { schema } = responses['200']?.content?.['application/json'] ?? {};
  const [, name = ''] = /"#\/components\/schemas\/(\w+)"/.exec(JSON.stringify(schema)) ?? [];
  return name.replaceAll(/(?<=[a-z])(?=[A-Z])/g, '_').toLowerCase();
}

function nameOf(list: Operation): string {
  return kindOf(list) === 'dongle' ? 'number' : 'id';
}

/** Short pages together are what long ones are, each thing once, and nothing that was told of is missing. */
async function requireWhole(
  client: V2Client,
  path: string,
  known: readonly string[],
  limit: number,
): Promise<void> {
  const named = async (pageLimit: number): Promise<unknown[]> =>
    (await allOf(client, path, pageLimit)).map(({ id, number }) => id ?? number);
  const [short, long] = [await named(limit), await named(PAGE_MAX)];
  if (short.join() !== long.join())
    throw new Error(`${path} in pages is ${short.join()}, and not ${long.join()}`);
  if (new Set(long).size < long.length)
    throw new Error(`${path} has something twice: ${long.join()}`);
  const missing = known.filter((id) => !long.includes(id));
  if (long.length > 0 && missing.length > 0) throw new Error(`${path} lacks ${missing.join()}`);
}

/** Of all pages; nothing where the caller may not look. */
async function allOf(client: V2Client, path: string, limit: number): Promise<readonly Json[]> {
  const things: Json[] = [];
  for (let cursor = ''; ;) {
    const { status, body, raw } = await client.send({ path: `${path}limit=${limit}${cursor}` });
    if (status === 403 || status === 404) return [];
    if (status !== 200) throw new Error(`${path}limit=${limit}${cursor}: ${raw}`);
    const { data, next_cursor: next, has_more: hasMore } = body;
    things.push(...(data as Json[]));
    if (typeof next !== 'string' || hasMore === false) return things;
    if (things.length > THINGS_MAX) throw new Error(`${path}limit=${limit} has no end`);
    cursor = `&cursor=${encodeURIComponent(next)}`;
  }
}

/** What is said of a payment, held against Alipay's book. */
function requireMoney(world: World, payment: Json, refunds: readonly Json[]): void {
  const { id, state, amount, refunded_amount: refunded, refunding_amount: refunding } = payment;
  const path = `/simulator/trades?outTradeNo=${String(id).replace('pay_', '')}`;
  const [trade] = world.control('GET', path)['trades'] as Trade[];
  const sum = (wanted: string): number =>
    refunds
      .filter((refund) => refund['state'] === wanted)
      .reduce((total, refund) => total + Number(refund['amount']), 0);
  const rules = {
    'is charged once': (trade?.chargeCount ?? 0) <= 1,
    'is paid at Alipay': state !== 'paid' || fenOf(trade?.paidAmount) === amount,
    'has back what its refunds say': refunded === sum('succeeded') || state === 'reversed',
    'waits for what its refunds say': refunding === sum('pending'),
    'has no more back than was paid': Number(refunded) + Number(refunding) <= Number(amount),
    'has it back at Alipay': fenOf(trade?.refundedAmount) >= Number(refunded),
  };
  const [broken] = Object.entries(rules).find(([, holds]) => !holds) ?? [];
  if (broken !== undefined)
    throw new Error(
      `not so: ${String(id)} ${broken}: ${JSON.stringify({ payment, refunds, trade })}`,
    );
}

function fenOf(yuan = '0'): number {
  return Math.round(Number(yuan) * 100);
}
