/**
 * The v2 guide, followed as a newcomer would: its blocks go to one shell, against a gateway that was just started. Both
 * languages have the same blocks.
 */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { startGateway } from '../support/gateway-process.ts';

const run = promisify(execFile);
const ROOT = join(import.meta.dirname, '../..');

function blocksOf(page: string): readonly string[] {
  const text = readFileSync(join(ROOT, page), 'utf8');
  return [...text.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block]) => block!);
}

const hasCurl = await run('curl', ['--version']).then(
  () => true,
  () => false,
);

test.skipIf(!hasCurl)(
  "the guide's lines make a key, register a shop, and take two payments",
  async () => {
    const gateway = await startGateway();
    try {
      const [setting, shop, barcode, qr] = blocksOf('docs/v2.md');
      const script = [setting, shop, barcode, 'echo', barcode, 'echo', qr]
        .join('\n')
        .replace('http://127.0.0.1:8080', gateway.url());
      const env = { ...process.env, F2F_DATA_DIR: gateway.dataDir };
      const { stdout } = await run('sh', ['-c', script], { cwd: ROOT, env });
      const [first, again, shown] = stdout.trim().split('\n');
      expect(JSON.parse(first ?? '')).toMatchObject({ state: 'paid', amount: 8800 });
      expect(again).toBe(first);
      expect(JSON.parse(shown ?? '')).toMatchObject({
        state: 'awaiting_buyer',
        next_action: { type: 'show_qr_code' },
      });
    } finally {
      await gateway.stop();
    }
  },
);

test('both languages have the same lines', () => {
  expect(blocksOf('docs/v2.zh-CN.md')).toEqual(blocksOf('docs/v2.md'));
});
