/**
 * The settings as the operator meets them: every default, what each kind of value accepts and
 * refuses, and the sentences of a refused start. The names are compared with the published table
 * of `contract/run.md` where that file lies beside the project.
 */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ConfigError, examineConfig, readConfig, SETTINGS } from './config.ts';

const problemsOf = (env: Record<string, string | undefined>, dotEnvText?: string): string => {
  try {
    readConfig(env, dotEnvText);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  return '';
};

const ADDED = ['F2F_DATABASE_POOL', 'F2F_WEBHOOKS', 'F2F_API_KEY', 'F2F_TRUSTED_PROXIES'];

describe('defaults', () => {
  test('with nothing set the gateway runs against its own simulator', () => {
    expect(readConfig({})).toStrictEqual({
      host: '127.0.0.1',
      port: 8080,
      publicUrl: undefined,
      dataDir: './data',
      databaseUrl: undefined,
      databasePool: 16,
      alipay: 'simulator',
      alipayGateway: undefined,
      alipayTimeoutMs: 10_000,
      simulatorPort: 8090,
      simulatorUrl: undefined,
      simulatorToken: undefined,
      enrolment: 'open',
      tokenTtlS: 7200,
      barcodeWaitS: 30,
      paymentDeadlineS: 60,
      qrExpiresS: 900,
      confirm: 'background',
      latePayment: 'incident',
      masterKeyFile: 'data/master.key',
      rateLimit: 600,
      trustedProxies: 'loopback',
      webhooks: 'any',
      apiKey: undefined,
      logLevel: 'info',
    });
  });

  test.each([
    ['sandbox', 'https://openapi-sandbox.dl.alipaydev.com/gateway.do'],
    ['production', 'https://openapi.alipay.com/gateway.do'],
  ])('%s has its own gateway and asks for registered dongles', (alipay, alipayGateway) => {
    expect(readConfig({ F2F_ALIPAY: alipay })).toMatchObject({
      alipay,
      alipayGateway,
      enrolment: 'allow-list',
      publicUrl: undefined,
    });
  });

  test('what is set wins over the default of the mode', () => {
    const config = readConfig({
      F2F_ALIPAY: 'production',
      F2F_ALIPAY_GATEWAY: 'http://127.0.0.1:9/gateway.do',
      F2F_ENROLMENT: 'open',
    });
    expect(config.alipayGateway).toBe('http://127.0.0.1:9/gateway.do');
    expect(config.enrolment).toBe('open');
  });

  test('the master key lies in the data folder unless a file is named', () => {
    expect(readConfig({ F2F_DATA_DIR: '/srv/f2f' }).masterKeyFile).toBe('/srv/f2f/master.key');
    expect(
      readConfig({ F2F_DATA_DIR: '/srv/f2f', F2F_MASTER_KEY_FILE: '/run/key' }).masterKeyFile,
    ).toBe('/run/key');
  });

  test('the object cannot be changed', () => {
    expect(Object.isFrozen(readConfig({}))).toBe(true);
  });

  test('the names are those of the published table', () => {
    const published = new URL('../../shared/contract/run.md', import.meta.url);
    const names = Object.values(SETTINGS).map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    if (!existsSync(published)) return;
    const table = readFileSync(published, 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('| `F2F_'))
      .flatMap((line) => line.split('|')[1]?.match(/F2F_[A-Z_]+/g) ?? []);
    // The published table, in its order, and what came after it was published.
    expect(names.filter((name) => !ADDED.includes(name))).toStrictEqual(table);
    expect(names).toEqual(expect.arrayContaining(ADDED));
  });
});

describe('where values come from', () => {
  test('.env is read as Node reads it, and the real environment wins', () => {
    const dotEnv = '# a comment\nexport F2F_PORT=9001\nF2F_HOST="0.0.0.0" # all\nOTHER=1\n';
    expect(readConfig({}, dotEnv)).toMatchObject({ port: 9001, host: '0.0.0.0' });
    expect(readConfig({ F2F_PORT: '9002' }, dotEnv).port).toBe(9002);
  });

  test('an empty value means not set, in either place', () => {
    expect(readConfig({ F2F_PORT: '' }, 'F2F_PUBLIC_URL=\n')).toStrictEqual(readConfig({}));
    expect(readConfig({ F2F_PORT: '' }, 'F2F_PORT=9001').port).toBe(8080);
  });

  test('names that are not ours are left alone', () => {
    expect(readConfig({ PATH: '/bin', F2FX: '1', NODE_ENV: 'x' })).toStrictEqual(readConfig({}));
  });
});

describe('accepted values', () => {
  test.each([
    ['F2F_PORT', '0', { port: 0 }],
    ['F2F_PORT', '65535', { port: 65_535 }],
    ['F2F_SIMULATOR_PORT', '0', { simulatorPort: 0 }],
    ['F2F_HOST', '::1', { host: '::1' }],
    ['F2F_HOST', 'gateway.example.com', { host: 'gateway.example.com' }],
    ['F2F_ALIPAY_TIMEOUT_MS', '100', { alipayTimeoutMs: 100 }],
    ['F2F_TOKEN_TTL_S', '1', { tokenTtlS: 1 }],
    ['F2F_BARCODE_WAIT_S', '1', { barcodeWaitS: 1 }],
    ['F2F_PAYMENT_DEADLINE_S', '86400', { paymentDeadlineS: 86_400 }],
    ['F2F_QR_EXPIRES_S', '90', { qrExpiresS: 90 }],
    ['F2F_CONFIRM', 'strict', { confirm: 'strict' }],
    ['F2F_LATE_PAYMENT', 'refund', { latePayment: 'refund' }],
    ['F2F_RATE_LIMIT', '1', { rateLimit: 1 }],
    ['F2F_RATE_LIMIT', 'off', { rateLimit: 'off' }],
    ['F2F_LOG_LEVEL', 'silent', { logLevel: 'silent' }],
    ['F2F_SIMULATOR_TOKEN', 'a-token', { simulatorToken: 'a-token' }],
    ['F2F_API_KEY', 'f2f_0123', { apiKey: 'f2f_0123' }],
    ['F2F_PUBLIC_URL', 'https://pay.example.com/', { publicUrl: 'https://pay.example.com' }],
    ['F2F_PUBLIC_URL', 'https://example.com/f2f/', { publicUrl: 'https://example.com/f2f' }],
    ['F2F_PUBLIC_URL', 'http://localhost:8080', { publicUrl: 'http://localhost:8080' }],
    ['F2F_SIMULATOR_URL', 'http://127.0.0.1:8090/', { simulatorUrl: 'http://127.0.0.1:8090' }],
    ['F2F_SIMULATOR_URL', 'http://[::1]:8090', { simulatorUrl: 'http://[::1]:8090' }],
    ['F2F_SIMULATOR_URL', 'https://sim.example.com', { simulatorUrl: 'https://sim.example.com' }],
  ])('%s=%s', (name, text, expected) => {
    expect(readConfig({ [name]: text })).toMatchObject(expected);
  });
});

describe('refused values', () => {
  const wholeSeconds = 'a whole number from 1 to 86400';
  test.each([
    ['F2F_PORT', 'http', 'a whole number from 0 to 65535'],
    ['F2F_PORT', '65536', 'a whole number from 0 to 65535'],
    ['F2F_PORT', '-1', 'a whole number from 0 to 65535'],
    ['F2F_PORT', '0x50', 'a whole number from 0 to 65535'],
    ['F2F_PORT', ' 80', 'a whole number from 0 to 65535'],
    ['F2F_HOST', 'two words', 'a host name or an IP address'],
    ['F2F_BARCODE_WAIT_S', '0', wholeSeconds],
    ['F2F_BARCODE_WAIT_S', '1.5', wholeSeconds],
    ['F2F_PAYMENT_DEADLINE_S', '1e3', wholeSeconds],
    ['F2F_QR_EXPIRES_S', '99999999999999999999', wholeSeconds],
    ['F2F_ALIPAY_TIMEOUT_MS', '99', 'a whole number from 100 to 600000'],
    ['F2F_RATE_LIMIT', '0', 'a whole number from 1 to 1000000, or off'],
    ['F2F_RATE_LIMIT', 'OFF', 'a whole number from 1 to 1000000, or off'],
    ['F2F_ALIPAY', 'live', 'one of simulator, sandbox, production'],
    ['F2F_ENROLMENT', 'closed', 'one of open, allow-list'],
    ['F2F_CONFIRM', 'yes', 'one of background, strict'],
    ['F2F_LATE_PAYMENT', 'keep', 'one of incident, refund'],
    ['F2F_LOG_LEVEL', 'verbose', 'one of trace, debug, info, warn, error, fatal, silent'],
    ['F2F_PUBLIC_URL', 'http://pay.example.com', 'an https:// URL, or an http:// URL on the'],
    ['F2F_PUBLIC_URL', 'http://127.0.0.1.example.com', 'an https:// URL, or an http:// URL on'],
    ['F2F_PUBLIC_URL', 'pay.example.com', 'an https:// URL'],
    ['F2F_PUBLIC_URL', 'ftp://127.0.0.1', 'an https:// URL'],
    ['F2F_PUBLIC_URL', 'https://pay.example.com/?a=1', 'without user, query and fragment'],
    ['F2F_ALIPAY_GATEWAY', 'http://openapi.alipay.com/gateway.do', 'an https:// URL'],
    ['F2F_SIMULATOR_URL', 'http://127.0.0.1:8090/gateway.do', 'an https:// URL without a path'],
  ])('%s=%s', (name, text, allowed) => {
    const problems = problemsOf({ [name]: text });
    expect(problems.startsWith(`${name} is "${text}"; it must be `)).toBe(true);
    expect(problems).toContain(allowed);
    expect(problems.split('\n')).toHaveLength(1);
  });

  test('secrets and passwords in URLs are not repeated', () => {
    const problems = problemsOf({
      F2F_SIMULATOR_TOKEN: 'hunter2 hunter2',
      F2F_API_KEY: 'hunter2 hunter2',
      F2F_DATABASE_URL: 'mysql://root:hunter2@db/f2f',
      F2F_ALIPAY_GATEWAY: 'https://user:hunter2@example.com/gateway.do',
    });
    expect(problems.split('\n')).toHaveLength(4);
    expect(problems).not.toContain('hunter2');
    expect(problems).toContain('F2F_SIMULATOR_TOKEN is not shown here; it must be printable');
  });

  test('every problem is told at once, a line each', () => {
    const problems = problemsOf({ F2F_PORT: 'x', F2F_PROT: '1' }, 'F2F_CONFIRM=maybe');
    expect(problems.split('\n').map((line) => line.split(' ')[0])).toStrictEqual([
      'F2F_PROT',
      'F2F_PORT',
      'F2F_CONFIRM',
    ]);
  });
});

test('settings that stop the start are there all the same, with defaults in place of what is refused', () => {
  const env = { F2F_PORT: 'x', F2F_HOST: '::1', F2F_LOG_LEVEL: '', F2F_ODD: '1' };
  const { config, problems, given } = examineConfig(env, 'F2F_TOKEN_TTL_S=9');
  expect(config).toMatchObject({ port: 8080, host: '::1', tokenTtlS: 9 });
  expect(problems).toHaveLength(2);
  expect(given.toSorted()).toStrictEqual(['F2F_HOST', 'F2F_ODD', 'F2F_PORT', 'F2F_TOKEN_TTL_S']);
});

describe('unknown names', () => {
  test.each([
    ['F2F_PROT', 'F2F_PORT'],
    ['F2F_TOKEN_TTL', 'F2F_TOKEN_TTL_S'],
    ['F2F_ENROLLMENT', 'F2F_ENROLMENT'],
    ['F2F_ALIPAY_TIMEOUT_S', 'F2F_ALIPAY_TIMEOUT_MS'],
  ])('%s: did you mean %s?', (name, known) => {
    expect(problemsOf({ [name]: 'hunter2' })).toBe(
      `${name} is not a setting of this program; did you mean ${known}?`,
    );
  });

  test('a name that resembles none is answered with the list; an empty value does not hide it', () => {
    const problems = problemsOf({ F2F_COLOUR_OF_THE_WALLET_PAGE: '' });
    expect(problems).toContain('is not a setting of this program; the settings are F2F_HOST,');
  });
});

describe('values that contradict each other', () => {
  test('a simulator URL without the simulator stops the start', () => {
    expect(
      problemsOf({ F2F_ALIPAY: 'production', F2F_SIMULATOR_URL: 'http://127.0.0.1:8090' }),
    ).toContain('allowed only with F2F_ALIPAY=simulator');
  });

  test("the simulator's port and token may stay set without it", () => {
    const env = { F2F_ALIPAY: 'sandbox', F2F_SIMULATOR_PORT: '0', F2F_SIMULATOR_TOKEN: 'x' };
    expect(problemsOf(env)).toBe('');
  });
});
