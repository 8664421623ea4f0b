/**
 * Shops, their apps and their keys: who shares what, what a new key pair or app id does to payments under way, and what
 * enrolment and ownership allow.
 */
import { afterEach, expect, test } from 'vitest';
import { listApps } from '../../src/store/apps.ts';
import { createWorld, type World } from '../support/world.ts';

let world: World;
afterEach(() => world.close());

const CHARGE = {
  cpiNo: 'DL0001',
  localNo: '1',
  totalAmount: '88.00',
  authCode: '280851932108270001',
  subject: 'Tea',
};
const updated = (data: Record<string, unknown>): Record<string, unknown> =>
  data['更新后的结果:'] as Record<string, unknown>;

test.each([
  ['a new key pair', { cpiPriKey: 'true', cpiPubKey: 'true' }],
  ['another app id', { cpiAppid: '2016022901171899' }],
  [
    'another app id and a new key pair',
    { cpiAppid: '2016022901171899', cpiPriKey: 'true', cpiPubKey: 'true' },
  ],
])('a payment under way settles after %s', async (_name, change) => {
  world = await createWorld();
  world.loseNotifications(Infinity);
  const asked = world.send('/f2f/hb_barcode', CHARGE);
  await world.clock.advance(500);
  const update = await world.send('/f2f/company/update', { cpiNo: 'DL0001', ...change });
  expect(update.err).toBe('nothing');
  await world.clock.advance(10_000);
  const answer = await asked;
  expect(answer.re['code']).toBe('10000');
  const paymentNo = String(answer.re['out_trade_no']);
  const refund = await world.ask('/f2f/refund', {
    cpiNo: 'DL0001',
    outTradeNo: paymentNo,
    refundAmount: '88',
    outRequestNo: '1',
  });
  expect(refund.data['fund_change']).toBe('Y');
  const next = await world.ask('/f2f/hb_barcode', {
    ...CHARGE,
    localNo: '2',
    authCode: '280851932108273551',
  });
  expect(next.re['code']).toBe('10000');
});

test('a trade begun before a new key pair resolves while Alipay was not told of the new key yet', async () => {
  world = await createWorld();
  world.loseNotifications(Infinity);
  // With the real Alipay, its key is the one that the operator gave.
  const shop = await world.send('/f2f/company/query', { storeDogNo: 'DL0001' });
  const { cpiAlipubKey } = shop.data;
  await world.send('/f2f/company/update', { cpiNo: 'DL0001', cpiAlipubKey });
  const QR = { cpiNo: 'DL0001', localNo: '1', totalAmount: '8.00', subject: 'Tea' };
  const qr = await world.ask('/f2f/qrcode', QR);
  const paymentNo = String(qr.data['out_trade_no']);
  world.control('POST', '/simulator/scan', { qrCode: qr.data['qr_code'] });
  // As with the real Alipay: the operator uploads the new public key later.
  const settings = world.deps.settings as { simulator: unknown };
  settings.simulator = undefined;
  world.makeOtherKeys();
  await world.send('/f2f/company/update', {
    cpiNo: 'DL0001',
    cpiPriKey: 'true',
    cpiPubKey: 'true',
  });
  world.control('POST', `/simulator/trades/${paymentNo}/pay`);
  await world.clock.advance(20_000);
  expect((await world.history(paymentNo)).states.at(-1)).toBe('paid');
  const refused = await world.ask('/f2f/qrcode', { ...QR, localNo: '2' });
  expect([refused.err, refused.data['sub_code']]).toStrictEqual([
    'QRCODE_FAILED',
    'isv.invalid-signature',
  ]);
});

test("an owner's shops of one app share its key; another owner's do not", async () => {
  world = await createWorld();
  const shop = { cpiPid: '2088212612254111', cpiAppid: '2016022901171807' };
  await world.send('/f2f/company/add', { ...shop, storeDogNo: 'DL0002' });
  await world.send('/f2f/company/add', { ...shop, storeDogNo: 'DL0003' }, 'C'.repeat(32));
  expect(
    (await listApps(world.db)).map(({ owner, keyId }) => [owner.slice(0, 2), keyId]),
  ).toStrictEqual([
    ['B9', 1],
    ['CC', 2],
  ]);
});

