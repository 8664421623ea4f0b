/**
 * `f2f merchant …`: the shops, as an operator sees them.
 */
import type { Command } from 'commander';
import type { Merchant } from '../core/merchant.ts';
import { shanghaiText } from '../core/time.ts';
import { grantMerchant, withdrawMerchant } from '../flows/manage-dongles.ts';
import { detailsOf, viewOf } from '../flows/merchant-view.ts';
import type { Db } from '../store/database.ts';
import { findAnyMerchant, listGrants, listMerchants } from '../store/merchants.ts';
import { asOperator } from './as-operator.ts';
import { CommandError, printRows, type CommandContext } from './context.ts';

export function addMerchantCommands(program: Command, context: CommandContext): void {
  const merchant = program.command('merchant').description('shops registered with the gateway');
  merchant
    .command('list')
    .description('all shops')
    .option('--json', 'print JSON')
    .action(async ({ json }: { json?: boolean }) => {
      printRows(context, (await context.withDatabase(listMerchants)).map(rowOf), json);
    });
  merchant
    .command('show <cpiNo>')
    .description('one shop with its app and key')
    .option('--json', 'print JSON')
    .action(async (cpiNo: string, { json }: { json?: boolean }) => {
      const shown = await context.withDatabase(async (db) => {
        const found = await requireMerchant(db, cpiNo);
        const { app, key, certificates } = await detailsOf({ db }, await viewOf({ db }, found));
        return {
          ...rowOf(found),
          signType: app.signType,
          publicKey: key.publicKey,
          alipayPublicKey: app.alipayPublicKey,
          appCertificateEnds: timeOf(certificates?.appExpiresAtMs),
          alipayCertificateEnds: timeOf(certificates?.alipayExpiresAtMs),
          grants: await listGrants(db, found.merchantId),
        };
      });
      const fields = Object.entries(shown).map(([field, value]) => ({ field, value }));
      if (json === true) context.print(JSON.stringify(shown, undefined, 2));
      else printRows(context, fields, false);
    });
  merchant
    .command('grant <cpiNo> <dongleNo>')
    .description('let another dongle use a shop')
    .action(async (cpiNo: string, dongleNo: string) => {
      const grant = async (db: Db): Promise<void> => {
        const found = await requireMerchant(db, cpiNo);
        if (await grantMerchant({ ...context, db }, found, dongleNo)) return;
        throw new CommandError('No dongle has this number; register it first');
      };
      const change = {
        operation: 'addDongleMerchant',
        target: dongleNo,
        request: { merchant: cpiNo },
      };
      await context.withDatabase((db) => asOperator(context, db, change, () => grant(db)));
      context.print(`${dongleNo} may use ${cpiNo}`);
    });
  merchant
    .command('ungrant <cpiNo> <dongleNo>')
    .description('take that back')
    .action(async (cpiNo: string, dongleNo: string) => {
      const withdraw = async (db: Db): Promise<void> => {
        const found = await requireMerchant(db, cpiNo);
        if (await withdrawMerchant({ db }, found, dongleNo)) return;
        throw new CommandError('This shop was not granted to a dongle of this number');
      };
      const change = {
        operation: 'removeDongleMerchant',
        target: dongleNo,
        request: { merchant: cpiNo },
      };
      await context.withDatabase((db) => asOperator(context, db, change, () => withdraw(db)));
      context.print(`${dongleNo} may not use ${cpiNo} any more`);
    });
}

async function requireMerchant(db: Db, cpiNo: string): Promise<Merchant> {
  const merchant = await findAnyMerchant(db, cpiNo);
  if (merchant === undefined) throw new CommandError(`No shop has the number ${cpiNo}`);
  return merchant;
}

function rowOf(merchant: Merchant) {
  return {
    cpiNo: merchant.cpiNo,
    shop: merchant.shopNo,
    storeNo: merchant.storeNo,
    appId: merchant.appId,
    pid: merchant.sellerId,
    owner: merchant.owner,
    name: merchant.name,
    state: merchant.state,
    created: shanghaiText(merchant.createdAtMs),
  };
}

/** Null for an app with bare keys. */
function timeOf(atMs: number | undefined): string | null {
  return atMs === undefined ? null : shanghaiText(atMs);
}
