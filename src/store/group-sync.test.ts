/**
 * Who waits for the disk, for how long, and with whom. The disk is played by the test, which says when a sync ends.
 */
import { expect, test } from 'vitest';
import { createGroupSync, DiskFailed } from './group-sync.ts';

/** A disk whose syncs end when they are told to, and a group that uses it. Nobody is waited for before a sync, unless said. */
function withDisk(gather: () => Promise<void> = async () => undefined) {
  const syncs: PromiseWithResolvers<void>[] = [];
  const group = createGroupSync(() => {
    const sync = Promise.withResolvers<void>();
    syncs.push(sync);
    return sync.promise;
  }, gather);
  const turns = async (): Promise<void> => {
    for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
  };
  /** Which of the waits have ended by now. */
  const ended = async (waits: readonly Promise<void>[]): Promise<boolean[]> => {
    const flags = waits.map(() => false);
    waits.forEach((wait, index) => void wait.then(() => (flags[index] = true)));
    await turns();
    return flags;
  };
  return { group, syncs, ended, turns };
}

test('without anything written nobody waits, and the disk is left alone', async () => {
  const { group, syncs } = withDisk();
  await group.durable();
  expect(syncs).toHaveLength(0);
});

test('what was committed counts when a sync that began after it has ended', async () => {
  const { group, syncs, ended } = withDisk();
  group.wrote();
  const wait = group.durable();
  expect(await ended([wait])).toStrictEqual([false]);
  syncs[0]?.resolve();
  await wait;
  await group.durable();
  expect(syncs).toHaveLength(1);
});

test('who commits while the disk is busy waits for the next sync, all of them for the same', async () => {
  const { group, syncs, ended, turns } = withDisk();
  group.wrote();
  const first = group.durable();
  await turns();
  group.wrote();
  const second = group.durable();
  group.wrote();
  const third = group.durable();
  syncs[0]?.resolve();
  expect(await ended([first, second, third])).toStrictEqual([true, false, false]);
  await turns();
  syncs[1]?.resolve();
  await Promise.all([second, third]);
  expect(syncs).toHaveLength(2);
});

test('who commits while others are still gathered is in their sync', async () => {
  const gathered = Promise.withResolvers<void>();
  const { group, syncs, turns } = withDisk(() => gathered.promise);
  group.wrote();
  const first = group.durable();
  group.wrote();
  const second = group.durable();
  await turns();
  expect(syncs).toHaveLength(0);
  gathered.resolve();
  await turns();
  syncs[0]?.resolve();
  await Promise.all([first, second]);
  expect(syncs).toHaveLength(1);
});

test('after a sync that failed nothing is called durable any more', async () => {
  const { group, syncs, turns } = withDisk();
  group.wrote();
  const wait = group.durable();
  await turns();
  syncs[0]?.reject(new Error('EIO'));
  await expect(wait).rejects.toThrow(DiskFailed);
  await expect(group.durable()).rejects.toThrow('could not be brought to the disk');
  expect(() => group.check()).toThrow(DiskFailed);
  expect(syncs).toHaveLength(1);
});
