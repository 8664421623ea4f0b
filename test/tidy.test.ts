/**
 * Every file of the repository against the tidy rules, and the rules against planted violations:
 * a checker that finds nothing anywhere would pass for ever.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import manifest from '../package.json' with { type: 'json' };
import { tidy, type TextFile } from '../tools/tidy.ts';
import { functionsOf, importsOf, maskSource, unfinishedChains } from '../tools/tidy-source.ts';

const ROOT = join(import.meta.dirname, '..');
const SKIPPED = /^(node_modules|\.git|data|dist|coverage|\.env.*|.*\.(log|png|ico|db))$/;

function readFiles(folder = ''): TextFile[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true })
    .filter(({ name }) => !SKIPPED.test(name))
    .flatMap((entry) => {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) return readFiles(path);
      return [{ path, text: readFileSync(join(ROOT, path), 'utf8') }];
    });
}

test('the repository is tidy', () => {
  const files = readFiles();
  expect(files.length).toBeGreaterThan(10);
  expect(tidy(files)).toStrictEqual([]);
});

const HEADER = '/** Says what it does. And what it does not. */\n';
/** What must not stand in any file is written with a bar in it here. */
const joined = (text: string): string => text.replaceAll('¦', '');
const LONG_BODY = '  step();\n'.repeat(80);
const DOOR = 'change the state through src/flows/apply-fact.ts';

