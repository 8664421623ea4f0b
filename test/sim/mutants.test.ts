/** Each planted mistake still fits the gateway as it is: one that fits nowhere would live unseen until they are run. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { MUTANTS } from './mutants.ts';
import { REGRESSIONS } from './regressions.ts';

test.each(MUTANTS.map((mutant) => [mutant.name, mutant] as const))('%s', (_name, mutant) => {
  for (const { file, find, replace } of [mutant, ...(mutant.also ?? [])]) {
    const text = readFileSync(join(import.meta.dirname, '../..', file), 'utf8');
    expect(text.split(find)).toHaveLength(2);
    expect(replace).not.toBe(find);
  }
});

test('each seed that is kept is of a planted mistake', () => {
  const names = MUTANTS.map(({ name }) => name);
  expect(REGRESSIONS.map(({ mistake }) => mistake).filter((name) => !names.includes(name))).toEqual(
    [],
  );
});
