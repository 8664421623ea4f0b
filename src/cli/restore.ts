/**
 * `f2f restore`: a backup becomes the database of a gateway that is stopped. Prints what it holds and what going back in time
 * means: what the gateway does by itself, and what only a person can. The long form is in `docs/operations.md`.
 */
import type { Command } from 'commander';
import { shanghaiText } from '../core/time.ts';
import { restoreDatabase, type Restored } from '../flows/restore-database.ts';
import type { Vault } from '../system/vault.ts';
import { contentsText, progressOf, sqliteFile } from './backup.ts';
import type { FileContext, DatabaseFile } from './context.ts';

export function addRestoreCommand(program: Command, context: FileContext): void {
  program
    .command('restore <file>')
    .description('make a backup the database, while no gateway runs on it')
    .option('--replace', 'keep the database that is there under another name')
    .action((file: string, { replace }: { replace?: boolean }) =>
      restore(context, file, replace === true),
    );
}

async function restore(context: FileContext, from: string, mayReplace: boolean): Promise<void> {
  const place = sqliteFile(context);
  const stamp = shanghaiText(context.clock.nowMs()).replaceAll(/\D/g, '');
  const keepAs = mayReplace ? `${place.path}.replaced-${stamp}` : undefined;
  const { vault, fault } = openVault(place);
  const replaced = await restoreDatabase(
    { random: context.random, vault },
    { from, to: place.path, keepAs, onProgress: progressOf(context, 'restored') },
  );
  context.showProgress('');
  context.print(`${place.path}: ${contentsText(replaced)}`);
  if (replaced.keptAs !== undefined) {
    context.print(`The database that was there: ${replaced.keptAs}`);
  }
  for (const line of adviceOn(replaced)) context.print(line);
  if (!replaced.isMasterKeyRight) context.print(keyWarning(place, fault));
}

function openVault(place: DatabaseFile): {
  readonly vault: Vault | undefined;
  readonly fault: string;
} {
  try {
    return { vault: place.openVault(), fault: '' };
  } catch (error) {
    // The restore does not need it, and the start does: the operator is told.
    return { vault: undefined, fault: error instanceof Error ? ` (${error.message})` : '' };
  }
}

function keyWarning({ masterKeyPath }: DatabaseFile, fault: string): string {
  return `WARNING: the private keys in it do not open with the master key ${masterKeyPath}${fault}, and the gateway will not start. Put the master key back that was in use when the backup was made.`;
}

/** What going back in time means for money. A test holds it against the manual. */
export function adviceOn({ unsettled }: Pick<Restored, 'unsettled'>): readonly string[] {
  return [
    'What happened after the backup is known to Alipay and not to this gateway:',
    `- ${unsettled} payments in it are not settled: the gateway asks Alipay about them as soon as it starts.`,
    '- New payments, shops and events get numbers far ahead of those that were given out since.',
    '- A payment made since is unknown here. By its outTradeNo a till can still query and refund it; under its localNo a till would begin a NEW charge. Before a guest pays again, look the trade up in the merchant portal.',
    '- A refund made since is unknown here. Repeated under its outRequestNo, Alipay does not carry it out again; under another it would.',
    '- Shops, keys, grants and dongles are as they were: register again what is missing, revoke again what was revoked, and where a key pair was made since, make a new one and give it to Alipay.',
  ];
}
