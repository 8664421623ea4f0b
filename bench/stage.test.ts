/** A small stage of real processes: tills sell, what they were told is checked, and what it cost is counted. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runRound } from './scene.ts';
import { openStage, type Stage } from './stage.ts';

const TIMEOUT_MS = 120_000;
let stage: Stage;

beforeAll(async () => {
  stage = await openStage({ shops: 3 });
}, TIMEOUT_MS);
afterAll(() => stage.close());

test(
  'as fast as the tills can, and at a rate',
  async () => {
    const fast = await runRound(stage, { tills: 4, seconds: 0.5 });
    expect(new Set(fast.sales.map(({ shop }) => shop)).size).toBe(3);
    expect(fast.cpuMs).toBeGreaterThan(0);
    expect(fast.floorMs).toBeGreaterThan(0);
    const slow = await runRound(stage, { tills: 4, seconds: 1, perSecond: 10 });
    expect(slow.sales).toHaveLength(10);
    expect(await stage.simulator.trades()).toHaveLength(fast.sales.length + 10);
  },
  TIMEOUT_MS,
);

test(
  'a gateway that is away fails the bench',
  async () => {
    // Nobody listens on this port.
    const away = { ...stage, gateway: { ...stage.gateway, url: () => 'http://127.0.0.1:1' } };
    await expect(runRound(away, { tills: 1, seconds: 0.2 })).rejects.toThrow(
      'load.ts ended with exit code 1',
    );
  },
  TIMEOUT_MS,
);