describe('a planted violation is found, and the message says what to do instead', () => {
  test.each<[path: string, text: string, expected: string]>([
    [
      'src/core/a.ts',
      "import { join } from 'node:path';",
      'imports node:path, but may import: core/',
    ],
    ['src/core/a.ts', 'const wait = async () => 1;', 'async is banned here: core/ decides at once'],
    ['src/core/a.ts', "import { x } from '../store/x.ts';", 'imports src/store/x.ts'],
    [
      'src/alipay/a.ts',
      "import { now } from '../system/clock.ts';",
      'types of system/, node:crypto',
    ],
    ['src/store/a.ts', "import { decide } from '../core/payment.ts';", 'types of core/, kysely'],
    ['src/store/a.ts', "import { DatabaseSync } from 'node:sqlite';", 'imports node:sqlite'],
    ['src/store/a.ts', "import { Pool } from 'pg';", 'imports pg'],
    ['src/flows/a.ts', "import { send } from '../system/http.ts';", 'imports src/system/http.ts'],
    ['src/flows/a.ts', "export { send } from '../api/v1/x.ts';", 'imports src/api/v1/x.ts'],
    ['src/api/v1/a.ts', "import { sign } from '../../alipay/sign.ts';", 'imports src/alipay/sign'],
    ['src/api/v1/a.ts', "import { undici } from 'undici';", 'imports undici'],
    ['src/worker/a.ts', "const x = await import('../alipay/x.ts');", 'imports src/alipay/x.ts'],
    ['src/system/a.ts', "import { fen } from '../core/money.ts';", 'but may import: node: and'],
    ['src/other.ts', "import { fen } from './core/money.ts';", 'belongs to no layer'],
    ['simulator/a.ts', "import { sign } from '../src/alipay/sign.ts';", 'never imports src/'],
    ['simulator/a.test.ts', "import type { A } from '../src/a.ts';\nexpect(1);", 'never imports'],
    ['client/a.ts', "import type { A } from '../src/api/v2/views.ts';", 'other programs copy it'],
    ['client/generated/a.ts', "import { join } from 'node:path';", 'imports node:path, but may'],
    ['client/a.ts', 'const at = Date.now();', 'Date.now is banned here'],
    ['src/flows/a.ts', 'const at = Date.now();', 'Date.now is banned here: take nowMs'],
    ['src/flows/a.ts', 'const at = new Date(ms);', 'new Date is banned here'],
    ['src/flows/a.ts', 'const id = Math.random();', 'Random in system/'],
    ['src/flows/a.ts', "import { randomBytes } from 'node:crypto';", 'randomBytes is banned'],
    ['src/api/a.ts', 'setTimeout(go, 1);', 'setTimeout is banned here: wait through the clock'],
    ['src/worker/a.ts', 'setImmediate(go);', 'setImmediate is banned here'],
    ['src/alipay/a.ts', 'void fetch(url);', 'send through the http of system/'],
    ['src/cli/a.ts', 'const x = process.env.F2F_PORT;', 'read the setting from Config'],
    ['simulator/trade.ts', 'const at = Date.now();', 'Date.now is banned here'],
    ['simulator/wallet/a.tsx', "import { Table } from 'antd';", 'imports antd, but may import'],
    ['simulator/wallet/a.tsx', "import { pay } from '../control.ts';", 'imports simulator/control'],
    ['simulator/wallet/a.tsx', 'setTimeout(run, 5);', 'setTimeout is banned here'],
    ['simulator/wallet/a.tsx', "const title = '钱包';", 'is a word of the page'],
    ['src/flows/b.ts', "import { savePayment } from '../store/payments.ts';", DOOR],
    ['src/flows/b.ts', 'await savePaymentWithEvent(db, payment, nowMs, event);', DOOR],
    ['src/worker/b.ts', "await db.updateTable('payment').set(x).execute();", DOOR],
    [
      'src/store/due.ts',
      "db.updateTable('payment').from('due').set({ state: 'paid' }).execute();",
      DOOR,
    ],
    ['src/store/payments.ts', 'export const x = 1;', 'must export savePayment'],
    [
      'src/flows/b.ts',
      "import { appendEvents } from '../store/events.ts';",
      'used outside src/flows/record-change.ts',
    ],
    ['src/core/index.ts', "export { a } from './a.ts';\nexport * from './b.ts';", 'is a barrel'],
    ['src/core/utils/a.ts', 'export const a = 1;', 'folder "utils" says nothing'],
    ['test/helpers/a.ts', 'export const a = 1;', 'folder "helpers" says nothing'],
    ['src/core/a.ts', '\n'.repeat(400), 'has 401 lines, at most 400'],
    ['src/core/a.ts', `function a() {\n${LONG_BODY}}\n`, 'function of 82 lines, at most 70'],
    ['src/core/a.ts', `const a = () => {\n${LONG_BODY}};\n`, 'function of 82 lines'],
    ['src/core/a.ts', '// TO¦DO: later', 'an open task needs its issue'],
    ['src/store/a.ts', "await db.updateTable('dongle').set(x);", 'end the chain in execute'],
    ['test/a.test.ts', "test('a', () => {});", 'tests nothing: add an assertion'],
    ['docs/a.md', 'see /wo¦rk/main', 'is a path of one machine'],
    ['docs/a.md', 'it ran in bash¦_jobs', 'is a tool of the workplace'],
    ['.npmrc', 'registry=https://registry¦.example.org', "a package registry's host"],
    [
      'package.json',
      '"dependencies": { "kysely": "^0.29.9" }',
      'kysely is ^0.29.9: write one exact',
    ],
    ['package-lock.json', '"resolved": "https://host/a.tgz"', 'omit-lockfile-registry-resolved'],
    ['README.md', '# One', 'has no README.zh-CN.md'],
  ])('%s: %s', (path, text, expected) => {
    const found = tidy([{ path, text: `${HEADER}${joined(text)}` }]);
    expect(found.join('\n')).toContain(expected);
    expect(found.every((line) => /^[\w./-]+:\d+: /.test(line))).toBe(true);
  });

  test('a file without a header, or with one that says too little', () => {
    const message = 'must begin with a comment of two to five sentences on the file';
    expect(tidy([{ path: 'src/core/a.ts', text: 'export const a = 1;\n' }])).toStrictEqual([
      `src/core/a.ts:1: ${message}`,
    ]);
    expect(tidy([{ path: 'tools/a.ts', text: '/** tools */\n' }])).toStrictEqual([
      `tools/a.ts:1: ${message}`,
    ]);
    expect(tidy([{ path: 'client/a.ts', text: 'export const a = 1;\n' }])).toStrictEqual([
      `client/a.ts:1: ${message}`,
    ]);
  });

  test('READMEs that differ in a heading or a command', () => {
    const compare = (english: string, chinese: string): string[] =>
      tidy([
        { path: 'README.md', text: english },
        { path: 'README.zh-CN.md', text: chinese },
      ]);
    expect(compare('# A\n```sh\nls # x\n```\n', '# 甲\n```sh\nls # x\n```\n')).toStrictEqual([]);
    expect(compare('# A\n## B\n', '# 甲\n')[0]).toContain('headings differ');
    expect(compare('```sh\nls\n```\n', '```sh\nls -l\n```\n')[0]).toContain('code blocks differ');
  });
});

