/** What owners do with their endpoints, where it must hold against others at the same time; on both engines. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ENDPOINTS_MAX } from '../core/limits.ts';
import type { Db } from '../store/database.ts';
import { openShop } from '../store/store.fixtures.ts';
import { listEndpoints } from '../store/webhook-endpoints.ts';
import { makeEndpoint } from './manage-webhooks.ts';

let db: Db;
beforeEach(async () => {
  db = await openShop();
});
afterEach(() => db.destroy());

let random = 0;
const make = (merchantId: number | null) =>
  makeEndpoint(
    {
      db,
      clock: { nowMs: () => 1000, monotonicMs: () => 0, sleep: () => Promise.resolve() },
      random: { hex: (bytes) => (random += 1).toString(16).padStart(bytes * 2, '0') },
      vault: { seal: (text) => text, open: (text) => text, token: (text) => text },
    },
    { merchantId, url: 'https://pms.example/', types: [], description: null },
  );

test.each([[1], [null]])(
  'endpoints of %s that are made at once are no more than there may be',
  async (merchantId) => {
    await make(merchantId === null ? 1 : null);
    const all = Array.from({ length: ENDPOINTS_MAX + 4 }, () => make(merchantId));
    const made = (await Promise.all(all)).filter((one) => one !== undefined);
    expect(made).toHaveLength(ENDPOINTS_MAX);
    const stored = (await listEndpoints(db)).filter((one) => one.merchantId === merchantId);
    expect(stored).toHaveLength(ENDPOINTS_MAX);
    expect(await make(2)).toBeDefined();
  },
);
