/**
 * Draws from a seed what goes wrong when, and makes it happen: a fault every few seconds, beside those that are not over yet.
 * One gateway at least is always left alone; the database and Alipay are not.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Prng } from '../sim/prng.ts';
import { FAULT_KINDS, FAULTS, type Fault, type FaultKind } from './faults.ts';
import type { Node, Scene } from './scene.ts';

export type Struck = {
  readonly kind: FaultKind;
  /** The gateway that it struck, if it struck one. */
  readonly name: string | undefined;
  readonly beganAtMs: number;
  /** Undefined while it is not over. */
  endedAtMs: number | undefined;
  /** Why it could not be ended. */
  failure: string | undefined;
};

export type StormOptions = {
  readonly draw: Prng;
  readonly hasStandby: boolean;
  readonly endsAtMs: number;
  /** Milliseconds between two faults, drawn evenly. */
  readonly everyMs: readonly [min: number, max: number];
  readonly onStruck?: (struck: Struck) => void;
};

/** Resolves when the time is over and everything is as before. */
export async function storm(scene: Scene, options: StormOptions): Promise<readonly Struck[]> {
  const { draw, endsAtMs, everyMs } = options;
  const [minMs, maxMs] = everyMs;
  const all: Struck[] = [];
  const busy = new Set<Node | Fault['part']>();
  const running: Promise<void>[] = [];
  /** Kinds that have not come yet go first, so that a short storm sees as many as it can. */
  const unseen = new Set<FaultKind>(FAULT_KINDS);
  for (;;) {
    await delay(draw.between(minMs, maxMs));
    if (Date.now() >= endsAtMs) break;
    const free = scene.nodes.filter((node) => !busy.has(node));
    const possible = FAULT_KINDS.filter((kind) => {
      const fault: Fault = FAULTS[kind];
      if (fault.needsStandby === true && !options.hasStandby) return false;
      return fault.part === 'gateway' ? free.length > 1 : !busy.has(fault.part);
    });
    if (possible.length === 0) continue;
    const fresh = possible.filter((kind) => unseen.has(kind));
    const kind = pick(draw, fresh.length > 0 ? fresh : possible);
    unseen.delete(kind);
    const fault: Fault = FAULTS[kind];
    const node = draw.pick(free);
    const part = fault.part === 'gateway' ? node : fault.part;
    const struck: Struck = {
      kind,
      name: fault.part === 'gateway' ? node.name : undefined,
      beganAtMs: Date.now(),
      endedAtMs: undefined,
      failure: undefined,
    };
    all.push(struck);
    options.onStruck?.(struck);
    busy.add(part);
    const striking = fault
      .strike(scene, draw.fork(`fault ${all.length}`), node)
      .catch((error: unknown) => {
        struck.failure = error instanceof Error ? (error.stack ?? error.message) : String(error);
      })
      .finally(() => {
        struck.endedAtMs = Date.now();
        busy.delete(part);
      });
    running.push(striking);
  }
  await Promise.all(running);
  return all;
}

function pick(draw: Prng, kinds: readonly FaultKind[]): FaultKind {
  const weights = Object.fromEntries(kinds.map((kind) => [kind, FAULTS[kind].weight]));
  return draw.weighted(weights as Record<FaultKind, number>);
}
