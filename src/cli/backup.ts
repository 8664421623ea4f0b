/**
 * `f2f backup`: the database as one file, from a gateway that may go on selling. Prints what the file holds, and what it does
 * not: the master key. Its counterpart is `restore.ts`.
 */
import type { Command } from 'commander';
import { shanghaiText } from '../core/time.ts';
import { backUpDatabase } from '../store/sqlite-backup.ts';
import type { Contents, Progress } from '../store/sqlite-copy.ts';
import { CommandError, type FileContext, type DatabaseFile } from './context.ts';

export function addBackupCommand(program: Command, context: FileContext): void {
  program
    .command('backup <file>')
    .description('back the database up into a new file, while the gateway runs')
    .action((file: string) => backUp(context, file));
}

async function backUp(context: FileContext, file: string): Promise<void> {
  const { path, masterKeyPath } = sqliteFile(context);
  const made = await backUpDatabase(path, file, progressOf(context, 'copied'));
  context.showProgress('');
  context.print(`${file}: ${contentsText(made)}, ${(made.bytes / 1e6).toFixed(1)} MB`);
  context.print(
    `The master key is not in it: ${masterKeyPath}. Keep a copy of that file apart from the backups. Without it nobody, neither you nor a thief, can sign with the keys in them.`,
  );
}

/** Throws a `CommandError` where the database is no file. */
export function sqliteFile(context: FileContext): DatabaseFile {
  const file = context.databaseFile();
  if (file.isPostgres) {
    throw new CommandError(
      'The database is PostgreSQL (F2F_DATABASE_URL is set): back it up and restore it with pg_dump, or with pg_basebackup and its write-ahead log; docs/operations.md says how',
    );
  }
  return file;
}

export function progressOf(context: FileContext, verb: string): (progress: Progress) => void {
  return ({ copiedPages, totalPages }) =>
    context.showProgress(`${verb} ${Math.floor((100 * copiedPages) / Math.max(1, totalPages))} %`);
}

/** What a database holds, for people. */
export function contentsText({ rows, newestPaymentAtMs }: Contents): string {
  const newest =
    newestPaymentAtMs === null ? '' : ` (the newest of ${shanghaiText(newestPaymentAtMs)} GMT+8)`;
  return `${rows['payment'] ?? 0} payments${newest}, ${rows['refund'] ?? 0} refunds, ${rows['merchant'] ?? 0} shops`;
}
