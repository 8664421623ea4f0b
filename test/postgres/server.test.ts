/**
 * What callers hear of a database that cannot take the work: every connection in use, or a server that only reads. Each
 * kind of route has its own way to say "try again", and readiness says what is so.
 */
import type { FastifyInstance } from 'fastify';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createMetrics } from '../../src/api/metrics.ts';
import { buildServer } from '../../src/api/server.ts';
import { countWaiting } from '../../src/flows/count-waiting.ts';
import { inTransaction, type Db } from '../../src/store/database.ts';
import { createTestPostgres, openTestPostgres } from '../support/test-database.ts';
import { withClient } from '../support/postgres-setup.ts';
import { createDeps, createShared } from '../support/world.ts';

let url: string;
let db: Db;
let app: FastifyInstance;
beforeEach(async () => {
  url = await createTestPostgres();
  db = openTestPostgres(url, 1, { patience: { connectMs: 200 } });
  const deps = createDeps(createShared({}, db, undefined), { yes: false });
  const metrics = createMetrics(() => countWaiting(deps));
  app = await buildServer({ deps, metrics, rateLimit: 'off' });
});
afterEach(async () => {
  await app.close();
  await db.destroy();
});

const DONGLE = 'D'.repeat(32);
const get = (path: string) => app.inject({ method: 'GET', url: path });

test('all connections in use: 503 and when to try again, also in v2, SYSTEM_ERROR in v1, and not ready', async () => {
  await inTransaction(db, async () => {
    const metrics = await get('/metrics');
    expect([metrics.statusCode, metrics.headers['retry-after']]).toStrictEqual([503, '1']);
    const payments = await app.inject({
      url: '/v2/payments',
      headers: { authorization: 'Bearer f2f_any' },
    });
    expect([payments.statusCode, payments.headers['retry-after']]).toStrictEqual([503, '1']);
    expect(payments.json()).toMatchObject({ code: 'database_unavailable' });
    const secret = await get(`/auth/secret?dogNo=${DONGLE}`);
    expect(secret.statusCode).toBe(200);
    expect(secret.json()).toMatchObject({ err: 'SYSTEM_ERROR', statusNo: 500 });
    expect(secret.body).not.toMatch(/connect|timeout|postgres/i);
    expect((await get('/readyz')).statusCode).toBe(503);
    expect((await get('/healthz')).statusCode).toBe(200);
  });
  expect((await get('/metrics')).statusCode).toBe(200);
  expect((await get(`/auth/secret?dogNo=${DONGLE}`)).json()).toMatchObject({ err: 'nothing' });
  expect((await get('/readyz')).statusCode).toBe(200);
});

test('a server that only reads is not ready, though it answers', async () => {
  expect((await get('/readyz')).statusCode).toBe(200);
  const name = new URL(url).pathname.slice(1);
  await withClient(url, async (client) => {
    await client.query(`alter database ${name} set default_transaction_read_only = on`);
    await client.query(
      `select pg_terminate_backend(pid, 5000) from pg_stat_activity
       where datname = current_database() and pid <> pg_backend_pid()`,
    );
  });
  // The connection that was ended is noticed at the latest by who uses it.
  while ((await get('/metrics')).statusCode !== 200);
  expect((await get('/readyz')).statusCode).toBe(503);
});
