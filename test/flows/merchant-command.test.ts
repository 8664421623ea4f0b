/**
 * `f2f merchant show` and its grants: when the certificates of the app end, and which dongles may use the shop until that is taken
 * back. The flows are those of v2 (`test/v2/stories.test.ts`).
 */
import { Command } from 'commander';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { addMerchantCommands } from '../../src/cli/merchant.ts';
import { firstMerchant, v2Client } from '../v2/client.ts';
import { createWorld, type World } from '../support/world.ts';

let world: World;
let cpiNo: string;
beforeEach(async () => {
  world = await createWorld();
  cpiNo = (await firstMerchant(world)).slice('mch_'.length);
});
afterEach(() => world.close());

async function merchant(...words: string[]): Promise<string> {
  const lines: string[] = [];
  const program = new Command('f2f').exitOverride();
  addMerchantCommands(program, {
    clock: world.clock,
    withDatabase: (work) => work(world.db),
    print: (line) => lines.push(line),
  });
  await program.parseAsync(['merchant', ...words], { from: 'user' });
  return lines.join('\n');
}

const shown = async (): Promise<Record<string, unknown>> =>
  JSON.parse(await merchant('show', cpiNo, '--json')) as Record<string, unknown>;

test('a shop with bare keys has no certificates that end', async () => {
  expect(await shown()).toMatchObject({ appCertificateEnds: null, alipayCertificateEnds: null });
});

test('the ends of the certificates are those that v2 tells', async () => {
  const operator = await v2Client(world);
  const path = `/v2/merchants/mch_${cpiNo}`;
  await operator.post(`${path}/next_key`);
  const request = await operator.post(`${path}/certificate_request`, { organization: 'Tea' });
  const issued = world.control('POST', '/simulator/apps/2016022901171807/certificates', {
    csr: request.body['pem'],
  });
  const { status, body } = await operator.ask({
    method: 'PUT',
    path: `${path}/certificates`,
    body: {
      app_certificate: issued['appCertificate'],
      alipay_certificate: issued['alipayCertificate'],
      alipay_root_certificate: issued['alipayRootCertificate'],
    },
  });
  expect(status).toBe(200);
  const { certificates } = body['app'] as {
    certificates: Record<'app' | 'alipay', { expires_at: string }>;
  };
  const secondOf = (time: string): string => time.slice(0, 19).replace('T', ' ');
  expect(await shown()).toMatchObject({
    appCertificateEnds: secondOf(certificates.app.expires_at),
    alipayCertificateEnds: secondOf(certificates.alipay.expires_at),
  });
});

test('a grant is given to a dongle that is there, and taken back once', async () => {
  const other = 'E'.repeat(32);
  await expect(merchant('grant', cpiNo, other)).rejects.toThrow('No dongle has this number');
  await (await v2Client(world)).post('/v2/dongles', { number: other });
  expect(await merchant('grant', cpiNo, other)).toBe(`${other} may use ${cpiNo}`);
  expect((await shown())['grants']).toEqual([other]);
  // Whoever speaks v2 knows the id.
  expect(await merchant('show', `mch_${cpiNo}`)).toBe(await merchant('show', cpiNo));
  expect(await merchant('ungrant', cpiNo, other)).toBe(`${other} may not use ${cpiNo} any more`);
  expect((await shown())['grants']).toEqual([]);
  await expect(merchant('ungrant', cpiNo, other)).rejects.toThrow('was not granted');
});
