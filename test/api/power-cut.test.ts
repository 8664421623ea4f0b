/**
 * What a till is told survives a power cut: no answer leaves before the disk has everything that it can have been read from,
 * and none that promises anything once the disk has failed. The disk is played by the test. What a sync covers is tested in
 * `src/store/database.test.ts`.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openSqlite } from '../../src/store/sqlite.ts';
import { createWorld, type World } from '../support/world.ts';

let folder: string;
let world: World;
/** While it is held, no sync ends. */
let held: PromiseWithResolvers<void> | undefined;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'f2f-power-cut-'));
  held = undefined;
  world = await createWorld(
    {},
    openSqlite(join(folder, 'gateway.sqlite'), async () => held?.promise),
  );
});
afterEach(async () => {
  await world.app.close();
  world.deps.news.stop();
  rmSync(folder, { recursive: true });
});

/** What a till has been told by now. */
async function toldOf(answer: Promise<unknown>): Promise<unknown> {
  const told = { answer: undefined as unknown };
  void answer.then((envelope) => (told.answer = envelope));
  await world.clock.settle();
  return told.answer;
}

test('an answer waits for what another call has committed and the disk does not have yet', async () => {
  held = Promise.withResolvers();
  const added = world.send('/f2f/company/add', {
    storeDogNo: 'DL0002',
    cpiPid: '2088212612254111',
    cpiAppid: '2016022901171807',
  });
  expect(await toldOf(added)).toBeUndefined();
  // It finds the shop, which a power cut would still take away.
  const found = world.send('/f2f/company/query', { storeDogNo: 'DL0002' });
  expect(await toldOf(found)).toBeUndefined();
  held.resolve();
  expect(await added).toMatchObject({ err: 'nothing' });
  expect(await found).toMatchObject({ err: 'nothing' });
});

test('Alipay hears of a charge when the disk has its intent', async () => {
  const { data } = await world.send('/f2f/company/query', { storeDogNo: 'DL0001' });
  held = Promise.withResolvers();
  const charged = world.send('/f2f/hb_barcode', {
    cpiNo: data['cpiNo'],
    localNo: 'order-1',
    totalAmount: '0.01',
    authCode: '250000000000000001',
    subject: 'a room',
  });
  expect(await toldOf(charged)).toBeUndefined();
  expect(world.calls.some(({ method }) => method === 'alipay.trade.pay')).toBe(false);
  held.resolve();
  expect((await charged).re).toMatchObject({ code: '10000' });
});

test('when the disk has failed, no call is told that it worked', async () => {
  held = Promise.withResolvers();
  const added = world.send('/f2f/company/add', {
    storeDogNo: 'DL0002',
    cpiPid: '2088212612254111',
    cpiAppid: '2016022901171807',
  });
  const found = world.send('/f2f/company/query', { storeDogNo: 'DL0001' });
  expect(await toldOf(found)).toBeUndefined();
  held.reject(new Error('EIO'));
  expect(await added).toMatchObject({ err: 'SYSTEM_ERROR' });
  expect(await found).toMatchObject({ err: 'SYSTEM_ERROR' });
  const ready = await world.app.inject({ method: 'GET', url: '/readyz' });
  expect(ready.statusCode).toBe(503);
});
