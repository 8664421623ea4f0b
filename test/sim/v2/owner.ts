/**
 * Whoever has a program called: registers its endpoint, gives it a new secret, asks for what happened before, and repairs it
 * when it was given up. What the program heard is in `receivers.ts`.
 */
import type { Prng } from '../prng.ts';
import type { Timeline } from '../timeline.ts';
import { fieldsOf, withQuery, type Line } from './line.ts';
import { isGivenUp, type EndpointPlan } from './plan.ts';
import type { Receiver, Receivers } from './receivers.ts';
import type { Keys } from './till.ts';

export type Endpoint = {
  readonly plan: EndpointPlan;
  readonly receiver: Receiver;
  /** The id of its one shop; undefined when it hears of all. */
  readonly merchant: string | undefined;
  /** Undefined until it is registered. */
  id: string | undefined;
  /** What it was registered for: a call that was not answered may have registered another. */
  url: string;
  registeredAtMs: number;
  /** Everything that signed for it, as far as its owner was told. */
  readonly secrets: string[];
  /** A secret was made that its owner was not told: after a second one, nobody can check what it signs. */
  secretsLost: number;
  /** Whether what happened before it was there was asked for. */
  hasAskedForThePast: boolean;
  /** Its state when its owner looked after a long time, before anything was repaired. */
  stateFound: string | undefined;
  /** What is left of its deliveries at the end, by their state. */
  readonly left: Map<string, number>;
};

export type Owner = {
  readonly endpoints: readonly Endpoint[];
  /** Looks after those that were given up: repairs them, and asks for what they missed. */
  repair(): Promise<void>;
  /** Counts what is not delivered. */
  takeStock(): Promise<void>;
};

export type OwnerOptions = {
  readonly timeline: Timeline;
  readonly line: Line;
  readonly keys: Keys;
  readonly receivers: Receivers;
  readonly prng: Prng;
};

/** Registers what is to be there before the first bill; the rest comes when it is time. */
export async function createOwner(
  options: OwnerOptions,
  plans: readonly EndpointPlan[],
): Promise<Owner> {
  const { timeline, prng } = options;
  const endpoints: Endpoint[] = [];
  for (const [index, plan] of plans.entries()) {
    const stream = prng.fork(`endpoint ${index + 1}`);
    const endpoint = announce(options, plan, `pms${index + 1}`);
    endpoints.push(endpoint);
    const begin = (): Promise<void> => register(options, endpoint, stream);
    if (plan.registersAfterMs === 0) await begin();
    else timeline.after(plan.registersAfterMs, () => void begin());
    const { rotatesAfterMs } = plan;
    if (rotatesAfterMs !== undefined) {
      timeline.after(rotatesAfterMs, () => void rotate(options, endpoint, stream));
    }
  }
  const stream = prng.fork('repairs');
  const each = async (work: (endpoint: Endpoint) => Promise<void>): Promise<void> => {
    for (const endpoint of endpoints) if (endpoint.id !== undefined) await work(endpoint);
  };
  return {
    endpoints,
    repair: () => each((endpoint) => repair(options, endpoint, stream)),
    takeStock: () => each((endpoint) => takeStock(options, endpoint, stream)),
  };
}

function announce(
  { keys, receivers, timeline }: OwnerOptions,
  plan: EndpointPlan,
  name: string,
): Endpoint {
  const receiver = receivers.open(name);
  if (plan.downForMs > 0) {
    receiver.outage.fromMs = timeline.nowMs + plan.downFromMs;
    receiver.outage.untilMs = isGivenUp(plan) ? Infinity : receiver.outage.fromMs + plan.downForMs;
  }
  // One payment in five, by the last figures of its number.
  if (plan.hasPoison) receiver.isPoison = (body) => /"pay_\w*[07]"/.test(body);
  return {
    plan,
    receiver,
    merchant: plan.shop === undefined ? undefined : keys.shops[plan.shop]?.id,
    id: undefined,
    url: receiver.url,
    registeredAtMs: Infinity,
    secrets: [],
    secretsLost: 0,
    hasAskedForThePast: false,
    stateFound: undefined,
    left: new Map(),
  };
}

