/**
 * The floor: what one RSA-2048 signature and one verification cost in processor time, which no gateway can save. Measured
 * by itself on an idle machine, and, as a process of its own beside a load, in short bursts: then it suffers what the
 * gateway suffers there (a shared core, a lower clock, cold caches), so that the ratio of the two holds on any machine.
 */
import { constants, generateKeyPairSync, randomBytes, sign, verify } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';

/** About the length of what is signed of a charge, and of what is verified of its answer. */
const SIGNED_BYTES = 600;
const DIGEST = 'RSA-SHA256';
const BURST = 8;
const BETWEEN_BURSTS_MS = 120;
const WARM_UP = 50;

const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
const text = randomBytes(SIGNED_BYTES);

function signAndVerify(): void {
  const signature = sign(DIGEST, text, pair.privateKey);
  const isValid = verify(
    DIGEST,
    text,
    { key: pair.publicKey, padding: constants.RSA_PKCS1_PADDING },
    signature,
  );
  if (!isValid) throw new Error('a signature does not verify');
}

/** Processor time of one signature and one verification, in milliseconds, over as many as fit into `ms`. */
export function measureFloor(ms: number): number {
  for (let count = 0; count < WARM_UP; count += 1) signAndVerify();
  const endMs = performance.now() + ms;
  const before = process.cpuUsage();
  let count = 0;
  while (performance.now() < endMs) {
    signAndVerify();
    count += 1;
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / count;
}

/** The same in bursts until told to stop; only the bursts count. */
async function measureFloorBeside(isOver: () => boolean): Promise<number> {
  let [count, micros] = [0, 0];
  while (!isOver() || count === 0) {
    const before = process.cpuUsage();
    for (let at = 0; at < BURST; at += 1) signAndVerify();
    const { user, system } = process.cpuUsage(before);
    count += BURST;
    micros += user + system;
    await delay(BETWEEN_BURSTS_MS);
  }
  return micros / 1000 / count;
}

if (import.meta.main) {
  let isOver = false;
  process.once('SIGTERM', () => (isOver = true));
  const floorMs = await measureFloorBeside(() => isOver);
  process.stdout.write(JSON.stringify({ floorMs }));
}
