/** A gun told from a person by the pace of the keys. */
import { expect, test } from 'vitest';
import {
  characterOf,
  codeIn,
  endedRun,
  isPaymentCode,
  NO_RUN,
  typedRun,
  type Heard,
} from './scan.ts';

const CODE = '280851932108279999';
const GUN_MS = 8;
const HAND_MS = 150;

/** Types each text at its pace, the next one after a pause, and Enter at the pace of the last. */
function typing(
  ...texts: readonly (readonly [text: string, everyMs: number])[]
): Heard | undefined {
  let [atMs, run] = [1000, NO_RUN];
  let paceMs = 0;
  for (const [text, everyMs] of texts) {
    atMs += 400;
    for (const character of text) {
      run = typedRun(run, character, atMs);
      atMs += everyMs;
    }
    paceMs = everyMs;
  }
  return endedRun(run, atMs - paceMs + Math.max(paceMs, GUN_MS));
}

test('a code of a gun is a code', () => {
  expect(typing([CODE, GUN_MS])).toMatchObject({ kind: 'code', code: CODE });
});

test('an amount that was typed just before does not become part of it', () => {
  // Together they would be a code as well: 25, and eighteen digits.
  expect(isPaymentCode(`25${CODE}`)).toBe(true);
  expect(typing(['25', HAND_MS], [CODE, GUN_MS])).toMatchObject({ kind: 'code', code: CODE });
});

test('a gun that stumbles is a gun, and what was typed before it still is not its own', () => {
  const parts = [
    ['25', HAND_MS],
    [CODE.slice(0, 7), GUN_MS],
    [CODE.slice(7), GUN_MS],
  ] as const;
  expect(typing(...parts)).toStrictEqual({ kind: 'code', code: CODE, partCount: 2 });
  const later = typedRun({ parts: [CODE.slice(0, 7)], lastAtMs: 1000 }, '9', 2001);
  expect(later.parts).toStrictEqual(['9']);
});

test('what goods have on them is no payment code', () => {
  expect(typing(['6901234567892', GUN_MS])).toMatchObject({ kind: 'other' });
  expect(typing([`31${CODE.slice(2)}`, GUN_MS])).toMatchObject({ kind: 'other' });
});

test('a person who types is no gun, and Enter long after a gun is a person’s', () => {
  expect(typing(['88.00', HAND_MS])).toBeUndefined();
  expect(typing([CODE, HAND_MS])).toBeUndefined();
  expect(endedRun({ parts: [CODE], lastAtMs: 1000 }, 1600)).toBeUndefined();
  expect(endedRun({ parts: [CODE], lastAtMs: 1000 }, 1450)).toMatchObject({
    kind: 'code',
    code: CODE,
  });
  expect(endedRun(NO_RUN, 1000)).toBeUndefined();
});

test.each([
  ['2'.padEnd(16, '5'), true],
  ['25'.padEnd(15, '0'), false],
  ['30'.padEnd(24, '0'), true],
  ['30'.padEnd(25, '0'), false],
  ['24'.padEnd(18, '0'), false],
  ['31'.padEnd(18, '0'), false],
  ['28085193210827999x', false],
])('%s', (code, isCode) => {
  expect(isPaymentCode(code)).toBe(isCode);
});

test('copied with blanks or in full width it is the same code', () => {
  expect(codeIn(' 2808 5193-2108 279999\n')).toBe(CODE);
  expect(codeIn('２８０８５１９３２１０８２７９９９９')).toBe(CODE);
  expect(codeIn('88.00')).toBeUndefined();
});

test('an input method that swallows the key still tells which one it was', () => {
  expect(characterOf({ key: 'Process', code: 'Digit2' })).toBe('2');
  expect(characterOf({ key: 'Process', code: 'Numpad0' })).toBe('0');
  expect(characterOf({ key: 'Process', code: 'KeyA' })).toBe('');
  expect(characterOf({ key: '８', code: '' })).toBe('8');
  expect(characterOf({ key: 'Shift', code: 'ShiftLeft' })).toBe('');
});
