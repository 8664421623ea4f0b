/** Passwords at rest: what is right is found so, whatever it was hashed with, and what is nobody's takes as long. */
import { describe, expect, test } from 'vitest';
import { createPasswords, type HashCost } from './passwords.ts';

/** Small, so that the tests are quick. */
const CHEAP: HashCost = { memory: 64, passes: 2, parallelism: 1 };
const passwords = createPasswords(CHEAP);

test('a hash says how it was made, and no two are the same', async () => {
  const [one, other] = await Promise.all([passwords.hash('tea'), passwords.hash('tea')]);
  expect(one).toMatch(/^\$argon2id\$v=19\$m=64,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
  expect(one).not.toBe(other);
});

test('without other numbers, those of OWASP', async () => {
  expect(await createPasswords().hash('tea')).toContain('$m=19456,t=2,p=1$');
});

test('the password is right, and no other', async () => {
  const stored = await passwords.hash('tea at the lake');
  expect(await passwords.verify('tea at the lake', stored)).toEqual({
    isRight: true,
    isOutdated: false,
  });
  for (const other of ['tea at the lakE', 'tea at the lake ', '', 'x'.repeat(256)]) {
    expect((await passwords.verify(other, stored)).isRight).toBe(false);
  }
});

test('a character is the same in both ways to write it', async () => {
  const stored = await passwords.hash('caf\u00e9 at the lake');
  expect((await passwords.verify('cafe\u0301 at the lake', stored)).isRight).toBe(true);
});

test("the reference program's hash is understood, and told to be of other numbers", async () => {
  // https://github.com/P-H-C/phc-winner-argon2/blob/master/src/test.c
  const stored =
    '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc';
  expect(await passwords.verify('password', stored)).toEqual({ isRight: true, isOutdated: true });
  expect((await passwords.verify('passwort', stored)).isRight).toBe(false);
});

test('what was not written here is no password', async () => {
  await expect(passwords.verify('tea', 'plain')).rejects.toThrow('known format');
});

describe('work', () => {
  /** Hashing that ends when the test says so. */
  function heldWork() {
    const costs: HashCost[] = [];
    const ends: (() => void)[] = [];
    const derive = (_password: string, _salt: Buffer, cost: HashCost, bytes: number) =>
      new Promise<Buffer>((resolve) => {
        costs.push(cost);
        ends.push(() => resolve(Buffer.alloc(bytes)));
      });
    return { costs, ends, held: createPasswords(CHEAP, derive) };
  }
  const settle = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

  test('is done for nobody as for somebody, and is never right', async () => {
    const { costs, ends, held } = heldWork();
    const verdict = held.verify('tea', null);
    await settle();
    expect(costs).toEqual([CHEAP]);
    ends[0]?.();
    // What is made of a held work is all zeros, as is what it is compared with.
    expect(await verdict).toEqual({ isRight: false, isOutdated: false });
  });

  test('is two at once at most, and the others come in their turn', async () => {
    const { costs, ends, held } = heldWork();
    const hashes = Array.from({ length: 5 }, () => held.hash('tea'));
    await settle();
    expect(costs).toHaveLength(2);
    ends[0]?.();
    await hashes[0];
    await settle();
    expect(costs).toHaveLength(3);
    for (let next = 1; next < 5; next += 1) {
      ends[next]?.();
      await settle();
    }
    expect(await Promise.all(hashes)).toHaveLength(5);
  });

  test('that fails leaves its place to the next', async () => {
    let works = 0;
    const broken = createPasswords(CHEAP, async () => {
      works += 1;
      throw new Error('no memory');
    });
    for (let time = 0; time < 5; time += 1) {
      await expect(broken.hash('tea')).rejects.toThrow('no memory');
    }
    expect(works).toBe(5);
  });
});
