/**
 * What two nodes, or a node and an operator, may do at the same time to shops, dongles, tokens and incidents, forced as in
 * `interleavings.test.ts`. Goal: each call is answered as if it had been alone, after or before the other.
 */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { addMerchant } from '../../src/flows/add-merchant.ts';
import { enrolDongle } from '../../src/flows/enrol-dongle.ts';
import { authenticate, issueToken } from '../../src/flows/issue-token.ts';
import { registerDongle, reopenDongle, revokeDongle } from '../../src/flows/manage-dongles.ts';
import { resolveIncident } from '../../src/flows/resolve-incident.ts';
import { findApp } from '../../src/store/apps.ts';
import { findDongle } from '../../src/store/dongles.ts';
import { inTransaction } from '../../src/store/database.ts';
import { seeConcern } from '../../src/store/incidents.ts';
import { createStage, DONGLE, sell, SHOP, type Stage } from './stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await createStage();
});
afterEach(() => stage.close());

describe('shops added at both nodes at once', () => {
  test('under one number: one is added, the other is told that it is taken', async () => {
    const { a, b } = stage;
    const shop = { ...SHOP, shopNo: 'DL0002' };
    const held = a.hold(/^insert into "merchant" /, 'after');
    const first = addMerchant(a.deps, DONGLE, shop);
    await held.reached;
    const second = addMerchant(b.deps, DONGLE, shop);
    await stage.someoneWaits();
    held.letGo();
    expect(await first).toMatchObject({ kind: 'added' });
    expect(await second).toStrictEqual({ kind: 'shop_no_taken' });
  });

  test('under one number, the first caught before it stores the shop', async () => {
    const { a, b } = stage;
    const shop = { ...SHOP, shopNo: 'DL0002' };
    // Its numbers are taken last, and whoever takes them makes the other wait.
    const held = a.hold(/^insert into "counter" .*returning/);
    const first = addMerchant(a.deps, DONGLE, shop);
    await held.reached;
    const second = await addMerchant(b.deps, DONGLE, shop);
    held.letGo();
    expect(second).toMatchObject({ kind: 'added' });
    expect(await first).toStrictEqual({ kind: 'shop_no_taken' });
  });

  test('of one new app: both tell the key that is stored', async () => {
    const { a, b } = stage;
    const appId = '2016022901179999';
    const held = a.hold(/^insert into "alipay_app" /, 'after');
    const first = addMerchant(a.deps, DONGLE, { ...SHOP, appId, shopNo: 'DL0002' });
    await held.reached;
    const second = addMerchant(b.deps, DONGLE, { ...SHOP, appId, shopNo: 'DL0003' });
    await stage.someoneWaits();
    held.letGo();
    const results = [await first, await second];
    const keyId = (await findApp(a.db, DONGLE, appId))?.keyId;
    for (const result of results) {
      expect(result).toMatchObject({ kind: 'added', view: { app: { keyId }, key: { keyId } } });
    }
  });
});

describe('a dongle', () => {
  const OTHER = 'D'.repeat(32);

  test('that is revoked while it gets a token has none', async () => {
    const { a, b } = stage;
    const enrolled = await enrolDongle(a.deps, OTHER);
    const secretKey = enrolled.kind === 'issued' ? enrolled.secretKey : '';
    const held = a.hold(/from "dongle"/, 'after');
    const issued = issueToken(a.deps, OTHER, secretKey);
    await held.reached;
    const revoked = revokeDongle(b.deps, OTHER);
    // It may wait for the token, or come first: then there must be none.
    await Promise.race([stage.someoneWaits(), revoked]);
    held.letGo();
    const token = (await issued)?.token ?? '';
    expect(await revoked).toBe(true);
    expect(await authenticate(b.deps, token)).toBeUndefined();
  });

  test('that asks for a token while it is revoked gets none', async () => {
    const { a, b } = stage;
    const enrolled = await enrolDongle(a.deps, OTHER);
    const secretKey = enrolled.kind === 'issued' ? enrolled.secretKey : '';
    const held = b.hold(/^update "dongle"/, 'after');
    const revoked = revokeDongle(b.deps, OTHER);
    await held.reached;
    const issued = issueToken(a.deps, OTHER, secretKey);
    await stage.someoneWaits();
    held.letGo();
    await revoked;
    expect(await issued).toBeUndefined();
  });

  test('that enrols while an operator registers it is registered', async () => {
    const { a, b } = stage;
    const held = a.hold(/from "dongle"/, 'after');
    const registered = registerDongle(a.deps, OTHER);
    await held.reached;
    await enrolDongle(b.deps, OTHER);
    held.letGo();
    expect(await registered).toBe(true);
    expect(await findDongle(b.db, OTHER)).toMatchObject({ isRegistered: true });
  });

  test('that enrols while an operator opens its enrolment again', async () => {
    const { a, b } = stage;
    await enrolDongle(a.deps, OTHER);
    const held = a.hold(/^update "dongle"/);
    const reopened = reopenDongle(a.deps, OTHER);
    await held.reached;
    const enrolled = await enrolDongle(b.deps, OTHER);
    held.letGo();
    expect(await reopened).toBe(true);
    expect(await findDongle(b.db, OTHER)).toMatchObject({ state: 'registered' });
    // The key that it got meanwhile is its key.
    const secretKey = enrolled.kind === 'issued' ? enrolled.secretKey : '';
    expect(await issueToken(b.deps, OTHER, secretKey)).toBeDefined();
  });

  test('that enrols at both nodes gets two keys, and the later one counts', async () => {
    const { a, b } = stage;
    const held = a.hold(/^insert into "dongle"/, 'after');
    const first = enrolDongle(a.deps, OTHER);
    await held.reached;
    const second = enrolDongle(b.deps, OTHER);
    await stage.someoneWaits();
    held.letGo();
    const [early, late] = [await first, await second];
    expect([early, late]).toMatchObject([{ secretId: 1 }, { secretId: 2 }]);
    const keyOf = (result: typeof late): string =>
      result.kind === 'issued' ? result.secretKey : '';
    expect(await issueToken(b.deps, OTHER, keyOf(early))).toBeUndefined();
    expect(await issueToken(b.deps, OTHER, keyOf(late))).toBeDefined();
  });
});

test('two people who resolve one incident at once: one does, the other is told who did', async () => {
  const { a, b, merchant } = stage;
  const key = { merchantId: merchant.merchantId, paymentNo: await sell(stage) };
  const concern = { reason: 'late_payment', requestNo: null } as const;
  const incidentNo = await inTransaction(a.db, (tx) => seeConcern(tx, key, concern, 1000));
  const held = a.hold(/from "incident"/, 'after');
  const first = resolveIncident(a.deps, incidentNo, { by: 'Ann', note: 'paid back' });
  await held.reached;
  const second = await resolveIncident(b.deps, incidentNo, { by: 'Bo', note: 'called the guest' });
  held.letGo();
  expect(second).toMatchObject({ kind: 'resolved' });
  expect(await first).toMatchObject({ kind: 'already', incident: { resolvedBy: 'Bo' } });
});
