/** An operator's commands on a dongle that enrolled by itself while enrolment was open, now under the allow-list. */
import { afterEach, expect, test } from 'vitest';
import { enrolDongle } from '../../src/flows/enrol-dongle.ts';
import { registerDongle, reopenDongle, revokeDongle } from '../../src/flows/manage-dongles.ts';
import { createWorld, type World } from '../support/world.ts';

let world: World;
afterEach(() => world.close());
const DOG = 'C996377230C16FEF1BA98F127C1A4570';

test('reopen says yes to a self-enrolled dongle, and the dongle is still refused', async () => {
  world = await createWorld();
  await enrolDongle(world.deps, DOG);
  const closedDeps = {
    ...world.deps,
    settings: { ...world.deps.settings, enrolment: 'allow-list' as const },
  };
  const isReopened = await reopenDongle(world.deps, DOG);
  const { kind } = await enrolDongle(closedDeps, DOG);
  expect([isReopened, kind]).not.toStrictEqual([true, 'not_registered']);
});

test('registering a revoked dongle again says "registered already", and it stays revoked', async () => {
  world = await createWorld();
  await registerDongle(world.deps, DOG);
  await revokeDongle(world.deps, DOG);
  const isRegistered = await registerDongle(world.deps, DOG);
  const { kind } = await enrolDongle(world.deps, DOG);
  expect([isRegistered, kind]).not.toStrictEqual([false, 'not_registered']);
});
