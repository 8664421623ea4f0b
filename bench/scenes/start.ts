/** How long `npm start` takes to its first answer, on an empty folder and as a newcomer types it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { findPort } from '../../test/support/gateway-process.ts';
import type { Scene } from '../scene.ts';

const ROOT = join(import.meta.dirname, '../..');
const ASK_EVERY_MS = 5;
const START_MS_MAX = 30_000;

export const start: Scene = {
  name: 'start',
  measure: async ({ rounds, progress }) => {
    const startSeconds: number[] = [];
    for (let round = 1; round <= rounds; round += 1) {
      progress(`round ${round} of ${rounds}`);
      startSeconds.push(await startOnce());
    }
    return { startSeconds };
  },
};

async function startOnce(): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'alipay-f2f-'));
  const port = await findPort();
  const startMs = performance.now();
  const child = spawn('npm', ['start'], {
    cwd: ROOT,
    // A group of its own, so that everything that npm starts ends with it.
    detached: true,
    stdio: 'ignore',
    env: {
      ...process.env,
      F2F_PORT: String(port),
      F2F_SIMULATOR_PORT: '0',
      F2F_DATA_DIR: join(folder, 'data'),
    },
  });
  try {
    while (!(await answers(`http://127.0.0.1:${port}/readyz`))) {
      if (child.exitCode !== null) throw new Error(`npm start ended with ${child.exitCode}`);
      if (performance.now() - startMs > START_MS_MAX) throw new Error('npm start does not answer');
      await delay(ASK_EVERY_MS);
    }
    return (performance.now() - startMs) / 1000;
  } finally {
    const exit = once(child, 'exit');
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGTERM');
    if (child.exitCode === null) await exit;
    rmSync(folder, { recursive: true, force: true });
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok;
  } catch {
    // Nobody listens yet.
    return false;
  }
}
