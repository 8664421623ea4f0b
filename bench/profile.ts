/**
 * `npm run bench:profile`: where the gateway's processor time goes while tills sell as fast as they can, by what the time was
 * spent in; `-- postgres` for a gateway on PostgreSQL. The profile itself, for a flame graph in any viewer, stays in the folder that is printed.
 */
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runRound } from './scene.ts';
import { openStage } from './stage.ts';

type CallFrame = { readonly functionName: string; readonly url: string };
/** The parts of V8's profile format that are read. */
type Profile = {
  readonly nodes: readonly { readonly id: number; readonly callFrame: CallFrame }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
};

/** What a frame belongs to; the first that fits. Native functions have a name and no file. */
const PARTS: readonly (readonly [part: string, fits: (frame: CallFrame) => boolean])[] = [
  ['idle', ({ functionName }) => functionName === '(idle)'],
  ['SQLite', ({ url }) => url.endsWith('src/store/sqlite.ts')],
  ['the driver of PostgreSQL', ({ url }) => /node_modules\/pg(-[a-z]+)?\//.test(url)],
  ['RSA and hashes', ({ url }) => url.includes('node:internal/crypto')],
  ['writing to sockets', ({ functionName }) => /^write(v|\w*String)$/.test(functionName)],
  ['Kysely and the files of store/', ({ url }) => /node_modules\/kysely|src\/store\//.test(url)],
  ["Alipay's protocol", ({ url }) => url.includes('src/alipay/')],
  ['HTTP libraries', ({ url }) => /node_modules\/(fastify|undici|find-my-way)\//.test(url)],
  [
    'logs and metrics',
    ({ url }) => /node_modules\/(pino|@pinojs|prom-client|sonic-boom)/.test(url),
  ],
  ['asking the disk', ({ functionName }) => functionName === 'fdatasync'],
  ['garbage collector', ({ functionName }) => functionName === '(garbage collector)'],
  ['flows, core, api, system', ({ url }) => url.includes('/src/')],
  ["Node's own JavaScript", ({ url }) => url.startsWith('node:')],
  ['everything else', () => true],
];

/** Microseconds in each part. */
export function timeByPart({ nodes, samples, timeDeltas }: Profile): Map<string, number> {
  const partOf = new Map(
    nodes.map(({ id, callFrame }) => [id, PARTS.find(([, fits]) => fits(callFrame))?.[0] ?? '']),
  );
  const times = new Map<string, number>();
  samples.forEach((id, index) => {
    const part = partOf.get(id) ?? '';
    times.set(part, (times.get(part) ?? 0) + (timeDeltas[index] ?? 0));
  });
  times.delete('idle');
  return times;
}

async function main(engine: string | undefined): Promise<void> {
  if (engine !== 'postgres' && engine !== undefined) throw new Error('the engine is postgres');
  const folder = mkdtempSync(join(tmpdir(), 'alipay-f2f-profile-'));
  const settings = { NODE_OPTIONS: `--cpu-prof --cpu-prof-dir=${folder}` };
  const stage = await openStage({ shops: 1000, settings, ...(engine && { engine }) });
  try {
    await runRound(stage, { tills: 16, seconds: 20 });
    await stage.gateway.kill('SIGTERM');
  } finally {
    await stage.close();
  }
  // The gateway was started twice; the later, longer profile is that of the load.
  const [profile] = readdirSync(folder)
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .toSorted((a, b) => b.length - a.length)
    .map((text) => JSON.parse(text) as Profile);
  if (profile === undefined) throw new Error('the gateway wrote no profile');
  const times = timeByPart(profile);
  const total = [...times.values()].reduce((sum, time) => sum + time, 0);
  for (const [part, time] of [...times].toSorted(([, a], [, b]) => b - a)) {
    console.log(`${((100 * time) / total).toFixed(1).padStart(5)} %  ${part}`);
  }
  console.log(folder);
}

if (import.meta.main) await main(process.argv[2]);
