/**
 * The settings: environment variables and the text of `.env`, checked once, become one frozen
 * object that everything else is handed. A name nobody knows or a value that is malformed stops
 * the start with a sentence for each; a value that may hold a secret is never repeated in it.
 * Reading the environment and the file is left to `program.ts`: this file is a pure function.
 */
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import {
  addresses,
  oneOf,
  pattern,
  url,
  wholeNumber,
  wholeNumberOrOff,
  type Kind,
} from './setting-kinds.ts';

/** Units stand last in each name and there is one unit per setting: convert where it is used. */
export type Config = {
  readonly host: string;
  /** 0 takes a free port. */
  readonly port: number;
  /**
   * How Alipay reaches us, without a slash at the end. Undefined with the simulator means the URL
   * the gateway listens on, which is known only once it listens; undefined otherwise means that no
   * `notify_url` is sent.
   */
  readonly publicUrl: string | undefined;
  readonly dataDir: string;
  readonly databaseUrl: string | undefined;
  readonly databasePool: number;
  readonly alipay: AlipayMode;
  /** Undefined only with the simulator: then it is `/gateway.do` of the simulator in use. */
  readonly alipayGateway: string | undefined;
  readonly alipayTimeoutMs: number;
  readonly simulatorPort: number;
  /** An origin without a path; undefined means the built-in simulator. */
  readonly simulatorUrl: string | undefined;
  readonly simulatorToken: string | undefined;
  readonly enrolment: 'open' | 'allow-list';
  readonly tokenTtlS: number;
  readonly barcodeWaitS: number;
  readonly paymentDeadlineS: number;
  readonly qrExpiresS: number;
  readonly confirm: 'background' | 'strict';
  readonly latePayment: 'incident' | 'refund';
  readonly masterKeyFile: string;
  readonly rateLimit: number | 'off';
  /** Addresses and nets with commas between them, and `loopback` for this host. */
  readonly trustedProxies: string;
  readonly webhooks: 'public' | 'any';
  /** Of the commands that call a gateway; the gateway itself has no use for it. */
  readonly apiKey: string | undefined;
  readonly logLevel: LogLevel;
};

export type AlipayMode = 'simulator' | 'sandbox' | 'production';
export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';

/** The message holds every problem found, one sentence a line, so that one start shows them all. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** What a default may depend on. */
type Basis = Pick<Config, 'alipay' | 'dataDir'>;

type Setting<T> = {
  readonly name: string;
  readonly kind: Kind<Exclude<T, undefined>>;
  readonly default: (basis: Basis) => T;
  readonly meaning: string;
  /** The value is never repeated in a message. */
  readonly isSecret?: true;
};

const DAY_S = 86_400;

