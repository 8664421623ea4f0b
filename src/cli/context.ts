/**
 * What the commands are given by `program.ts`: the settings, a way to the database, and where to print. A command that
 * cannot do what it was asked throws a `CommandError`, whose sentence the operator reads.
 */
import type { Db } from '../store/database.ts';
import type { Clock } from '../system/clock.ts';
import type { Random } from '../system/random.ts';
import type { Vault } from '../system/vault.ts';

export type CommandContext = {
  readonly clock: Clock;
  /** The account that runs the command, for the audit log; undefined where it has no name. */
  readonly osUser?: string | undefined;
  /** Runs `work` on the settings' database, migrated, and closes it. Without `mayCreate` there must be one. */
  withDatabase<T>(work: (db: Db) => Promise<T>, options?: { mayCreate?: boolean }): Promise<T>;
  /** Prints one line on stdout. */
  print(line: string): void;
};

/** What the commands are given that are about the database's file and not about what is in it. */
export type FileContext = Pick<CommandContext, 'clock' | 'print'> & {
  readonly random: Random;
  /** The settings' database file; makes its folder. */
  databaseFile(): DatabaseFile;
  /** Shows how far a command is, in place of what was shown before; on a terminal only. */
  showProgress(text: string): void;
};

export type DatabaseFile = {
  readonly path: string;
  /** The database is PostgreSQL's, so there is no file. */
  readonly isPostgres: boolean;
  readonly masterKeyPath: string;
  /** Opens the vault under the master key; throws a sentence for the operator. */
  openVault(): Vault;
};

export class CommandError extends Error {
  override readonly name = 'CommandError';
}

/** Prints rows for people, or with `--json` for programs. */
export function printRows(
  context: Pick<CommandContext, 'print'>,
  rows: readonly Readonly<Record<string, unknown>>[],
  json: boolean | undefined,
): void {
  if (json === true) {
    context.print(JSON.stringify(rows, undefined, 2));
    return;
  }
  const [first] = rows;
  if (first === undefined) {
    context.print('(none)');
    return;
  }
  const names = Object.keys(first);
  const lines = [names, ...rows.map((row) => names.map((name) => cellText(row[name])))];
  const widths = names.map((_, column) =>
    Math.max(...lines.map((line) => displayWidth(line[column] ?? ''))),
  );
  for (const line of lines) {
    const cells = line.map((cell, column) => {
      const width = widths[column] ?? 0;
      return cell + ' '.repeat(width - displayWidth(cell));
    });
    context.print(cells.join('  ').trimEnd());
  }
}

function cellText(value: unknown): string {
  if (value === null || value === undefined) return '-';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Chinese characters take two columns of a terminal. */
function displayWidth(text: string): number {
  return Array.from(text).reduce((width, character) => width + (character > '\u1100' ? 2 : 1), 0);
}
