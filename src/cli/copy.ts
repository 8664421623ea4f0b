/**
 * `f2f copy`: moves a gateway's database to PostgreSQL, or back. What is copied and compared is decided in
 * `flows/copy-database.ts`; here are the two places, the progress, and what an operator is told in the end.
 */
import type { Command } from 'commander';
import type { Difference } from '../flows/compare-databases.ts';
import { copyDatabase, type CopyProgress, type CopyResult } from '../flows/copy-database.ts';
import type { MoneyOfState } from '../store/copy-rows.ts';
import { DatabaseUnavailable, type Db } from '../store/database.ts';
import { CommandError, printRows, type CommandContext } from './context.ts';
import { countText, durationText, startProgress, type Screen } from './progress.ts';

export type CopyPlace = {
  readonly engine: 'sqlite' | 'postgres';
  /** For people: nothing secret. */
  readonly name: string;
  readonly open: (as: 'source' | 'destination') => Promise<Db>;
};

export type CopyContext = Pick<CommandContext, 'clock' | 'print'> & {
  /** Undefined when the text is no place. */
  readPlace(this: void, text: string): CopyPlace | undefined;
  /** The value of an environment variable, or of one in `.env`. */
  variable(this: void, name: string): string | undefined;
  readonly screen: Screen;
};

type Options = { from: string; to: string; force?: boolean; json?: boolean };
type Places = { readonly from: CopyPlace; readonly to: CopyPlace };

const PLACE = 'sqlite:PATH, postgres://…, or env:NAME for the variable that holds it';
const PHASES = { copy: 'copying', compare: 'comparing' } as const;
/** Of a checksum's 64 digits, those that people compare by eye. */
const CHECKSUM_SHOWN = 16;

export function addCopyCommand(program: Command, context: CopyContext): void {
  program
    .command('copy')
    .description("copy a stopped gateway's data into an empty database, to PostgreSQL or back")
    .requiredOption('--from <place>', PLACE)
    .requiredOption('--to <place>', PLACE)
    .option('--force', 'although sessions of gateways are connected to the PostgreSQL copied from')
    .option('--json', 'print JSON')
    .action((options: Options) => copy(context, options));
}

async function copy(context: CopyContext, options: Options): Promise<void> {
  const places = {
    from: placeOf(context, '--from', options.from),
    to: placeOf(context, '--to', options.to),
  };
  if (places.from.engine === 'sqlite' && places.to.engine === 'sqlite') {
    throw new CommandError(
      'From SQLite to SQLite nothing needs to be converted: "f2f backup" copies the file',
    );
  }
  const { clock } = context;
  const marks = { startMs: clock.monotonicMs(), compareMs: 0 };
  const result = await run(context, places, options, () => {
    marks.compareMs ||= clock.monotonicMs();
  });
  const report: Report = {
    ...places,
    result,
    copyMs: marks.compareMs - marks.startMs,
    compareMs: clock.monotonicMs() - marks.compareMs,
  };
  if (options.json === true) printJson(context, report);
  else printReport(context, report);
  if (!result.isSame) throw new CommandError(differenceText(result.difference));
}

function placeOf({ readPlace, variable }: CopyContext, option: string, text: string): CopyPlace {
  const name = /^env:(\w+)$/.exec(text)?.[1];
  const value = name === undefined ? text : variable(name);
  if (value === undefined || value === '') {
    throw new CommandError(`${option}: no variable ${name ?? ''} is set`);
  }
  const place = readPlace(value);
  // The text is not repeated: it may hold a password.
  if (place === undefined) throw new CommandError(`${option} must be ${PLACE}`);
  return place;
}

async function run(
  { clock, screen }: CopyContext,
  { from, to }: Places,
  { force: isForced = false }: Options,
  onCompare: () => void,
): Promise<CopyResult> {
  const progress = startProgress(clock, screen);
  const onProgress = ({ phase, table, rowsDone, rowsTotal }: CopyProgress): void => {
    if (phase === 'compare') onCompare();
    progress.tell({ phase: PHASES[phase], item: table, done: rowsDone, total: rowsTotal });
  };
  const source = await from.open('source');
  try {
    const destination = await to.open('destination');
    try {
      return await copyDatabase({
        source: { db: source, name: from.name },
        destination: { db: destination, name: to.name },
        clock,
        isForced,
        onProgress,
      });
    } finally {
      await destination.destroy();
    }
  } catch (error) {
    if (!(error instanceof DatabaseUnavailable)) throw error;
    throw new CommandError(
      `${error.message}. What was copied so far is kept: the same command goes on there`,
      { cause: error },
    );
  } finally {
    progress.end();
    await source.destroy();
  }
}