/** Every setting of the program, in the order of the operator's manual. */
export const SETTINGS: { readonly [Key in keyof Config]: Setting<Config[Key]> } = {
  host: {
    name: 'F2F_HOST',
    kind: pattern(/^[\w.:%-]+$/, 'a host name or an IP address'),
    default: () => '127.0.0.1',
    meaning: 'where the gateway listens',
  },
  port: {
    name: 'F2F_PORT',
    kind: wholeNumber(0, 65_535),
    default: () => 8080,
    meaning: 'where the gateway listens; 0 takes a free port',
  },
  publicUrl: {
    name: 'F2F_PUBLIC_URL',
    kind: url('path'),
    default: () => undefined,
    meaning:
      'how Alipay reaches the gateway, for notifications; with the simulator the listening URL unless set, else polling alone settles every payment',
  },
  dataDir: {
    name: 'F2F_DATA_DIR',
    kind: pattern(/\S/, 'the path of a folder'),
    default: () => './data',
    meaning: 'SQLite file and master key file; made with mode 0700',
  },
  databaseUrl: {
    name: 'F2F_DATABASE_URL',
    kind: pattern(/^postgres(ql)?:\/\/\S+$/, 'a postgres:// URL'),
    default: () => undefined,
    meaning: 'PostgreSQL instead of SQLite',
    isSecret: true,
  },
  databasePool: {
    name: 'F2F_DATABASE_POOL',
    kind: wholeNumber(1, 1000),
    default: () => 16,
    meaning: 'connections to PostgreSQL at most, of this gateway; one more carries news of others',
  },
  alipay: {
    name: 'F2F_ALIPAY',
    kind: oneOf('simulator', 'sandbox', 'production'),
    default: () => 'simulator',
    meaning: "which Alipay: the built-in simulator, Alipay's sandbox or the real one",
  },
  alipayGateway: {
    name: 'F2F_ALIPAY_GATEWAY',
    kind: url('path'),
    default: ({ alipay }) => GATEWAYS[alipay],
    meaning: 'another gateway.do URL',
  },
  alipayTimeoutMs: {
    name: 'F2F_ALIPAY_TIMEOUT_MS',
    kind: wholeNumber(100, 600_000),
    default: () => 10_000,
    meaning: 'how long one call to Alipay may take',
  },
  simulatorPort: {
    name: 'F2F_SIMULATOR_PORT',
    kind: wholeNumber(0, 65_535),
    default: () => 8090,
    meaning: 'where the built-in simulator listens; 0 takes a free port',
  },
  simulatorUrl: {
    name: 'F2F_SIMULATOR_URL',
    kind: url('origin'),
    default: () => undefined,
    meaning: 'the simulator that runs there, instead of the built-in one',
  },
  simulatorToken: {
    name: 'F2F_SIMULATOR_TOKEN',
    kind: pattern(/^[\x21-\x7e]+$/, 'printable ASCII without blanks'),
    default: () => undefined,
    meaning: "the simulator's control token, for callers that are not on the loopback interface",
    isSecret: true,
  },
  enrolment: {
    name: 'F2F_ENROLMENT',
    kind: oneOf('open', 'allow-list'),
    default: ({ alipay }) => (alipay === 'simulator' ? 'open' : 'allow-list'),
    meaning: 'whether any dongle gets a secret key, or only those an operator registered',
  },
  tokenTtlS: {
    name: 'F2F_TOKEN_TTL_S',
    kind: wholeNumber(1, 366 * DAY_S),
    default: () => 7200,
    meaning: 'life of a v1 token',
  },
  barcodeWaitS: {
    name: 'F2F_BARCODE_WAIT_S',
    kind: wholeNumber(1, DAY_S),
    default: () => 30,
    meaning: 'how long hb_barcode waits for an open payment before it answers 10003',
  },
  paymentDeadlineS: {
    name: 'F2F_PAYMENT_DEADLINE_S',
    kind: wholeNumber(1, DAY_S),
    default: () => 60,
    meaning: 'a barcode payment still open then is cancelled',
  },
  qrExpiresS: {
    name: 'F2F_QR_EXPIRES_S',
    kind: wholeNumber(1, DAY_S),
    default: () => 900,
    meaning: 'a QR code nobody paid is closed then; Alipay is told in whole minutes',
  },
  confirm: {
    name: 'F2F_CONFIRM',
    kind: oneOf('background', 'strict'),
    default: () => 'background',
    meaning: 'strict: a charge that Alipay accepted is checked once more before the answer',
  },
  latePayment: {
    name: 'F2F_LATE_PAYMENT',
    kind: oneOf('incident', 'refund'),
    default: () => 'incident',
    meaning: 'refund: money that arrives after we closed is refunded by itself',
  },
  masterKeyFile: {
    name: 'F2F_MASTER_KEY_FILE',
    kind: pattern(/\S/, 'the path of a file'),
    default: ({ dataDir }) => join(dataDir, 'master.key'),
    meaning: '32 random bytes that encrypt private keys at rest',
  },
  rateLimit: {
    name: 'F2F_RATE_LIMIT',
    kind: wholeNumberOrOff(1, 1_000_000),
    default: () => 600,
    meaning: 'requests a minute for one token, a twentieth of it for one address at /auth',
  },
  trustedProxies: {
    name: 'F2F_TRUSTED_PROXIES',
    kind: addresses(),
    default: () => 'loopback',
    meaning:
      "proxies in front of the gateway, whose X-Forwarded-For is believed: the caller's address then counts for rate limits and the log",
  },
  webhooks: {
    name: 'F2F_WEBHOOKS',
    kind: oneOf('public', 'any'),
    default: ({ alipay }) => (alipay === 'simulator' ? 'any' : 'public'),
    meaning:
      'where webhooks may go: https:// on the internet alone, or also http:// and private networks; any with the simulator unless set',
  },
  apiKey: {
    name: 'F2F_API_KEY',
    kind: pattern(/^[\x21-\x7e]+$/, 'printable ASCII without blanks'),
    default: () => undefined,
    meaning:
      'the key of the v2 API with which f2f listen, events and trigger call a gateway, unless --key gives one',
    isSecret: true,
  },
  logLevel: {
    name: 'F2F_LOG_LEVEL',
    kind: oneOf('trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'),
    default: () => 'info',
    meaning: 'the least severe log line that is written',
  },
};

const GATEWAYS: Record<AlipayMode, string | undefined> = {
  simulator: undefined,
  sandbox: 'https://openapi-sandbox.dl.alipaydev.com/gateway.do',
  production: 'https://openapi.alipay.com/gateway.do',
};

/** What the settings say, whether or not they may be used so. */
export type ExaminedConfig = {
  /** With the default in place of each malformed value. */
  readonly config: Config;
  /** A sentence for each thing that stops the start. */
  readonly problems: readonly string[];
  /** The names that somebody set. */
  readonly given: readonly string[];
};

