/** What `f2f backup` and `f2f restore` say without touching a file: on PostgreSQL, and what a restore means. */
import { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { addBackupCommand, contentsText } from './backup.ts';
import type { FileContext } from './context.ts';
import { addRestoreCommand } from './restore.ts';

const onPostgres: FileContext = {
  clock: { nowMs: () => 0, monotonicMs: () => 0, sleep: () => Promise.resolve() },
  random: { hex: () => '0' },
  print: () => undefined,
  showProgress: () => undefined,
  databaseFile: () => ({
    path: 'gateway.sqlite',
    isPostgres: true,
    masterKeyPath: 'master.key',
    openVault: () => {
      throw new Error('not needed here');
    },
  }),
};

describe.each(['backup', 'restore'])('%s on PostgreSQL', (name) => {
  test('names the tools that do it there', async () => {
    const program = new Command();
    addBackupCommand(program, onPostgres);
    addRestoreCommand(program, onPostgres);
    const running = program.parseAsync([name, 'file'], { from: 'user' });
    await expect(running).rejects.toThrow(/F2F_DATABASE_URL.+pg_dump.+docs\/operations\.md/);
  });
});

test('a database without payments is told without a time', () => {
  const empty = { migrations: [], rows: { payment: 0, refund: 0, merchant: 2 } };
  expect(contentsText({ ...empty, newestPaymentAtMs: null })).toBe(
    '0 payments, 0 refunds, 2 shops',
  );
  expect(contentsText({ ...empty, newestPaymentAtMs: 0 })).toBe(
    '0 payments (the newest of 1970-01-01 08:00:00 GMT+8), 0 refunds, 2 shops',
  );
});