describe('what is allowed is not found', () => {
  test.each<[path: string, text: string]>([
    [
      'src/core/a.ts',
      "import { b } from './b.ts';\n// Date.now() is for others\nconst c = '?new Date';",
    ],
    ['src/alipay/a.ts', "import type { Http } from '../system/http.ts';"],
    [
      'src/alipay/a.ts',
      "import { sign } from 'node:crypto';\nimport { fen } from '../core/money.ts';",
    ],
    ['src/store/sqlite.ts', "import { DatabaseSync } from 'node:sqlite';"],
    ['src/store/postgres.ts', "import { Pool } from 'pg';"],
    [
      'src/store/due.ts',
      "db.updateTable('payment').from('due').set({ due_at_ms: leaseEndMs }).execute();",
    ],
    ['src/flows/a.ts', "import { type Http } from '../system/http.ts';\nawait deps.http.fetch(x);"],
    ['src/flows/apply-fact.ts', "import { savePayment } from '../store/payments.ts';"],
    ['src/flows/record-change.ts', "import { appendEvents } from '../store/events.ts';"],
    ['src/system/clock.ts', 'export const clock = { nowMs: () => Date.now() };'],
    ['client/a.ts', "import { b } from './generated/b.ts';"],
    ['client/system.ts', 'export const nowMs = () => Date.now();'],
    ['client/generated/a.ts', 'export type A = string;\n'.repeat(500)],
    ['src/program.ts', "import { start } from '../simulator/server.ts';\nvoid process.env;"],
    [
      'simulator/server.ts',
      "import { createServer } from 'node:http';\nsetTimeout(go, Date.now());",
    ],
    ['src/flows/a.test.ts', "import { x } from '../system/x.ts';\nexpect(Date.now()).toBe(1);"],
    ['src/store/a.ts', "const query = db.selectFrom('a').selectAll();\nawait query.execute();"],
    ['src/core/a.ts', '// TO¦DO (#12): later'],
    ['docs/a.md', 'GET https://example.com/work/1, network/root/x'],
  ])('%s: %s', (path, text) => {
    expect(tidy([{ path, text: `${HEADER}${joined(text)}\n` }])).toStrictEqual([]);
  });
});

describe('the scanner', () => {
  test.each([
    ["a('x // y') // b", "a('      ')     "],
    ['`a ${b(`c ${d}`)} e`;', '`    b(`    d `)   `;'],
    ['x = /[/"]\'/g; y', 'x =         ; y'],
    ['a / b / c', 'a / b / c'],
    ['`${{ a: 1 }.a} "`', '`  { a: 1 }.a   `'],
    ['/* a\n b */ c', '    \n      c'],
  ])('%s', (source, masked) => {
    expect(maskSource(source)).toHaveLength(source.length);
    expect(maskSource(source)).toBe(masked);
  });

  test('imports with their run-time names', () => {
    const text = [
      "import type { A } from './a.ts';",
      "import { b, type C, d as e } from './b.ts';",
      "import f, { g } from 'f';",
      "import * as h from 'h';",
      "import 'i';",
      "// import { j } from 'j';",
      "const k = await import('k');",
    ].join('\n');
    expect(importsOf(text)).toStrictEqual([
      { line: 1, from: './a.ts', values: [] },
      { line: 2, from: './b.ts', values: ['b', 'd'] },
      { line: 3, from: 'f', values: ['*', 'g'] },
      { line: 4, from: 'h', values: ['*'] },
      { line: 5, from: 'i', values: ['*'] },
      { line: 7, from: 'k', values: ['*'] },
    ]);
  });

  test('functions end where their line began', () => {
    const text =
      'export function a(\n  b: string,\n): void {\n  if (b) {\n  }\n}\nconst c = () => {\n};\n';
    expect(functionsOf(text)).toStrictEqual([
      { line: 1, lines: 6 },
      { line: 7, lines: 2 },
    ]);
  });

  test.each([
    ["db.updateTable('a').set({ b: 1 });", 1],
    ["await db\n  .selectFrom('a')\n  .where('b', '=', f(1))\n  .execute();", 0],
    ["await db\n  .selectFrom('a')\n  .where('b', '=', execute(1));", 1],
    ["const row = await db.selectFrom('a').executeTakeFirst();", 0],
    ["const query = db.selectFrom('a');", 0],
    ["return db.selectFrom('a');", 0],
    ["const run = () => db.selectFrom('a');", 0],
    ["if (x) {\n  deps.db.deleteFrom('a').where('b', '=', 1);\n}", 1],
    ["await tx.insertInto('a').values({ b: () => { c(); } }).execute();", 0],
  ])('chains: %s', (text, count) => {
    expect(unfinishedChains(text)).toHaveLength(count);
  });
});

test('every package has its line in the decision on dependencies, with its version', () => {
  const { dependencies, devDependencies, optionalDependencies } = manifest;
  const page = readFileSync(join(ROOT, 'docs/decisions/0001-dependencies.md'), 'utf8');
  const rows = page.split('\n').filter((line) => line.startsWith('| `'));
  const told = rows.flatMap((row) => {
    const [, names = '', version = ''] = row.split('|').map((cell) => cell.trim());
    return [...names.matchAll(/`([^`]+)`/g)].map(([, name]) => [name, version]);
  });
  expect(Object.fromEntries(told)).toStrictEqual({
    ...dependencies,
    ...devDependencies,
    ...optionalDependencies,
  });
});