/** The settings of a start: throws every problem as one `ConfigError`. */
export function readConfig(
  env: Readonly<Record<string, string | undefined>>,
  dotEnvText = '',
): Config {
  const { config, problems } = examineConfig(env, dotEnvText);
  if (problems.length > 0) throw new ConfigError(problems.join('\n'));
  return config;
}

/**
 * An empty value means "not set", as compose files and copied `.env` examples write it. The real
 * environment wins over `.env`.
 */
export function examineConfig(
  env: Readonly<Record<string, string | undefined>>,
  dotEnvText = '',
): ExaminedConfig {
  const texts = Object.entries({ ...parseEnv(dotEnvText), ...env }).filter(([name]) =>
    name.startsWith('F2F_'),
  );
  const textByName = new Map(texts);
  const problems = texts
    .map(([name]) => name)
    .filter(isUnknown)
    .map(unknownName);

  /** The setting's value; its default when it is not set or, after noting the problem, malformed. */
  const read = <T>(setting: Setting<T>, basis: Basis): T => {
    const text = textByName.get(setting.name) ?? '';
    if (text === '') return setting.default(basis);
    const value = setting.kind.parse(text);
    if (value !== undefined) return value;
    problems.push(malformed(setting, text));
    return setting.default(basis);
  };

  const anyBasis: Basis = { alipay: 'simulator', dataDir: '.' };
  const alipay = read(SETTINGS.alipay, anyBasis);
  const dataDir = read(SETTINGS.dataDir, anyBasis);
  const basis: Basis = { alipay, dataDir };
  const config: Config = {
    host: read(SETTINGS.host, basis),
    port: read(SETTINGS.port, basis),
    publicUrl: read(SETTINGS.publicUrl, basis),
    dataDir,
    databaseUrl: read(SETTINGS.databaseUrl, basis),
    databasePool: read(SETTINGS.databasePool, basis),
    alipay,
    alipayGateway: read(SETTINGS.alipayGateway, basis),
    alipayTimeoutMs: read(SETTINGS.alipayTimeoutMs, basis),
    simulatorPort: read(SETTINGS.simulatorPort, basis),
    simulatorUrl: read(SETTINGS.simulatorUrl, basis),
    simulatorToken: read(SETTINGS.simulatorToken, basis),
    enrolment: read(SETTINGS.enrolment, basis),
    tokenTtlS: read(SETTINGS.tokenTtlS, basis),
    barcodeWaitS: read(SETTINGS.barcodeWaitS, basis),
    paymentDeadlineS: read(SETTINGS.paymentDeadlineS, basis),
    qrExpiresS: read(SETTINGS.qrExpiresS, basis),
    confirm: read(SETTINGS.confirm, basis),
    latePayment: read(SETTINGS.latePayment, basis),
    masterKeyFile: read(SETTINGS.masterKeyFile, basis),
    rateLimit: read(SETTINGS.rateLimit, basis),
    trustedProxies: read(SETTINGS.trustedProxies, basis),
    webhooks: read(SETTINGS.webhooks, basis),
    apiKey: read(SETTINGS.apiKey, basis),
    logLevel: read(SETTINGS.logLevel, basis),
  };
  problems.push(...contradictions(config));
  const given = texts.filter(([, text]) => text !== '').map(([name]) => name);
  return { config: Object.freeze(config), problems, given };
}

const NAMES = Object.values(SETTINGS).map(({ name }) => name);
const isUnknown = (name: string): boolean => !NAMES.includes(name);

/** Values that are well formed by themselves and wrong together. */
function contradictions({ simulatorUrl, alipay }: Config): string[] {
  // The simulator's port and token are harmless without it; its URL means that somebody believes no real money moves.
  if (simulatorUrl === undefined || alipay === 'simulator') return [];
  return [
    `F2F_SIMULATOR_URL is set, but F2F_ALIPAY is "${alipay}"; it is allowed only with F2F_ALIPAY=simulator.`,
  ];
}

function malformed(setting: Setting<unknown>, text: string): string {
  // A URL may carry a password before its "@".
  const isHidden = setting.isSecret === true || text.includes('@');
  const shown = isHidden ? 'not shown here' : JSON.stringify(text.slice(0, 100));
  return `${setting.name} is ${shown}; it must be ${setting.kind.allowed}.`;
}

function unknownName(name: string): string {
  const nearest = NAMES.map((known) => ({ known, distance: editDistance(name, known) })).reduce(
    (best, next) => (next.distance < best.distance ? next : best),
  );
  const suggestion =
    nearest.distance <= 4
      ? `did you mean ${nearest.known}?`
      : `the settings are ${NAMES.join(', ')}.`;
  return `${name} is not a setting of this program; ${suggestion}`;
}

/** Levenshtein's distance, one row of the table at a time. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [line, letter] of from.split('').entries()) {
    const next = [line + 1];
    for (const [column, other] of to.split('').entries()) {
      const replaced = (row[column] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(replaced, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
