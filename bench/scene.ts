/**
 * A scene measures some of the figures on a stage of its own, in rounds. What it is handed, and the round that most of them
 * are made of: tills sell, and what that cost the gateway is counted until the last of it is settled.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Samples } from './figures.ts';
import type { LoadPlan, LoadResult } from './load.ts';
import { cpuMsOf } from './processor-time.ts';
import { sell, type Seller } from './stage.ts';

export type SceneTools = {
  /** How many rounds a figure is measured in. */
  readonly rounds: number;
  /** Tells whoever watches how far things are. */
  progress(step: string): void;
  /** Includes what takes too long for every run. */
  readonly deep: boolean;
};

export type Scene = {
  readonly name: string;
  measure(tools: SceneTools): Promise<Samples>;
};

export type Round = LoadResult & {
  readonly perSecond: number;
  /** Of the gateway, for one payment and all that follows from it. */
  readonly cpuMs: number;
  readonly floorMs: number;
};

/** One number for each load of a run, so that no two make the same orders. */
let plans = 0;

export async function runRound(
  stage: Seller,
  load: Pick<LoadPlan, 'tills' | 'seconds' | 'perSecond'>,
): Promise<Round> {
  const pid = stage.gateway.pid();
  const floor = startFloor();
  try {
    const before = cpuMsOf(pid);
    const result = await sell(stage, { ...load, plan: (plans += 1) }, floor.stop);
    const cpuMs = (cpuMsOf(pid) - before) / result.sales.length;
    const perSecond = result.sales.length / result.seconds;
    return { ...result, perSecond, cpuMs, floorMs: await floor.ms() };
  } finally {
    floor.stop();
    // Whoever waits for this process waits for it, too: it writes where this one does.
    await floor.ended;
  }
}

type Floor = { stop(): void; ms(): Promise<number>; readonly ended: Promise<unknown> };

/** Measures the floor beside a load, until told to stop. */
function startFloor(): Floor {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'rsa-floor.ts')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const output = text(child.stdout);
  return {
    ended: once(child, 'close'),
    stop: () => child.kill('SIGTERM'),
    ms: async () => (JSON.parse(await output) as { floorMs: number }).floorMs,
  };
}