async function register(options: OwnerOptions, endpoint: Endpoint, prng: Prng): Promise<void> {
  const { line, timeline } = options;
  const { plan, receiver } = endpoint;
  const answer = await line.insist(prng, (tries) => {
    endpoint.url = `${receiver.url}/${tries}`;
    return {
      method: 'POST',
      path: '/v2/webhook_endpoints',
      secret: secretFor(options, endpoint),
      body: { url: endpoint.url, types: plan.types },
    };
  });
  const { id, secret } = fieldsOf(answer);
  endpoint.registeredAtMs = timeline.nowMs;
  endpoint.secrets.push(String(secret));
  endpoint.id = String(id);
  if (plan.wantsThePast) await askForThePast(options, endpoint, prng);
}

/** A shop's own key makes an endpoint for that shop. */
function secretFor({ keys }: OwnerOptions, { plan }: Endpoint): string {
  const shop = plan.shop === undefined ? undefined : keys.shops[plan.shop];
  return shop?.secret ?? keys.operator;
}

const LONG_AGO = '2000-01-01T00:00:00Z';
const FAR_AHEAD = '2100-01-01T00:00:00Z';

/** Has everything sent again, in as many parts as it takes. */
async function askForThePast(options: OwnerOptions, endpoint: Endpoint, prng: Prng): Promise<void> {
  for (let cursor: unknown = undefined; cursor !== null;) {
    const body = { from: LONG_AGO, until: FAR_AHEAD, ...(cursor === undefined ? {} : { cursor }) };
    const answer = await options.line.insist(prng, () => ({
      method: 'POST',
      path: `/v2/webhook_endpoints/${endpoint.id}/redeliver`,
      secret: secretFor(options, endpoint),
      body,
    }));
    cursor = fieldsOf(answer)['next_cursor'];
  }
  endpoint.hasAskedForThePast = true;
}

async function rotate(options: OwnerOptions, endpoint: Endpoint, prng: Prng): Promise<void> {
  const { id } = endpoint;
  if (id === undefined) return;
  const answer = await options.line.insist(prng, (tries) => {
    endpoint.secretsLost = Math.max(endpoint.secretsLost, tries - 1);
    return {
      method: 'POST',
      path: `/v2/webhook_endpoints/${id}/rotate_secret`,
      secret: secretFor(options, endpoint),
    };
  });
  endpoint.secrets.push(String(fieldsOf(answer)['secret']));
}

async function repair(options: OwnerOptions, endpoint: Endpoint, prng: Prng): Promise<void> {
  const { plan, receiver, id } = endpoint;
  const path = `/v2/webhook_endpoints/${id}`;
  const secret = secretFor(options, endpoint);
  const found = await options.line.insist(prng, () => ({ method: 'GET', path, secret }));
  endpoint.stateFound = String(fieldsOf(found)['state']);
  if (!isGivenUp(plan) && !plan.hasPoison) return;
  receiver.outage.untilMs = 0;
  receiver.isPoison = () => false;
  const enable = async (): Promise<void> => {
    const body = { enabled: true };
    await options.line.insist(prng, () => ({ method: 'PATCH', path, secret, body }));
  };
  if (!plan.asksFirst) await enable();
  await askForThePast(options, endpoint, prng);
  if (plan.asksFirst) await enable();
}

async function takeStock(options: OwnerOptions, endpoint: Endpoint, prng: Prng): Promise<void> {
  for (const state of ['pending', 'failed']) {
    const query = { endpoint: endpoint.id, state, limit: 100 };
    const answer = await options.line.insist(prng, () => ({
      method: 'GET',
      path: withQuery('/v2/webhook_deliveries', query),
      secret: secretFor(options, endpoint),
    }));
    const { data } = fieldsOf(answer) as { data: readonly unknown[] };
    endpoint.left.set(state, data.length);
  }
}
