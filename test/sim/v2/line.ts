/**
 * Requests to the v2 API as everybody sends them who speaks it: under a key, to whichever node, over a line that may lose
 * them. Who keeps what was answered is elsewhere: `till.ts`, `follower.ts`, `owner.ts`.
 */
import type { Answer, Host, Reply } from '../node.ts';
import type { Prng } from '../prng.ts';
import type { Timeline } from '../timeline.ts';
import type { Weather } from '../world.ts';

export type LineOptions = {
  readonly timeline: Timeline;
  readonly hosts: readonly Host[];
  readonly weather: Weather;
};

export type V2Request = {
  readonly method: 'GET' | 'POST' | 'PATCH';
  readonly path: string;
  readonly secret: string;
  readonly body?: object | undefined;
  readonly key?: string | undefined;
};

export type Line = {
  /** Over a line that loses calls there and back, from a caller who may be out of patience before the answer comes. */
  ask(prng: Prng, request: V2Request): Promise<Reply>;
  /** Over a line that loses nothing, again and again until a node answers. */
  insist(prng: Prng, request: (tries: number) => V2Request): Promise<Answer>;
};

const SECOND_MS = 1000;

export function createLine({ timeline, hosts, weather }: LineOptions): Line {
  const sleep = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      timeline.after(ms, resolve);
    });
  const send = (host: Host, { method, path, secret, body, key }: V2Request): Promise<Reply> =>
    host.request({
      method,
      url: path,
      headers: {
        authorization: `Bearer ${secret}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(key === undefined ? {} : { 'idempotency-key': key }),
      },
      ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
    });
  return {
    ask: async (prng, request) => {
      const { tillCallLost, tillInHurry } = weather.rates;
      const host = prng.pick(hosts);
      const isLost = prng.chance(tillCallLost) ? prng.pick(['there', 'back'] as const) : undefined;
      const patienceMs = prng.chance(tillInHurry * 0.5)
        ? prng.between(200, 20 * SECOND_MS)
        : undefined;
      await sleep(prng.between(1, 20));
      if (isLost === 'there') return 'broken';
      const reply = await (patienceMs === undefined
        ? send(host, request)
        : Promise.race([send(host, request), sleep(patienceMs).then(() => 'broken' as const)]));
      await sleep(prng.between(1, 20));
      return isLost === 'back' ? 'broken' : reply;
    },
    insist: async (prng, request) => {
      for (let tries = 1; ; tries += 1) {
        const reply = await send(prng.pick(hosts), request(tries));
        if (reply !== 'broken') return reply;
        await sleep(prng.between(SECOND_MS, 5 * SECOND_MS));
      }
    },
  };
}

/** A path with what is asked for; what is undefined is not asked for. */
export function withQuery(
  path: string,
  query: Readonly<Record<string, string | number | undefined>>,
): string {
  const asked = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`],
  );
  return asked.length === 0 ? path : `${path}?${asked.join('&')}`;
}

/** The fields of an answer. */
export function fieldsOf({ body }: Answer): Readonly<Record<string, unknown>> {
  return JSON.parse(body) as Record<string, unknown>;
}
