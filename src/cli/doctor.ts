/**
 * `f2f doctor`: looks at settings, files, database, keys, clock and network, says for each what is wrong and what to do, and
 * changes nothing. With key files it checks those instead. Ends with 1 when something is known to fail.
 */
import type { Command } from 'commander';
import { examineApps } from '../flows/examine-apps.ts';
import { examineKeyFile } from '../flows/examine-key-file.ts';
import { examine } from './doctor/examine.ts';
import {
  keyFileFindings,
  type KeyFile,
  type KeyFileRole,
  type KeyFiles,
} from './doctor/key-files.ts';
import type { DoctorPorts } from './doctor/ports.ts';
import {
  checkLines,
  reportJson,
  summaryLine,
  summaryOf,
  type CheckResult,
} from './doctor/report.ts';

export type DoctorContext = DoctorPorts & {
  print(line: string): void;
  /** Lets the process end with 1. */
  fail(): void;
};

type Options = {
  json?: boolean;
  privateKey?: string;
  publicKey?: string;
  alipayPublicKey?: string;
};

/** The largest file that is read as a key; a chain of certificates has some ten kilobytes. */
const KEY_FILE_BYTES_MAX = 262_144;

export function addDoctorCommand(program: Command, context: DoctorContext): void {
  program
    .command('doctor')
    .description(
      'find out what is wrong with settings, files, keys, clock and network, and say what to do',
    )
    .option('--json', 'print JSON')
    .option('--private-key <file>', "check a file as an app's private key")
    .option('--public-key <file>', "check a file as an app's public key or certificate")
    .option('--alipay-public-key <file>', "check a file as Alipay's public key or certificate")
    .addHelpText('after', '\nWith files, they alone are checked. Nothing is changed.')
    .action((options: Options) => doctor(context, options));
}

async function doctor(context: DoctorContext, options: Options): Promise<void> {
  const isForPeople = options.json !== true;
  const show = (result: CheckResult): void => {
    if (isForPeople) checkLines(result).forEach((line) => context.print(line));
  };
  const files = filesOf(context, options);
  const results =
    Object.keys(files).length === 0
      ? await examine(context, show)
      : [await examineFiles(context, files, show)];
  context.print(isForPeople ? `\n${summaryLine(results)}` : reportJson(results));
  if (summaryOf(results).failures > 0) context.fail();
}

function filesOf({ places }: DoctorPorts, options: Options): KeyFiles {
  const paths: readonly (readonly [KeyFileRole, string | undefined])[] = [
    ['private', options.privateKey],
    ['public', options.publicKey],
    ['alipay', options.alipayPublicKey],
  ];
  const files: Partial<Record<KeyFileRole, KeyFile>> = {};
  for (const [role, path] of paths) {
    if (path !== undefined) files[role] = { path, holds: holdsOf(places, path) };
  }
  return files;
}

function holdsOf(places: DoctorPorts['places'], path: string): KeyFile['holds'] {
  const place = places.look(path);
  if (place.kind === 'missing') return { kind: 'unread', why: 'ENOENT' };
  if (place.kind === 'hidden') return { kind: 'unread', why: place.why };
  if (place.kind !== 'file') return { kind: 'unread', why: 'not a file' };
  const read = places.read(path, KEY_FILE_BYTES_MAX);
  return read.ok ? examineKeyFile(read.bytes) : { kind: 'unread', why: read.why };
}

async function examineFiles(
  context: DoctorContext,
  files: KeyFiles,
  show: (result: CheckResult) => void,
): Promise<CheckResult> {
  const own = await ownPublicKeys(context);
  const findings = keyFileFindings(files, own, context.clock.nowMs());
  const result: CheckResult = { check: 'key_files', findings };
  show(result);
  return result;
}

/** The apps of the public keys that this host's gateway made, if it has a database: files may be checked anywhere. */
async function ownPublicKeys(context: DoctorPorts): Promise<ReadonlyMap<string, string>> {
  const { config } = context.settings();
  const isServer = config.databaseUrl !== undefined;
  if (!isServer && context.places.look(context.databaseFile(config)).kind !== 'file') {
    return new Map();
  }
  try {
    const db = context.openToRead(config);
    try {
      return (await examineApps({ db }, undefined)).appOfPublicKey;
    } finally {
      await db.destroy();
    }
  } catch {
    // What is wrong with the database is the whole round's to say.
    return new Map();
  }
}
