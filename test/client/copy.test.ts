/**
 * The client as somebody else has it: its folder alone, in a project of theirs. It compiles there without the types of Node and
 * with the strictest options and with none, and the lines of its README do what they say, in the order in which a reader pastes them.
 */
import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCommand, startGateway } from '../support/gateway-process.ts';

const run = promisify(execFile);
const ROOT = join(import.meta.dirname, '../..');
const TSC = join(ROOT, 'node_modules/typescript/bin/tsc');

let project: string;
beforeAll(() => {
  project = mkdtempSync(join(tmpdir(), 'alipay-f2f-client-'));
  cpSync(join(ROOT, 'client'), join(project, 'alipay-f2f'), { recursive: true });
  writeFileSync(join(project, 'package.json'), '{ "type": "module" }');
  writeFileSync(join(project, 'readme.ts'), [...linesOfReadme(), 'hook.close();'].join('\n'));
});
afterAll(() => rmSync(project, { recursive: true, force: true }));

function linesOfReadme(): readonly string[] {
  const page = readFileSync(join(ROOT, 'client/README.md'), 'utf8');
  return [...page.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, block = '']) => block);
}

/** What the compiler says of the project with these options; nothing when it is content. */
async function compiled(options: object, files: readonly string[]): Promise<string> {
  const compilerOptions = {
    target: 'es2022',
    module: 'esnext',
    moduleResolution: 'bundler',
    strict: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    isolatedModules: true,
    erasableSyntaxOnly: true,
    verbatimModuleSyntax: true,
    noEmit: true,
    allowImportingTsExtensions: true,
    skipLibCheck: true,
    ...options,
  };
  const config = join(project, 'tsconfig.json');
  writeFileSync(config, JSON.stringify({ compilerOptions, files }));
  return run(process.execPath, [TSC, '-p', config]).then(
    ({ stdout }) => stdout,
    (error: { stdout: string }) => error.stdout,
  );
}

const BROWSER = { lib: ['es2022', 'dom'], types: [] };
const NODE = {
  lib: ['es2023'],
  types: ['node'],
  typeRoots: [join(ROOT, 'node_modules/@types')],
};
const STRICT_ALONE = { exactOptionalPropertyTypes: false, noUncheckedIndexedAccess: false };

test.each([
  ['in a browser, with the strictest options', BROWSER],
  ['in a browser, with strict alone', { ...BROWSER, ...STRICT_ALONE }],
  ['in Node, with strict alone', { ...NODE, ...STRICT_ALONE }],
  ['in both, with none', { ...NODE, lib: ['es2023', 'dom'], ...STRICT_ALONE, strict: false }],
])('it compiles %s', async (_where, options) => {
  expect(await compiled(options, ['alipay-f2f/client.ts'])).toBe('');
});

test('the lines of its README compile, and do what they say', async () => {
  symlinkSync(join(ROOT, 'node_modules'), join(project, 'node_modules'));
  expect(await compiled({ lib: ['es2023'], types: ['node'] }, ['readme.ts'])).toBe('');
  const gateway = await startGateway();
  try {
    const { stdout: key } = await runCommand(['api-key', 'create', 'x'], {
      F2F_DATA_DIR: gateway.dataDir,
    });
    const file = join(project, 'run.ts');
    const lines = readFileSync(join(project, 'readme.ts'), 'utf8');
    writeFileSync(file, lines.replace('http://127.0.0.1:8080', gateway.url()));
    const env = { PATH: process.env['PATH'], F2F_API_KEY: key.trim() };
    const { stdout } = await run(process.execPath, [file], { env, cwd: project });
    expect(stdout.split('\n')).toStrictEqual([
      'paid',
      'succeeded',
      '409 该笔支付已付款，不能取消，请改用退款。',
      expect.stringMatching(/^pay_\w+ 8800$/),
      'bill-1 is paid',
      '',
    ]);
  } finally {
    await gateway.stop();
  }
});
