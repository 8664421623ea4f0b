/**
 * What is looked at is told as it is, and nothing comes into being by looking. Permissions that root is above are asked of
 * bits, not of tries.
 */
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { realPlaces } from './places.ts';

const folder = mkdtempSync(join(tmpdir(), 'f2f-places-'));
const file = join(folder, 'file');
afterAll(() => rmSync(folder, { recursive: true }));
writeFileSync(file, 'hello');

test('a file and a folder, with their modes', () => {
  chmodSync(file, 0o640);
  expect(realPlaces.look(file)).toStrictEqual({
    kind: 'file',
    mode: 0o640,
    bytes: 5,
    isReadable: true,
    isWritable: true,
  });
  const below = join(folder, 'below');
  mkdirSync(below, { mode: 0o700 });
  expect(realPlaces.look(below)).toMatchObject({ kind: 'folder', mode: 0o700 });
  expect(realPlaces.look('/dev/null')).toMatchObject({ kind: 'other' });
});

test('what is not there is missing; what is behind a file cannot be looked at', () => {
  expect(realPlaces.look(join(folder, 'none'))).toStrictEqual({ kind: 'missing' });
  expect(realPlaces.look(join(file, 'below'))).toStrictEqual({ kind: 'hidden', why: 'ENOTDIR' });
});

test('the beginning of a file is read', () => {
  const textOf = (bytesMax: number): string => {
    const read = realPlaces.read(file, bytesMax);
    return read.ok ? Buffer.from(read.bytes).toString() : read.why;
  };
  expect(textOf(99)).toBe('hello');
  expect(textOf(2)).toBe('he');
  expect(realPlaces.read(join(folder, 'none'), 9)).toStrictEqual({ ok: false, why: 'ENOENT' });
});

test('the room on the disk of a folder, also of one that is not there yet', () => {
  const free = realPlaces.freeBytes(folder) ?? 0;
  expect(free).toBeGreaterThan(0);
  const none = join(folder, 'none', 'deeper');
  expect(realPlaces.freeBytes(none)).toBeGreaterThan(0);
  expect(existsSync(join(folder, 'none'))).toBe(false);
});
