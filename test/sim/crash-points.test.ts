/**
 * The gateway is killed at every port call of every money path, before it, after it, and while the answer is on its way;
 * it is started again, and everything must settle rightly: the simulation's checks of all books hold, and the path ends as
 * it has to. A failure names the path, the moment and the clerk: `playPath` with these plays it again.
 */
import { describe, expect, test } from 'vitest';
import { killAtEach, killTwice, playPath, type MoneyPath } from './crash-points.ts';
import { deathsOf, type Moment } from './moments.ts';
import { MONEY_PATHS } from './money-paths.ts';

const TIMEOUT_MS = 120_000;
const PHASES = ['before', 'during', 'after'] as const;

function pathNamed(name: string): MoneyPath {
  const path = MONEY_PATHS.find((known) => known.name === name);
  if (path === undefined) throw new Error(`no path is named ${name}`);
  return path;
}

/** What a path must have called; without it the enumeration could shrink, and nobody would see. */
function expectedOf({ asks, stores = true, ports = [], v2 }: MoneyPath): readonly string[] {
  const calls = [...asks.map((method) => `send ${method}`), ...ports];
  const sends = calls.flatMap((port) => PHASES.map((phase) => `${phase} ${port}`));
  const writes = ['db begin', 'db insert payment_event', 'db commit'];
  const stored = stores ? writes.flatMap((port) => [`before ${port}`, `after ${port}`]) : [];
  const credential = v2 === undefined ? 'token' : 'api_key';
  return [
    ...sends,
    ...stored,
    ...['before', 'after'].map((phase) => `${phase} db select ${credential}`),
  ];
}

function namesOf(moments: readonly Moment[]): readonly string[] {
  return moments.map(({ phase, port }) => `${phase} ${port}`);
}

describe('a gateway that dies at any port call', () => {
  test.for(MONEY_PATHS)('$name', { timeout: TIMEOUT_MS }, async (path) => {
    const { moments, runs, failures } = await killAtEach(path);
    expect(failures).toEqual([]);
    expect(namesOf(moments)).toEqual(expect.arrayContaining([...expectedOf(path)]));
    expect(runs).toBeGreaterThanOrEqual(deathsOf(moments).length);
  });
});

describe('a gateway that dies, and dies again after its restart', () => {
  test.for(['barcode, paid at once', 'refund of everything'])(
    '%s',
    { timeout: TIMEOUT_MS },
    async (name) => {
      const { moments, runs, failures } = await killTwice(pathNamed(name), SECOND_DEATHS_MAX);
      expect(failures).toEqual([]);
      expect(runs).toBeGreaterThan(2 * deathsOf(moments).length);
    },
  );
});

/** Enough for the restart, the clerk's next call and the worker's first look. */
const SECOND_DEATHS_MAX = 10;

test(
  'deaths that leave the same behind end the same',
  async () => {
    const path = pathNamed('barcode, paid at once');
    const [moments = []] = (await playPath({ path })).lives;
    const stories = new Map<string, string>();
    for (const patience of ['stays', 'leaves'] as const) {
      for (const [at, { remains }] of moments.entries()) {
        const { books } = await playPath({ path, deaths: [at], patience });
        const { stories: payments, trades, ledger } = books;
        const story = JSON.stringify([payments, trades, ledger.told]);
        const name = `${patience} ${remains}`;
        expect(stories.get(name) ?? story, `moment ${at}`).toBe(story);
        stories.set(name, story);
      }
    }
    expect(stories.size).toBe(2 * deathsOf(moments).length);
  },
  TIMEOUT_MS,
);