type Report = Places & {
  readonly result: CopyResult;
  readonly copyMs: number;
  readonly compareMs: number;
};

function printJson(context: CopyContext, { from, to, result, copyMs, compareMs }: Report): void {
  const { isSame, tables, money, difference, rowsResumed } = result;
  const report = {
    from: from.name,
    to: to.name,
    isSame,
    rows: rowsOf(result),
    rowsResumed,
    copyS: copyMs / 1000,
    compareS: compareMs / 1000,
    tables,
    money,
    difference: difference ?? null,
  };
  context.print(JSON.stringify(report, undefined, 2));
}

function rowsOf({ tables }: CopyResult): number {
  return tables.reduce((sum, { source }) => sum + source.rows, 0);
}

function printReport(context: CopyContext, report: Report): void {
  const { from, to, result, copyMs, compareMs } = report;
  const rows = rowsOf(result);
  const copied = rows - result.rowsResumed;
  const perS = copyMs === 0 ? 0 : Math.round((copied / copyMs) * 1000);
  const resumed =
    result.rowsResumed === 0 ? '' : ` (${countText(result.rowsResumed)} were there already)`;
  context.print(`from ${from.name}`);
  context.print(`to   ${to.name}`);
  context.print(
    `copied ${countText(copied)} rows in ${durationText(copyMs)}${resumed}, ${countText(perS)} rows/s; compared in ${durationText(compareMs)}`,
  );
  context.print('');
  printRows(context, result.tables.map(tableRow), false);
  context.print('');
  printRows(context, moneyRows(result.money), false);
  if (!result.isSame) return;
  context.print('');
  for (const line of WHAT_NEXT[to.engine]) context.print(line);
}

function tableRow({ table, source, destination }: CopyResult['tables'][number]) {
  const isSame = source.rows === destination.rows && source.checksum === destination.checksum;
  return {
    table,
    rows: source.rows,
    'rows of the copy': destination.rows,
    checksum: source.checksum.slice(0, CHECKSUM_SHOWN),
    'checksum of the copy': destination.checksum.slice(0, CHECKSUM_SHOWN),
    '': isSame ? 'same' : 'DIFFERENT',
  };
}

function moneyRows({ source, destination }: CopyResult['money']) {
  const rows = (side: string, money: readonly MoneyOfState[]) =>
    money.map(({ state, payments, amountFen, refundedFen }) => ({
      'payments that are': state,
      in: side,
      count: payments,
      amount: yuanText(amountFen),
      refunded: yuanText(refundedFen),
    }));
  return [...rows('source', source), ...rows('copy', destination)];
}

/** Of any number of digits: a sum of amounts may be none. */
function yuanText(fenText: string): string {
  const digits = fenText.padStart(3, '0');
  return `${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

function differenceText(difference: Difference | undefined): string {
  const then =
    'No gateway starts on the copy. Make the destination anew, and copy again with every gateway stopped';
  if (difference === undefined) return `What the payments amount to is not the same. ${then}`;
  const { table, key, what, columns } = difference;
  const row = `The row of ${table} with ${Object.entries(key)
    .map(([column, value]) => `${column} ${value}`)
    .join(', ')}`;
  const how = {
    missing: 'is missing in the copy',
    surplus: 'is in the copy and not in the source',
    different: `is not the same in the copy (${columns.join(', ')})`,
  }[what];
  return `${row} ${how}. ${then}`;
}

const MASTER_KEY =
  '- The master key is not in the database: the gateway goes on with the same file (F2F_MASTER_KEY_FILE, DATA_DIR/master.key unless set).';
const TILLS =
  '- Tills notice nothing: tokens, secret keys, shops and the numbers of payments are the same.';
const LEFT_BEHIND =
  '- What was copied from stays as it is. Start no gateway on it again: it would know nothing of what is sold from now on.';
const SIMULATOR =
  "- The simulator's book (simulator.sqlite) is not part of it, and stays in the data folder.";

const WHAT_NEXT: Readonly<Record<CopyPlace['engine'], readonly string[]>> = {
  postgres: [
    'Both databases hold the same. What is left to do (docs/moving.md):',
    '- Set F2F_DATABASE_URL to the new database, and start the gateway.',
    MASTER_KEY,
    TILLS,
    LEFT_BEHIND,
    SIMULATOR,
  ],
  sqlite: [
    'Both databases hold the same. What is left to do (docs/moving.md):',
    '- Take F2F_DATABASE_URL out of the settings, and start the gateway: one only, whose F2F_DATA_DIR holds the file as gateway.sqlite.',
    MASTER_KEY,
    TILLS,
    LEFT_BEHIND,
    SIMULATOR,
  ],
};
