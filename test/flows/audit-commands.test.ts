/**
 * What commands change, and `f2f audit`: who ran them is in the log before they do anything; the list shows it, and the check
 * finds what was changed by somebody who went past the gateway, and tells where.
 */
import { Command } from 'commander';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { addApiKeyCommands } from '../../src/cli/api-key.ts';
import { addAuditCommands } from '../../src/cli/audit.ts';
import { CommandError, type CommandContext } from '../../src/cli/context.ts';
import { addDongleCommands } from '../../src/cli/dongle.ts';
import { addIncidentCommands } from '../../src/cli/incident.ts';
import { addUserCommands } from '../../src/cli/user.ts';
import { addMerchantCommands } from '../../src/cli/merchant.ts';
import type { AuditView } from '../../src/flows/audit-view.ts';
import { runRaw, unlockAuditLog } from '../../src/store/store.fixtures.ts';
import { createWorld, type World } from '../support/world.ts';

let world: World;
beforeEach(async () => {
  world = await createWorld();
});
afterEach(() => world.close());

type Ran = { readonly lines: readonly string[]; readonly refused: string | undefined };

/** Runs `f2f …` on the world's database as the account `root`. */
async function f2f(words: readonly string[], osUser: string | undefined = 'root'): Promise<Ran> {
  const lines: string[] = [];
  const context: CommandContext & { showProgress: () => void } = {
    clock: world.clock,
    osUser,
    withDatabase: (work) => work(world.db),
    print: (line) => lines.push(line),
    showProgress: () => undefined,
  };
  const program = new Command('f2f');
  addDongleCommands(program, context);
  addMerchantCommands(program, context);
  addIncidentCommands(program, context);
  addApiKeyCommands(program, { ...context, random: world.deps.random });
  addUserCommands(program, {
    ...context,
    random: world.deps.random,
    publicUrl: () => undefined,
  });
  addAuditCommands(program, context);
  for (const command of [
    program,
    ...program.commands,
    ...program.commands.flatMap((one) => one.commands),
  ])
    command.exitOverride().configureOutput({ writeErr: () => undefined });
  try {
    await program.parseAsync([...words], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    return { lines, refused: error.message };
  }
  return { lines, refused: undefined };
}

const listed = async (...options: string[]): Promise<readonly AuditView[]> =>
  JSON.parse((await f2f(['audit', 'list', '--json', ...options])).lines.join('\n'));

const DONGLE = 'B'.repeat(32);
const asRoot = { kind: 'operator_cli', id: 'operator_cli', name: 'root' };

describe('what a command changes', () => {
  test.each<[string, string[], Partial<AuditView>]>([
    [
      'merchant grant',
      ['DL0001', DONGLE],
      { operation: 'addDongleMerchant', target: DONGLE, request: { merchant: 'DL0001' } },
    ],
    ['dongle reopen', [DONGLE], { operation: 'reopenDongle', target: DONGLE }],
    ['dongle revoke', [DONGLE], { operation: 'revokeDongle', target: DONGLE }],
    [
      'api-key revoke',
      ['0000000000000001'],
      { operation: 'revokeApiKey', target: 'key_0000000000000001' },
    ],
    [
      'incident resolve',
      ['1', '--by', 'Mei', '--note', 'gave cash'],
      { operation: 'resolveIncident', target: 'inc_1', request: { by: 'Mei', note: 'gave cash' } },
    ],
  ])('%s', async (command, options, entry) => {
    const words = [...command.split(' '), ...options];
    expect((await f2f(words)).refused).toBeDefined();
    expect((await listed())[0]).toMatchObject({
      ...entry,
      actor: asRoot,
      outcome: { status: 400, code: 'command_refused' },
    });
    await prepare();
    expect((await f2f(words)).refused).toBeUndefined();
    expect((await listed())[0]).toMatchObject({
      ...entry,
      actor: asRoot,
      address: null,
      outcome: { status: 200, code: null },
    });
  });

  test('dongle register', async () => {
    await f2f(['dongle', 'register', DONGLE]);
    const said = { operation: 'createDongle', target: DONGLE, actor: asRoot };
    expect((await listed())[0]).toMatchObject({ ...said, outcome: { status: 200 } });
    await f2f(['dongle', 'register', DONGLE]);
    expect((await listed())[0]).toMatchObject({ ...said, outcome: { status: 400 } });
  });

  /** What the commands are about. */
  async function prepare(): Promise<void> {
    await f2f(['dongle', 'register', DONGLE]);
    await world.db
      .insertInto('api_key')
      .values({
        key_no: '0000000000000001',
        key_hash: 'h',
        hint: '',
        name: 'till',
        merchant_id: null,
        scopes: '[]',
        created_at_ms: 1,
        last_used_at_ms: null,
        revoked_at_ms: null,
        version: 1,
      })
      .execute();
    await openIncident();
  }

  /** A payment, and something about it that a person must look into. */
  async function openIncident(): Promise<void> {
    world.loseNotifications(Infinity);
    const charge = {
      cpiNo: 'DL0001',
      localNo: '1',
      totalAmount: '1.00',
      authCode: '280851932108279999',
      subject: 'Tea',
    };
    const { re } = await world.ask('/f2f/hb_barcode', charge);
    const paymentNo = String(re['out_trade_no']);
    await world.db
      .insertInto('incident')
      .values({
        merchant_id: 1,
        incident_no: 1,
        payment_no: paymentNo,
        request_no: null,
        reason: 'late_payment',
        state: 'open',
        opened_at_ms: 1,
        last_seen_at_ms: 1,
        seen_count: 1,
        resolved_at_ms: null,
        resolved_by: null,
        note: null,
        version: 1,
      })
      .execute();
  }

  test('a key that is made: its number, and not its secret', async () => {
    const { lines } = await f2f([
      'api-key',
      'create',
      'Till 1',
      '--scopes',
      'read,charge',
      '--json',
    ]);
    const { key, secret } = JSON.parse(lines.join('')) as { key: string; secret: string };
    expect((await listed())[0]).toMatchObject({
      operation: 'createApiKey',
      target: `key_${key}`,
      request: { name: 'Till 1', scopes: ['read', 'charge'] },
      outcome: { status: 200, code: null },
    });
    expect(
      JSON.stringify(await world.db.selectFrom('audit_entry').selectAll().execute()),
    ).not.toContain(secret);
  });

  test('people: each step by the id of the user, refused or done', async () => {
    const isDone = async (...words: string[]): Promise<boolean> =>
      (await f2f(['user', ...words])).refused === undefined;
    expect(await isDone('add', 'mei', '--role', 'administrator')).toBe(true);
    const [added] = await listed();
    expect(added).toMatchObject({
      operation: 'createUser',
      target: expect.stringMatching(/^user_[0-9a-f]+$/),
      request: { name: 'mei', role: 'administrator' },
      actor: asRoot,
    });
    expect(await isDone('add', 'mei', '--role', 'clerk')).toBe(false);
    expect((await listed())[0]?.outcome?.code).toBe('command_refused');
    for (const [command, operation] of [
      ['link', 'createUserLink'],
      ['suspend', 'suspendUser'],
      ['resume', 'resumeUser'],
      ['reset-totp', 'resetUserTotp'],
    ] as const) {
      const done = await isDone(command, 'mei');
      expect((await listed())[0]).toMatchObject({
        operation,
        actor: asRoot,
        request: { name: 'mei' },
        target: done ? added?.target : null,
        outcome: { status: done ? 200 : 400 },
      });
    }
    const [line] = (await f2f(['user', 'link', 'mei'])).lines;
    const token = line?.split('#')[1] ?? '';
    expect(token.length).toBeGreaterThan(20);
    const rows = await world.db.selectFrom('audit_entry').selectAll().execute();
    expect(JSON.stringify(rows)).not.toContain(token);
  });

  test('by an account without a name', async () => {
    await f2f(['dongle', 'register', DONGLE], '');
    expect((await listed())[0]?.actor).toEqual({ ...asRoot, name: '' });
  });

  test('is not changed when the log cannot be written', async () => {
    await runRaw(
      world.db,
      "create trigger full before insert on audit_entry begin select raise(abort, 'full'); end",
    );
    await expect(f2f(['dongle', 'register', DONGLE])).rejects.toThrow('full');
    const dongles = await world.db.selectFrom('dongle').select('dongle_no').execute();
    expect(dongles).not.toContainEqual({ dongle_no: DONGLE });
  });
});

describe('f2f audit list', () => {
  test('for people: a line each, newest first', async () => {
    await f2f(['dongle', 'register', DONGLE]);
    await f2f(['dongle', 'register', DONGLE]);
    const { lines } = await f2f(['audit', 'list']);
    expect(lines.map((line) => line.split(/\s{2,}/))).toEqual([
      ['no', 'at', 'who', 'operation', 'target', 'outcome', 'from'],
      [
        '3',
        '2026-11-23 12:00:00',
        'root (operator_cli)',
        'createDongle',
        DONGLE,
        'command_refused',
        '-',
      ],
      ['1', '2026-11-23 12:00:00', 'root (operator_cli)', 'createDongle', DONGLE, '200', '-'],
    ]);
    expect((await f2f(['audit', 'list', '--limit', '1'])).lines.at(-1)).toBe(
      'There are more: --limit 2',
    );
  });

  test('of somebody, of an operation, of a target, since a time', async () => {
    await f2f(['dongle', 'register', DONGLE]);
    await world.clock.advance(3_600_000);
    await f2f(['dongle', 'revoke', DONGLE]);
    const operations = async (...options: string[]) =>
      (await listed(...options)).map(({ operation }) => operation);
    expect(await operations('--actor', 'operator_cli')).toEqual(['revokeDongle', 'createDongle']);
    expect(await operations('--actor', 'nobody')).toEqual([]);
    expect(await operations('--operation', 'createDongle')).toEqual(['createDongle']);
    expect(await operations('--target', DONGLE)).toHaveLength(2);
    for (const [since, expected] of [
      ['30m', 1],
      ['2h', 2],
      ['1d', 2],
      ['2026-11-23', 2],
      ['2026-11-24', 0],
      ['2026-11-23T12:30:00+08:00', 1],
    ] as const) {
      expect([since, await operations('--since', since)]).toEqual([
        since,
        expect.objectContaining({ length: expected }),
      ]);
    }
    expect((await f2f(['audit', 'list', '--since', 'soon'])).refused).toMatch(/^--since must be/);
  });
});

describe('f2f audit verify', () => {
  test('a log that holds, with a head to note; and that head later', async () => {
    expect((await f2f(['audit', 'verify'])).lines).toEqual(['The log is empty']);
    await f2f(['dongle', 'register', DONGLE]);
    const { lines, refused } = await f2f(['audit', 'verify']);
    expect(refused).toBeUndefined();
    expect(lines[0]).toBe('All entries hold: 1 to 2');
    const head = lines[1]?.replace('head ', '') ?? '';
    expect(head).toMatch(/^2:[0-9a-f]{64}$/);
    await f2f(['dongle', 'revoke', DONGLE]);
    expect((await f2f(['audit', 'verify', '--head', head])).lines[0]).toBe(
      'All entries hold: 1 to 4',
    );
    const json = await f2f(['audit', 'verify', '--json']);
    expect(JSON.parse(json.lines.join(''))).toEqual({
      held: 4,
      head: expect.stringMatching(/^4:/),
      fault: null,
    });
    const other = await f2f(['audit', 'verify', '--head', `2:${'0'.repeat(64)}`]);
    expect(other.refused).toBe('Entry 2 does not hold: its hash is not the one that was noted');
  });

  test('an entry that was changed: which, and what of it; and a log that was cut', async () => {
    await f2f(['dongle', 'register', DONGLE]);
    await f2f(['dongle', 'revoke', DONGLE]);
    const head = (await f2f(['audit', 'verify'])).lines[1]?.replace('head ', '') ?? '';
    await unlockAuditLog(world.db);
    await runRaw(world.db, "update audit_entry set actor_name = 'mei' where number = 3");
    const changed = await f2f(['audit', 'verify']);
    expect(changed.lines).toEqual(['Entries that hold: 1 to 2']);
    expect(changed.refused).toBe(
      'Entry 3 does not hold: its hash is not that of its fields: one of them, or the hash, was changed',
    );
    await runRaw(world.db, 'delete from audit_entry where number > 2');
    expect((await f2f(['audit', 'verify'])).refused).toBe(
      'Entry 3 does not hold: it is missing: the log was cut at its end, audit_head notes one with the number 4',
    );
    const two = await world.db
      .selectFrom('audit_entry')
      .select('hash')
      .where('number', '=', 2)
      .executeTakeFirstOrThrow();
    await world.db.updateTable('audit_head').set({ number: 2, hash: two.hash }).execute();
    expect((await f2f(['audit', 'verify'])).refused).toBeUndefined();
    expect((await f2f(['audit', 'verify', '--head', head])).refused).toBe(
      'Entry 3 does not hold: it is missing: the log was cut at its end, a head was noted with the number 4',
    );
  });
});
