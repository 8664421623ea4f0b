/**
 * The README's lines, run as a stranger would paste them: each block of the "First payment" section goes to a shell, against
 * a gateway that was just started. Goal: what the first page promises is true, and the program prints the same lines.
 */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { firstPayment } from '../../src/cli/start.ts';
import { startGateway } from '../support/gateway-process.ts';

const run = promisify(execFile);

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
const section = readme.slice(readme.indexOf('## First payment'), readme.indexOf('## Test it'));
const blocks = [...section.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block]) => block!);

const hasCurl = await run('curl', ['--version']).then(
  () => true,
  () => false,
);

test('the program prints the first payment of the README', () => {
  expect(blocks[0]!.trim()).toBe(firstPayment('http://127.0.0.1:8080'));
});

test.skipIf(!hasCurl)("the README's lines take a barcode payment and a QR payment", async () => {
  const gateway = await startGateway();
  try {
    const script = `${blocks[0]}\n${blocks[1]}`
      .replace('http://127.0.0.1:8080', gateway.url())
      .replace('http://127.0.0.1:8090', gateway.simulatorUrl());
    const { stdout } = await run('sh', ['-c', script]);
    const answers = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, Record<string, unknown>>);
    expect(answers).toHaveLength(6);
    const [shop, barcode, qrcode, , , query] = answers;
    expect(shop!['data']).toMatchObject({ storeDogNo: 'DL0001' });
    expect(barcode!['re']).toMatchObject({ code: '10000', total_amount: '88.00' });
    expect(qrcode!['data']).toMatchObject({ code: '10000' });
    expect(query!['data']).toMatchObject({ trade_status: 'TRADE_SUCCESS', total_amount: '8.00' });
  } finally {
    await gateway.stop();
  }
});
