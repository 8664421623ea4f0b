/**
 * The round as a whole: the checks in their order, each run whatever the others found, and what is asked of a file that
 * changes under the doctor's eyes. What each observation means is in `findings.test.ts`.
 */
import { expect, test } from 'vitest';
import { openSqlite } from '../../store/sqlite.ts';
import { roundResults } from './examine.fixtures.ts';
import { CHECKS, checkLines, reportJson, statusOf, summaryLine, summaryOf } from './report.ts';

const codes = async (
  ...input: Parameters<typeof roundResults>
): Promise<Record<string, readonly string[]>> => {
  const results = await roundResults(...input);
  return Object.fromEntries(
    results.map(({ check, findings }) => [check, findings.map(({ code }) => code)]),
  );
};

const STOPPED = {
  settings: [],
  data_folder: [],
  database: [],
  master_key: [],
  waiting: [],
  // What the fixture seals is no key, and stands for none.
  app_keys: ['app_private_key_unreadable', 'alipay_key_unreadable'],
  alipay: ['simulator_not_running'],
  app_answers: ['not_checked_without_alipay'],
  gateway: ['gateway_not_running'],
  notification_url: ['notify_gateway_stopped'],
};

test('every check runs, in this order', async () => {
  const found = await codes();
  expect(found).toStrictEqual(STOPPED);
  const all = Object.keys(CHECKS).filter((check) => check !== 'key_files');
  expect(Object.keys(found).toSorted()).toStrictEqual(all.toSorted());
});

test('a check that breaks keeps no other from running', async () => {
  const found = await codes({
    look: (path) => {
      if (path.endsWith('.sqlite') || path.endsWith('-wal')) return { kind: 'missing' };
      if (path.endsWith('.key')) return { kind: 'missing' };
      throw new Error('a fault');
    },
  });
  expect(found).toStrictEqual({
    ...STOPPED,
    data_folder: ['check_broke'],
    database: ['database_not_made'],
    master_key: ['master_key_not_made'],
    waiting: ['not_checked_without_database'],
    app_keys: ['not_checked_without_database'],
    app_answers: ['not_checked_without_database'],
  });
});

test('a database that does not open keeps no other check from running', async () => {
  const found = await codes({
    openToRead: () => {
      throw Object.assign(new Error('unable to open'), { errcode: 14 });
    },
  });
  expect(found).toMatchObject({ database: ['database_not_opened'], alipay: STOPPED.alipay });
});

test.each([
  [26, 'database_not_a_database'],
  [11, 'database_damaged'],
  // An extended code of the same.
  [11 + (1 << 8), 'database_damaged'],
])('SQLite says %d', async (errcode, code) => {
  const found = await codes({
    openToRead: () => {
      throw Object.assign(new Error('x'), { errcode });
    },
  });
  expect(found['database']).toStrictEqual([code]);
});

test('a file that a starting gateway has changed meanwhile is looked at once more', async () => {
  let opened = 0;
  const place = {
    kind: 'file',
    mode: 0o600,
    bytes: 9,
    isReadable: true,
    isWritable: true,
  } as const;
  const found = await codes({
    look: (path) =>
      path.endsWith('-wal') && opened === 0
        ? { kind: 'missing' }
        : { ...place, bytes: path.endsWith('.key') ? 32 : 9 },
    openToRead: () => {
      opened += 1;
      return openSqlite(':memory:');
    },
  });
  expect(opened).toBe(2);
  expect(found['database']).toStrictEqual(['database_older']);
});

test('the lines of a check: what is to be mended stands out, notes are short', async () => {
  const results = await roundResults({ env: { F2F_PORT: 'x' } });
  expect(results.slice(0, 2).flatMap(checkLines)).toStrictEqual([
    '[failure] settings 设置',
    '    failure: setting_refused',
    '      F2F_PORT is "x"; it must be a whole number from 0 to 65535.',
    '      设置有误：F2F_PORT is "x"; it must be a whole number from 0 to 65535.',
    '      -> Correct it in the environment or in .env; the gateway does not start before.',
    '      -> 请在环境变量或 .env 中改正；改正之前网关不会启动。',
    '    note: settings_taken_as_default',
    '      In place of the refused settings, the other checks took the defaults. Run the doctor again once the settings are right.',
    '      对有误的设置，其余各项检查暂按默认值进行。设置改正后请再运行一次 doctor。',
    '[ok]      data folder and disk 数据目录与磁盘',
  ]);
});

test('the summary counts, and the JSON says the same', async () => {
  const results = await roundResults();
  expect(summaryOf(results)).toStrictEqual({ checks: 10, failures: 2, warnings: 0, notes: 4 });
  expect(summaryLine(results)).toBe(
    '10 checks, 2 failures, 0 warnings, 4 notes. 共 10 项检查，2 个失败，0 个警告，4 个提示。',
  );
  const report: unknown = JSON.parse(reportJson(results));
  expect(report).toStrictEqual({
    summary: summaryOf(results),
    checks: results.map(({ check, findings }) => ({ check, status: statusOf(findings), findings })),
  });
  expect(report).toMatchObject({
    checks: expect.arrayContaining([{ check: 'settings', status: 'ok', findings: [] }]) as unknown,
  });
});
