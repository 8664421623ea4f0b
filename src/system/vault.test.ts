/**
 * Secrets at rest: what is sealed opens to the same text, and to nothing else for whoever has another key, another
 * context or an altered text. The file of the master key is readable by its owner only and made only where allowed.
 */
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createVault, MASTER_KEY_BYTES, readMasterKey } from './vault.ts';

const KEY = Buffer.alloc(MASTER_KEY_BYTES, 7);
const vault = createVault(KEY);
/** OpenSSL's words for what does not fit, and ours. */
const REFUSED = /authenticat|initialization vector|not in the known format/i;

describe('what is sealed', () => {
  test('opens to the same text, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string(), (secret, context) => {
        expect(vault.open(vault.seal(secret, context), context)).toBe(secret);
      }),
    );
  });

  test('opens in another process that has the same master key', () => {
    const other = createVault(Buffer.from(KEY));
    expect(other.open(vault.seal('secret', 'app-key:1'), 'app-key:1')).toBe('secret');
  });

  test('is never the same twice, and holds nothing of the secret', () => {
    const [one, other] = [vault.seal('secret', 'c'), vault.seal('secret', 'c')];
    expect(one).not.toBe(other);
    const parts = one.split('.');
    expect(parts[0]).toBe('v1');
    expect(Buffer.concat(parts.map((part) => Buffer.from(part, 'base64'))).includes('secret')).toBe(
      false,
    );
  });

  test.each(['app-key:2', 'app-key:', 'app-key:11', '', 'data-key:app-key:1'])(
    'does not open for %j',
    (context) => {
      const sealed = vault.seal('secret', 'app-key:1');
      expect(() => vault.open(sealed, context)).toThrow(REFUSED);
    },
  );

  test('does not open under another master key', () => {
    const other = createVault(Buffer.alloc(MASTER_KEY_BYTES, 8));
    expect(() => other.open(vault.seal('secret', 'c'), 'c')).toThrow(REFUSED);
  });

  test('does not open when any byte was altered', () => {
    const [format = '', ...parts] = vault.seal('secret', 'c').split('.');
    const buffers = parts.map((part) => Buffer.from(part, 'base64'));
    let altered = 0;
    for (const buffer of buffers) {
      for (let index = 0; index < buffer.length; index += 1) {
        buffer[index]! ^= 1;
        const text = [format, ...buffers.map((part) => part.toString('base64'))].join('.');
        expect(() => vault.open(text, 'c')).toThrow(REFUSED);
        buffer[index]! ^= 1;
        altered += 1;
      }
    }
    expect(altered).toBe(12 + 16 + 32 + 12 + 16 + 'secret'.length);
  });

  test('does not open when it was cut short anywhere', () => {
    const parts = vault.seal('secret', 'c').split('.');
    for (const part of [1, 2]) {
      const bytes = Buffer.from(parts[part]!, 'base64');
      for (let length = 0; length < bytes.length; length += 1) {
        const cut = parts.with(part, bytes.subarray(0, length).toString('base64')).join('.');
        expect(() => vault.open(cut, 'c')).toThrow(REFUSED);
      }
    }
  });

  test('does not open with the data key of another secret', () => {
    const [one, other] = [vault.seal('one', 'c').split('.'), vault.seal('other', 'c').split('.')];
    expect(() => vault.open([one[0], one[1], other[2]].join('.'), 'c')).toThrow(REFUSED);
  });

  test.each(['', 'secret', 'v1', 'v1.', 'v1.AAAA', 'v2.AAAA.AAAA', '..'])(
    '%j is no sealed secret',
    (text) => {
      expect(() => vault.open(text, 'c')).toThrow(REFUSED);
    },
  );
});

describe('a token', () => {
  test('is the same in each process that has the master key', () => {
    // HMAC-SHA256 under HKDF-SHA256 of the master key, computed once by OpenSSL's command line.
    const token = '3TKKp4pgf77b930cPz2azRg2f7kWYZCaxxPoYubfkT8';
    expect(vault.token('payment-stream:FF1')).toBe(token);
    expect(createVault(Buffer.from(KEY)).token('payment-stream:FF1')).toBe(token);
  });

  test('is another for whatever else, and under another master key', () => {
    const other = createVault(Buffer.alloc(MASTER_KEY_BYTES, 8));
    const tokens = [
      vault.token('payment-stream:FF1'),
      vault.token('payment-stream:FF2'),
      other.token('payment-stream:FF1'),
    ];
    expect(new Set(tokens).size).toBe(tokens.length);
  });
});

test.each([0, 16, 31, 33, 64])('a master key of %i bytes is refused', (bytes) => {
  expect(() => createVault(new Uint8Array(bytes))).toThrow(
    `A master key has 32 bytes, this one has ${bytes}`,
  );
});

describe('the file of the master key', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'f2f-vault-'));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });
  const modeOf = (path: string): number => statSync(path).mode & 0o777;

  test('is made where that is allowed, for its owner only, folders included', () => {
    const path = join(folder, 'deep', 'er', 'master.key');
    const key = readMasterKey(path, true);
    expect(key).toHaveLength(MASTER_KEY_BYTES);
    expect(readFileSync(path)).toStrictEqual(Buffer.from(key));
    expect(modeOf(path)).toBe(0o600);
    expect(modeOf(join(folder, 'deep'))).toBe(0o700);
    expect(modeOf(join(folder, 'deep', 'er'))).toBe(0o700);
  });

  test('is read again, and never made anew', () => {
    const path = join(folder, 'again.key');
    const key = readMasterKey(path, true);
    expect(readMasterKey(path, true)).toStrictEqual(Buffer.from(key));
    expect(readMasterKey(path, false)).toStrictEqual(Buffer.from(key));
  });

  test('is random', () => {
    const [one, other] = ['1.key', '2.key'].map((name) => readMasterKey(join(folder, name), true));
    expect(one).not.toStrictEqual(other);
  });

  test('is not made where that is not allowed', () => {
    const path = join(folder, 'absent.key');
    expect(() => readMasterKey(path, false)).toThrow(
      'The master key file (F2F_MASTER_KEY_FILE) does not exist: it must hold 32 random bytes',
    );
    expect(() => statSync(path)).toThrow('ENOENT');
  });

  test.each([0, 31, 33, 44])('of %i bytes is refused, and left as it is', (bytes) => {
    const path = join(folder, `${bytes}.key`);
    writeFileSync(path, 'k'.repeat(bytes));
    expect(() => readMasterKey(path, true)).toThrow(
      `The master key file (F2F_MASTER_KEY_FILE) must hold exactly 32 bytes; it has ${bytes}`,
    );
    expect(statSync(path).size).toBe(bytes);
  });

  test('that cannot be read is not replaced', () => {
    // A folder stands for every other reason why reading fails; the tests may run as a user who may read all files.
    expect(() => readMasterKey(folder, true)).toThrow(
      'The master key file (F2F_MASTER_KEY_FILE) cannot be read',
    );
  });
});
