/** What answers told: the texts of each kind, the latest first, so that requests can be about what there is. */
import { TOTP } from 'otpauth';
import type { Clock } from '../../../src/system/clock.ts';
import type { V2Reply } from '../client.ts';
import type { Known } from './requests.ts';

export type Json = Readonly<Record<string, unknown>>;

export type Memory = {
  /** All of a kind: `payment.id` are the ids of payments, as are `state` and whatever else a payment has. */
  all(kind: string): readonly string[];
  /** What stands for it in a request; a text that names nothing while none is told. */
  tell(known: Known): string;
  keep(kind: string, text: unknown): void;
  /** Keeps it, and no other of the kind. */
  replace(kind: string, text: unknown): void;
  /** Keeps what an answer tells. */
  learn(operationId: string, reply: V2Reply): void;
};

/** What stands in a text of an answer, by the name of the field. */
const WITHIN = new Map<string, readonly [kind: string, pattern: RegExp]>([
  ['url_path', ['token', /#(?<text>.+)$/]],
  ['stream_url', ['token', /token=(?<text>.+)$/]],
  ['qr_code', ['qr_code', /^(?<text>.+)$/]],
  ['uri', ['totp', /secret=(?<text>\w+)/]],
]);

export function createMemory(clock: Pick<Clock, 'nowMs'>): Memory {
  const kinds = new Map<string, readonly string[]>();
  const all = (kind: string): readonly string[] => kinds.get(kind) ?? [];
  const keep = (kind: string, text: unknown): void => {
    if (typeof text !== 'string') return;
    kinds.set(kind, [text, ...all(kind).filter((other) => other !== text)]);
  };
  const replace = (kind: string, text: unknown): void => {
    kinds.delete(kind);
    keep(kind, text);
  };
  return {
    all,
    keep,
    replace,
    tell: ({ kinds: wanted, place }) => {
      const kind = wanted[place % wanted.length] ?? '';
      const list = all(kind);
      const text = list[place % list.length] ?? `no-${kind}`;
      return kind === 'totp' && list.length > 0 ? codeOf(text, clock.nowMs()) : text;
    },
    learn: (operationId, { headers, body }) => {
      keep(`${String(body['object'])} etag`, headers['etag']);
      keep(`${operationId} cursor`, body['next_cursor']);
      // The first of a list is the latest, as it is here.
      for (const thing of [...objectsIn(body)].toReversed()) {
        for (const [field, value] of Object.entries(thing)) {
          if (typeof thing['object'] === 'string') keep(`${thing['object']}.${field}`, value);
          if (field === 'app') keep(`${String(thing['id'])} app`, (value as Json)['app_id']);
          if (field === 'app' && (value as Json)['next_key']) keep('renewing', thing['id']);
          const [kind, pattern] = WITHIN.get(field) ?? [];
          if (kind !== undefined) keep(kind, pattern?.exec(String(value))?.groups?.['text']);
        }
      }
    },
  };
}

function codeOf(secret: string, nowMs: number): string {
  return new TOTP({ secret }).generate({ timestamp: nowMs });
}

/** Every object in an answer, and it. */
export function* objectsIn(value: unknown): Generator<Json> {
  if (typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value)) yield value as Json;
  for (const inner of Object.values(value)) yield* objectsIn(inner);
}
