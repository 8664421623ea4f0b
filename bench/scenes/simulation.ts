/** How many payments the simulation plays in a second of processor time: `npm run sim`, as anyone runs it, in one process. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Scene } from '../scene.ts';

const MAIN = join(import.meta.dirname, '../../test/sim/main.ts');
const SEEDS_A_ROUND = 4;
const BILLS = 100;
const OUTPUT_BYTES_MAX = 50_000_000;

export const simulation: Scene = {
  name: 'simulation',
  measure: async ({ rounds, progress }) => {
    const simulated: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      progress(`round ${round + 1} of ${rounds}`);
      const numbers = {
        seeds: SEEDS_A_ROUND,
        from: 1 + round * SEEDS_A_ROUND,
        bills: BILLS,
        jobs: 1,
      };
      const options = Object.entries(numbers).flatMap(([name, value]) => [`--${name}`, `${value}`]);
      const { stdout } = await promisify(execFile)(process.execPath, [MAIN, ...options], {
        maxBuffer: OUTPUT_BYTES_MAX,
      });
      const summary = stdout.trim().split('\n').at(-1) ?? '';
      const { perCpuSecond } = JSON.parse(summary) as { perCpuSecond: number };
      simulated.push(perCpuSecond);
    }
    return { simulated };
  },
};
