/**
 * `f2f api-key …`: the keys of the v2 API. The first one is made here, since making one over the API needs one.
 */
import { InvalidArgumentError, type Command } from 'commander';
import { SCOPES, scopesFor, type ApiKey, type Scope } from '../core/api-key.ts';
import { CONTROL_PATTERN, lengthOf, TEXT_LIMITS } from '../core/limits.ts';
import { shanghaiText } from '../core/time.ts';
import { makeApiKey, readScopes, revokeApiKey } from '../flows/manage-api-keys.ts';
import { listApiKeys } from '../store/api-keys.ts';
import type { Db } from '../store/database.ts';
import { findAnyMerchant, listMerchants } from '../store/merchants.ts';
import { asOperator } from './as-operator.ts';
import { CommandError, printRows, type CommandContext, type FileContext } from './context.ts';

type KeyContext = CommandContext & Pick<FileContext, 'random'>;

type CreateOptions = { merchant?: string; scopes: readonly Scope[]; json?: boolean };

export function addApiKeyCommands(program: Command, context: KeyContext): void {
  const apiKey = program.command('api-key').description('keys of the v2 API');
  apiKey
    .command('create <name>')
    .description(
      'make a key and print it, once; all scopes and all merchants unless told otherwise',
    )
    .option('--merchant <no>', 'for this merchant alone (cpiNo, or its shop number)')
    .option('--scopes <list>', `of ${SCOPES.join()}`, scopesOf, readScopes('all'))
    .option('--json', 'print JSON')
    .action((name: string, options: CreateOptions) => create(context, name, options));
  apiKey
    .command('list')
    .description('all keys, newest first')
    .option('--json', 'print JSON')
    .action(async ({ json }: { json?: boolean }) => {
      printRows(context, await context.withDatabase(rowsOf), json);
    });
  apiKey
    .command('revoke <no>')
    .description('end a key at once')
    .action(async (no: string) => {
      const keyNo = no.replace(/^key_/, '');
      const change = { operation: 'revokeApiKey', target: `key_${keyNo}` };
      const revoke = async (db: Db): Promise<void> => {
        const revoked = await revokeApiKey({ ...context, db }, keyNo);
        if (revoked === undefined) throw new CommandError('No key has this number');
      };
      await context.withDatabase((db) => asOperator(context, db, change, () => revoke(db)));
      context.print(`revoked ${no}`);
    });
}

async function create(
  context: KeyContext,
  name: string,
  { merchant: reference, scopes, json }: CreateOptions,
): Promise<void> {
  if (lengthOf(name) > TEXT_LIMITS.merchantName || CONTROL_PATTERN.test(name)) {
    throw new CommandError(
      `A name has at most ${TEXT_LIMITS.merchantName} characters, none of them a control character`,
    );
  }
  const make = async (db: Db) => {
    const merchant = reference === undefined ? undefined : await findAnyMerchant(db, reference);
    if (reference !== undefined && merchant === undefined) {
      throw new CommandError('No merchant has this number');
    }
    const merchantId = merchant?.merchantId ?? null;
    const given = givenScopes(merchantId, scopes);
    return makeApiKey({ ...context, db }, { name, merchantId, scopes: given });
  };
  const change = {
    operation: 'createApiKey',
    request: { name, merchant: reference, scopes: scopes === SCOPES ? 'all' : scopes },
    made: ({ apiKey }: Awaited<ReturnType<typeof make>>) => `key_${apiKey.keyNo}`,
  };
  const made = await context.withDatabase((db) => asOperator(context, db, change, () => make(db)), {
    mayCreate: true,
  });
  const { secret } = made;
  const { keyNo: key } = made.apiKey;
  context.print(json === true ? JSON.stringify({ key, secret }) : secret);
}

function scopesOf(list: string): readonly Scope[] {
  const scopes = readScopes(list);
  if (scopes.length > 0) return scopes;
  throw new InvalidArgumentError(`It must be a list of ${SCOPES.join(', ')}.`);
}

/** All that there are is all that a merchant's key can have; what is named must be among them. */
function givenScopes(merchantId: number | null, scopes: readonly Scope[]): readonly Scope[] {
  const most = scopesFor(merchantId);
  if (scopes === SCOPES || scopes.every((scope) => most.includes(scope))) {
    return scopes === SCOPES ? most : scopes;
  }
  throw new CommandError('The scope administer is for keys of all merchants only');
}

async function rowsOf(db: Db): Promise<Record<string, string>[]> {
  const cpiNos = new Map(
    (await listMerchants(db)).map(({ merchantId, cpiNo }) => [merchantId, cpiNo]),
  );
  return (await listApiKeys(db)).map((key) => ({
    key: key.keyNo,
    begins: key.hint,
    name: key.name,
    merchant: key.merchantId === null ? 'all' : (cpiNos.get(key.merchantId) ?? ''),
    scopes: key.scopes.join(','),
    state: stateOf(key),
    used: key.lastUsedAtMs === null ? 'never' : shanghaiText(key.lastUsedAtMs),
    created: shanghaiText(key.createdAtMs),
  }));
}

function stateOf({ revokedAtMs }: ApiKey): string {
  return revokedAtMs === null ? 'active' : `revoked ${shanghaiText(revokedAtMs)}`;
}
