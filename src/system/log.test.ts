/**
 * What the log writes, read from the stdout of a process of its own: one JSON object a line, and nothing of what must
 * never be written, at the top or one level down.
 */
import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';

const MODULE = new URL('log.ts', import.meta.url).href;

/** Runs statements on a log of this level and returns its lines. */
function linesOf(level: string, statements: string): Record<string, unknown>[] {
  const program = `import { createLog } from '${MODULE}'; const log = createLog('${level}'); ${statements}`;
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ['--input-type=module', '--eval', program],
    { encoding: 'utf8' },
  );
  expect(stderr).toBe('');
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line): Record<string, unknown> => JSON.parse(line));
}

test('one JSON object a line with time, level and message, and what is below the level is left out', () => {
  const lines = linesOf(
    'info',
    `log.debug({}, 'hidden'); log.info({ paymentNo: 'FF1' }, 'moved'); log.warn({}, 'w'); log.error({ err: new Error('why', { cause: new Error('because') }) }, 'e');`,
  );
  expect(lines.map(({ level, msg }) => [level, msg])).toStrictEqual([
    [30, 'moved'],
    [40, 'w'],
    [50, 'e'],
  ]);
  expect(lines[0]).toStrictEqual({
    level: 30,
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    paymentNo: 'FF1',
    msg: 'moved',
  });
  expect(JSON.stringify(lines[2])).toMatch(/why.*because/);
});

test('secrets are not written, at the top or one level down', () => {
  const secrets = {
    token: 'S1',
    secretKey: 'S2',
    authCode: 'S3',
    auth_code: 'S4',
    privateKey: 'S5',
    cpiPriKey: 'S6',
    masterKey: 'S7',
    password: 'S8',
    authorization: 'S9',
    query: 'S10',
    url: 'S11',
    body: 'S12',
  };
  const fields = JSON.stringify({ ...secrets, deeper: secrets, harmless: 'kept' });
  const lines = linesOf('info', `log.info(${fields}, 'm');`);
  const text = JSON.stringify(lines);
  expect(text).not.toMatch(/S\d/);
  expect(text.match(/\[redacted\]/g)).toHaveLength(24);
  expect(text).toContain('kept');
});