test('a key of Alipay that the caller gave is never overwritten; one of the simulator is taken over', async () => {
  world = await createWorld();
  const before = await world.send('/f2f/company/query', { storeDogNo: 'DL0001' });
  const own = String(before.data['cpiAlipubKey']);
  const given = String(before.data['cpiPubKey']);
  const update = await world.send('/f2f/company/update', {
    cpiNo: 'DL0001',
    cpiAlipubKey: `-----BEGIN PUBLIC KEY-----\n${given}\n-----END PUBLIC KEY-----`,
  });
  expect(updated(update.data)['cpiAlipubKey']).toBe(given);
  expect(given).not.toBe(own);
  const again = await world.send('/f2f/company/update', {
    cpiNo: 'DL0001',
    cpiPriKey: 'true',
    cpiPubKey: 'true',
  });
  expect(updated(again.data)['cpiAlipubKey']).toBe(given);
  // With a wrong key of Alipay nothing verifies: doubt, never a verdict.
  const charge = await world.ask('/f2f/hb_barcode', { ...CHARGE, authCode: '280851932108273550' });
  expect(charge.re['code']).toBe('10003');
  // A further shop that brings another brings it to all shops of the app: so terminals know it.
  const shop = { cpiPid: '2088212612254111', cpiAppid: '2016022901171807' };
  const more = { ...shop, storeDogNo: 'DL0002', cpiAlipubKey: own };
  expect((await world.send('/f2f/company/add', more)).err).toBe('nothing');
  const after = await world.send('/f2f/company/query', { storeDogNo: 'DL0001' });
  expect(after.data['cpiAlipubKey']).toBe(own);
});

test('an RSA shop has 1024 bits; RSA2 needs a new pair', async () => {
  world = await createWorld();
  const rsa = await world.send('/f2f/company/add', {
    storeDogNo: 'OLD',
    cpiPid: '2088212612254111',
    cpiAppid: '2016022901171800',
    signType: 'RSA',
  });
  expect(rsa.err).toBe('nothing');
  const charge = await world.ask('/f2f/hb_barcode', {
    ...CHARGE,
    cpiNo: 'OLD',
    authCode: '280851932108273550',
  });
  expect(charge.re['code']).toBe('10000');
  const short = await world.send('/f2f/company/update', { cpiNo: 'OLD', signType: 'RSA2' });
  expect([short.err, short.msg]).toStrictEqual([
    'DATA_IS_INVALID',
    '参数错误: signType RSA2需要2048位密钥,请同时重新生成密钥对',
  ]);
  const long = await world.send('/f2f/company/update', {
    cpiNo: 'OLD',
    signType: 'RSA2',
    cpiPriKey: 'true',
    cpiPubKey: 'true',
  });
  expect(long.err).toBe('nothing');
});

test('under the allow-list a key is issued once, to registered dongles', async () => {
  world = await createWorld();
  const settings = world.deps.settings as { enrolment: string };
  settings.enrolment = 'allow-list';
  const { registerDongle, reopenDongle, revokeDongle } =
    await import('../../src/flows/manage-dongles.ts');
  const dogNo = 'D'.repeat(32);
  const secret = async (): Promise<{ err: string; data: Record<string, string> }> =>
    (await world.app.inject(`/auth/secret?dogNo=${dogNo}`)).json();
  const token = async (secretKey: string): Promise<{ err: string; data: Record<string, string> }> =>
    (await world.app.inject(`/auth/token?dogNo=${dogNo}&secretKey=${secretKey}`)).json();
  expect((await secret()).err).toBe('DOGNO_IS_NOT_REGISTERED');
  expect(await registerDongle(world.deps, dogNo)).toBe(true);
  expect(await registerDongle(world.deps, dogNo)).toBe(false);
  const issued = (await secret()).data['secretKey']!;
  expect((await secret()).err).toBe('SECRET_ALREADY_ISSUED');
  await reopenDongle(world.deps, dogNo);
  expect((await token(issued)).err).toBe('nothing');
  const second = (await secret()).data['secretKey']!;
  expect((await token(issued)).err).toBe('DOGNO_IS_NOT_MATCH_SECRETKEY');
  const living = (await token(second)).data['token']!;
  await revokeDongle(world.deps, dogNo);
  expect((await token(second)).err).toBe('DOGNO_IS_NOT_MATCH_SECRETKEY');
  expect((await secret()).err).toBe('DOGNO_IS_NOT_REGISTERED');
  const used = await world.app.inject(
    `/f2f/company/query?token=${living}&data={"storeDogNo":"DL0001"}`,
  );
  expect(used.json().err).toBe('TOKEN_IS_INVALID');
});

test('a token ends at its time', async () => {
  world = await createWorld({ tokenTtlS: 60 });
  expect((await world.send('/f2f/company/query', { storeDogNo: 'DL0001' })).err).toBe('nothing');
  await world.clock.advance(60_000);
  expect((await world.send('/f2f/company/query', { storeDogNo: 'DL0001' })).err).toBe(
    'TOKEN_IS_INVALID',
  );
});
