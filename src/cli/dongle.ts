/**
 * `f2f dongle …`: the credential holders of the v1 API.
 */
import type { Command } from 'commander';
import { shanghaiText } from '../core/time.ts';
import { isDongleNo, registerDongle, reopenDongle, revokeDongle } from '../flows/manage-dongles.ts';
import type { Db } from '../store/database.ts';
import { listDongles } from '../store/dongles.ts';
import { asOperator } from './as-operator.ts';
import { CommandError, printRows, type CommandContext } from './context.ts';

export function addDongleCommands(program: Command, context: CommandContext): void {
  const dongle = program.command('dongle').description('credential holders (加密狗) of the v1 API');
  dongle
    .command('register <no>')
    .description('let a dongle ask for its secret key (allow-list enrolment)')
    .action(async (no: string) => {
      if (!isDongleNo(no)) {
        throw new CommandError(
          'A dongle number has 32 characters, none of them a control character',
        );
      }
      const register = async (db: Db): Promise<void> => {
        const isNew = await registerDongle({ ...context, db }, no);
        if (!isNew) throw new CommandError('This dongle is registered already');
      };
      await change(context, 'createDongle', no, register, { mayCreate: true });
      context.print(`registered ${no}`);
    });
  dongle
    .command('list')
    .description('all dongles, oldest first')
    .option('--json', 'print JSON')
    .action(async ({ json }: { json?: boolean }) => {
      const dongles = await context.withDatabase(listDongles);
      const rows = dongles.map(({ dongleNo, state, createdAtMs }) => ({
        dongle: dongleNo,
        state,
        created: shanghaiText(createdAtMs),
      }));
      printRows(context, rows, json);
    });
  dongle
    .command('reopen <no>')
    .description('let a dongle that lost its secret key ask for a new one')
    .action(async (no: string) => {
      await change(context, 'reopenDongle', no, async (db) =>
        requireKnown(await reopenDongle({ ...context, db }, no)),
      );
      context.print(`enrolment of ${no} is open`);
    });
  dongle
    .command('revoke <no>')
    .description('end a dongle: its key and all its tokens')
    .action(async (no: string) => {
      await change(context, 'revokeDongle', no, async (db) =>
        requireKnown(await revokeDongle({ ...context, db }, no)),
      );
      context.print(`revoked ${no}`);
    });
}

function requireKnown(isKnown: boolean): void {
  if (!isKnown) throw new CommandError('No dongle has this number');
}

function change(
  context: CommandContext,
  operation: string,
  target: string,
  work: (db: Db) => Promise<void>,
  options?: { mayCreate: true },
): Promise<void> {
  return context.withDatabase(
    (db) => asOperator(context, db, { operation, target }, () => work(db)),
    options,
  );
}
