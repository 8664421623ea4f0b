/** How the machine was: what everything else is compared with. */
import { mkdtempSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { measureFloor } from '../rsa-floor.ts';
import type { Scene } from '../scene.ts';

const FLOOR_MS = 700;
const SYNCS = 40;
/** About what one commit adds to the log. */
const COMMIT_BYTES = 16_384;

export const machine: Scene = {
  name: 'machine',
  measure: async ({ rounds, progress }) => {
    const floorIdle: number[] = [];
    for (let round = 1; round <= rounds; round += 1) {
      progress(`signatures, round ${round} of ${rounds}`);
      floorIdle.push(measureFloor(FLOOR_MS));
    }
    progress('disk');
    return { floorIdle, diskSync: await measureSyncs() };
  },
};

async function measureSyncs(): Promise<number[]> {
  const folder = mkdtempSync(join(tmpdir(), 'alipay-f2f-'));
  const file = await open(join(folder, 'log'), 'w');
  try {
    const samples: number[] = [];
    for (let sync = 0; sync < SYNCS; sync += 1) {
      await file.write(Buffer.alloc(COMMIT_BYTES, sync));
      const startMs = performance.now();
      await file.datasync();
      samples.push(performance.now() - startMs);
    }
    return samples;
  } finally {
    await file.close();
    rmSync(folder, { recursive: true });
  }
}
