/**
 * Every finding of the doctor, each from an observation that calls for it: the table is total, so a code without its case does
 * not compile, and a case without its finding fails. Then what is in order, about which nothing is said.
 */
import { describe, expect, test } from 'vitest';
import type { ExaminedConfig } from '../../config.ts';
import { examineConfig } from '../../config.ts';
import type { ExaminedApp, ExaminedApps, ExaminedKey } from '../../flows/examine-apps.ts';
import type { ExaminedKeyFile } from '../../flows/examine-key-file.ts';
import type { Proof } from '../../flows/prove-app.ts';
import { aMerchant } from '../../store/store.fixtures.ts';
import type { Place } from '../../system/places.ts';
import type { Probed, ProbeStep } from '../../system/probe.ts';
import { alipayFindings, type AlipaySeen } from './alipay.ts';
import { answerFindings } from './app-answers.ts';
import { appKeyFindings, askersOf, certificateEndFindings } from './app-keys.ts';
import { databaseFindings, type DatabaseSeen, type PostgresSeen } from './database.ts';
import { round } from './examine.fixtures.ts';
import { FINDINGS, type Finding, type FindingCode } from './finding.ts';
import { keyFileFindings, type KeyFile, type KeyFileRole } from './key-files.ts';
import { notificationFindings } from './notification-url.ts';
import { gatewayFindings } from './running-gateway.ts';
import { settingsFindings } from './settings.ts';
import { dataFolderFindings, masterKeyFindings, waitingFindings } from './storage.ts';

type Findings = readonly Finding[];

const NOW_MS = Date.UTC(2026, 10, 23, 4, 0, 0);
const DAY_MS = 24 * 3_600_000;
const GIB = 1024 ** 3;

const REAL = { F2F_ALIPAY: 'production', F2F_PUBLIC_URL: 'https://pay.example.com' };
const settings = (env: Record<string, string>): Findings => settingsFindings(examineConfig(env));
const real = (env: Record<string, string>): Findings => settings({ ...REAL, ...env });

const FOLDER: Place = { kind: 'folder', mode: 0o700, bytes: 0, isReadable: true, isWritable: true };
const KEY_FILE: Place = { ...FOLDER, kind: 'file', mode: 0o600, bytes: 32 };
const MISSING: Place = { kind: 'missing' };
const HIDDEN: Place = { kind: 'hidden', why: 'EACCES' };

const folder = (changes: Partial<Parameters<typeof dataFolderFindings>[0]> = {}): Findings =>
  dataFolderFindings({
    path: './data',
    place: FOLDER,
    freeBytes: 50 * GIB,
    isSimulator: true,
    ...changes,
  });
const masterKey = (place: Place, mayBeMade = false): Findings =>
  masterKeyFindings({ path: 'master.key', place, mayBeMade });
const waits = (changes: Partial<Parameters<typeof waitingFindings>[0]> = {}): Findings =>
  waitingFindings({ overduePayments: 0, overdueRefunds: 0, openIncidents: 0, ...changes });

const CURRENT = { missing: [], newer: [] };
const database = (seen: DatabaseSeen): Findings => databaseFindings('gateway.sqlite', seen, 16);
const SERVER: PostgresSeen = {
  versionNum: 180_000,
  version: '18.0',
  encoding: 'UTF8',
  fsync: 'on',
  fullPageWrites: 'on',
  synchronousCommit: 'on',
  connectionsMax: 100,
  isStandby: false,
  isReadOnly: false,
  aheadMs: 3,
};
const server = (changes: Partial<PostgresSeen> = {}): Findings =>
  database({ kind: 'open', schema: CURRENT, postgres: { ...SERVER, ...changes } });

const key = (publicKey: string, bits = 2048): ExaminedKey => ({ kind: 'key', bits, publicKey });
const APP: ExaminedApp = {
  owner: 'A',
  appId: '2016',
  signType: 'RSA2',
  privateKey: key('own'),
  publicKey: 'own',
  alipayKey: key('of Alipay'),
  isAlipayKeyGiven: true,
  certificatesEnd: null,
};
const KEYS_MADE: ExaminedApps['appOfPublicKey'] = new Map([
  ['own', '2016'],
  ['older', '2016'],
  ['of 2017', '2017'],
]);
const certified = (ends: Partial<NonNullable<ExaminedApp['certificatesEnd']>>): Findings => {
  const longMs = NOW_MS + 365 * DAY_MS;
  const certificatesEnd = { appMs: longMs, alipayMs: longMs, ...ends };
  return certificateEndFindings({ apps: [{ ...APP, certificatesEnd }] }, [], NOW_MS);
};
const app = (changes: Partial<ExaminedApp> = {}): Findings =>
  appKeyFindings({ apps: [{ ...APP, ...changes }], appOfPublicKey: KEYS_MADE }, [], false);

const held = (
  changes: Partial<Extract<ExaminedKeyFile, { format: unknown }>> = {},
): ExaminedKeyFile => ({ kind: 'public', format: 'SPKI', bits: 2048, publicKey: 'x', ...changes });
const certificate = (
  changes: Partial<Extract<ExaminedKeyFile, { kind: 'certificate' }>> = {},
): ExaminedKeyFile => ({
  kind: 'certificate',
  of: 'somebody',
  subject: 'a subject',
  beginsAtMs: NOW_MS - DAY_MS,
  endsAtMs: NOW_MS + 365 * DAY_MS,
  publicKey: 'certified',
  ...changes,
});
const files = (held: Partial<Record<KeyFileRole, KeyFile['holds']>>): Findings =>
  keyFileFindings(
    Object.fromEntries(
      Object.entries(held).map(([role, holds]) => [role, { path: `${role}.pem`, holds }]),
    ),
    KEYS_MADE,
    NOW_MS,
  );

type Answered = Extract<Probed, { kind: 'answered' }>;
const failed = (step: ProbeStep, code = 'CODE'): Probed => ({ kind: 'failed', step, code });
const answered = (changes: Partial<Answered> = {}): Probed => ({
  kind: 'answered',
  status: 200,
  headers: { date: 'Mon, 23 Nov 2026 04:00:00 GMT' },
  body: '{"alipay_trade_query_response":{"code":"40001"}}',
  certificateEndsAtMs: NOW_MS + 60 * DAY_MS,
  sentAtMs: NOW_MS + 400,
  headersAtMs: NOW_MS + 600,
  ...changes,
});
const alipay = (probed: Probed | undefined, changes: Partial<AlipaySeen> = {}): Findings =>
  alipayFindings({
    isBuiltIn: false,
    url: 'https://openapi.alipay.com/gateway.do',
    probed,
    nowMs: NOW_MS,
    ...changes,
  });
const clockAt = (ms: number, roundTripMs = 0): Probed =>
  answered({ sentAtMs: NOW_MS + ms - roundTripMs, headersAtMs: NOW_MS + ms + roundTripMs });

const notify = (
  probed: Probed | undefined,
  changes: Partial<Parameters<typeof notificationFindings>[0]> = {},
): Findings =>
  notificationFindings({
    isSimulator: false,
    url: 'https://pay.example.com/alipay/notify',
    probed,
    isGatewayRunning: true,
    nowMs: NOW_MS,
    ...changes,
  });
const OURS = answered({ body: 'fail' });

const refused = (
  code: string,
  subCode?: string,
  cause: 'rate' | 'configuration' = 'configuration',
): Findings => {
  const answer = { raw: '', code, msg: '', subCode, fields: {}, isSigned: true };
  return answerFindings('2016', { kind: 'refused', cause, answer });
};
const unknown = (reason: Extract<Proof, { kind: 'unknown' }>['reason']): Findings =>
  answerFindings('2016', { kind: 'unknown', reason, detail: 'why', code: '20000' });

const HELLO = answered({ body: '{"name":"alipay-f2f","version":"1.2.1"}' });
const gateway = (name: Probed, ready: Probed = answered()): Findings =>
  gatewayFindings({ url: 'http://127.0.0.1:8080', name, ready }, '1.2.1');

const CASES: Readonly<Record<FindingCode, () => Findings | Promise<Findings>>> = {
  setting_refused: () => settings({ F2F_PORT: 'x' }),
  settings_taken_as_default: () => settings({ F2F_PORT: 'x' }),
  timeout_reaches_deadline: () => settings({ F2F_ALIPAY_TIMEOUT_MS: '60000' }),
  timeout_reaches_wait: () => settings({ F2F_ALIPAY_TIMEOUT_MS: '30000' }),
  no_public_url: () => settings({ F2F_ALIPAY: 'production' }),
  public_url_not_public: () => real({ F2F_PUBLIC_URL: 'http://localhost:8080' }),
  simulator_settings_left: () => real({ F2F_SIMULATOR_PORT: '8090' }),
  enrolment_open: () => real({ F2F_ENROLMENT: 'open' }),
  rate_limit_off: () => real({ F2F_RATE_LIMIT: 'off' }),
  listens_on_all: () => real({ F2F_HOST: '0.0.0.0' }),
  gateway_url_of_other_mode: () =>
    settings({ F2F_ALIPAY_GATEWAY: 'https://openapi.alipay.com/gateway.do' }),
  gateway_url_retired: () =>
    real({ F2F_ALIPAY_GATEWAY: 'https://openapi.alipaydev.com/gateway.do' }),

  data_folder_not_made: () => folder({ place: MISSING }),
  data_folder_missing: () => folder({ place: MISSING, isSimulator: false }),
  data_folder_no_folder: () => folder({ place: KEY_FILE }),
  data_folder_not_usable: () => folder({ place: { ...FOLDER, isWritable: false } }),
  data_folder_open: () => folder({ place: { ...FOLDER, mode: 0o750 } }),
  disk_full: () => folder({ freeBytes: 1024 }),
  disk_low: () => folder({ freeBytes: GIB / 2 }),
  master_key_not_made: () => masterKey(MISSING, true),
  master_key_missing: () => masterKey(MISSING),
  master_key_unreadable: () => masterKey({ ...KEY_FILE, isReadable: false }),
  master_key_wrong_size: () => masterKey({ ...KEY_FILE, bytes: 64 }),
  master_key_open: () => masterKey({ ...KEY_FILE, mode: 0o644 }),
  master_key_of_another: () => round({ masterKey: Buffer.alloc(32, 2) }),
  payments_overdue: () => waits({ overduePayments: 2 }),
  refunds_overdue: () => waits({ overdueRefunds: 2 }),
  incidents_open: () => waits({ openIncidents: 2 }),

  database_not_made: () => database({ kind: 'missing' }),
  database_empty: () => database({ kind: 'empty' }),
  database_not_opened: () => database({ kind: 'closed', why: 'no' }),
  database_not_a_database: () => database({ kind: 'not_a_database' }),
  database_damaged: () => database({ kind: 'damaged', fault: 'row 1' }),
  database_older: () =>
    database({ kind: 'open', schema: { ...CURRENT, missing: ['0009-x'] }, postgres: undefined }),
  database_newer: () =>
    database({
      kind: 'open',
      schema: { ...CURRENT, newer: [{ name: '0009-x', mayRun: false }] },
      postgres: undefined,
    }),
  database_newer_allowed: () =>
    database({
      kind: 'open',
      schema: { ...CURRENT, newer: [{ name: '0009-x', mayRun: true }] },
      postgres: undefined,
    }),
  postgres_too_old: () => server({ versionNum: 130_012 }),
  postgres_forgets: () => server({ fsync: 'off' }),
  postgres_commits_early: () => server({ synchronousCommit: 'off' }),
  postgres_read_only: () => server({ isStandby: true }),
  postgres_encoding: () => server({ encoding: 'SQL_ASCII' }),
  postgres_connections_few: () => server({ connectionsMax: 16 }),
  postgres_clock_apart: () => server({ aheadMs: -6000 }),

  no_apps: () => appKeyFindings({ apps: [], appOfPublicKey: new Map() }, [], false),
  app_certificate_expired: () => certified({ appMs: NOW_MS }),
  app_certificate_ends_soon: () => certified({ alipayMs: NOW_MS + 30 * DAY_MS }),
  app_private_key_sealed: () => app({ privateKey: { kind: 'sealed' } }),
  app_private_key_unreadable: () =>
    app({ privateKey: { kind: 'unreadable', problem: 'not_a_key' } }),
  app_key_too_short: () => app({ privateKey: key('own', 1024) }),
  app_sign_type_old: () => app({ signType: 'RSA', privateKey: key('own', 1024) }),
  app_pair_differs: () => app({ privateKey: key('other') }),
  alipay_key_missing: () => app({ alipayKey: { kind: 'absent' } }),
  alipay_key_of_simulator: () => app({ isAlipayKeyGiven: false }),
  alipay_key_unreadable: () => app({ alipayKey: { kind: 'unreadable', problem: 'not_rsa' } }),
  alipay_key_short: () => app({ alipayKey: key('of Alipay', 1024) }),
  alipay_key_is_own: () => app({ alipayKey: key('own') }),
  alipay_key_is_of_other_app: () => app({ alipayKey: key('of 2017') }),

  key_file_unreadable: () => files({ public: { kind: 'unread', why: 'ENOENT' } }),
  key_file_empty: () => files({ public: { kind: 'empty' } }),
  key_file_no_key: () => files({ public: { kind: 'nothing' } }),
  key_file_encrypted: () => files({ private: { kind: 'encrypted' } }),
  key_file_not_rsa: () => files({ public: { kind: 'not_rsa' } }),
  key_file_too_short: () => files({ public: held({ bits: 512 }) }),
  key_file_weak: () => files({ public: held({ bits: 1024 }) }),
  key_file_private_expected: () => files({ private: held() }),
  key_file_public_expected: () => files({ alipay: held({ kind: 'private' }) }),
  private_key_pkcs1: () => files({ private: held({ kind: 'private', format: 'PKCS#1' }) }),
  private_key_pkcs8: () => files({ private: held({ kind: 'private', format: 'PKCS#8' }) }),
  public_key_pkcs1: () => files({ public: held({ format: 'PKCS#1' }) }),
  key_files_differ: () =>
    files({ private: held({ kind: 'private' }), public: held({ publicKey: 'y' }) }),
  key_file_own_for_alipay: () => files({ private: held({ kind: 'private' }), alipay: held() }),
  key_file_app_for_alipay: () => files({ alipay: held({ publicKey: 'of 2017' }) }),
  certificate_expired: () => files({ alipay: certificate({ endsAtMs: NOW_MS }) }),
  certificate_ends_soon: () => files({ alipay: certificate({ endsAtMs: NOW_MS + 30 * DAY_MS }) }),
  certificate_not_begun: () => files({ alipay: certificate({ beginsAtMs: NOW_MS + 1000 }) }),
  certificate_for_key: () => files({ alipay: certificate({ of: 'alipay' }) }),
  certificate_of_app_for_alipay: () => files({ alipay: certificate({ of: 'app' }) }),
  certificate_of_alipay_for_app: () => files({ public: certificate({ of: 'alipay' }) }),
  certificate_of_authority: () => files({ alipay: certificate({ of: 'authority' }) }),

  alipay_name_unknown: () => alipay(failed('name')),
  alipay_not_reached: () => alipay(failed('connection')),
  alipay_tls_expired: () => alipay(failed('tls', 'CERT_HAS_EXPIRED')),
  alipay_tls_wrong_name: () => alipay(failed('tls', 'ERR_TLS_CERT_ALTNAME_INVALID')),
  alipay_tls_untrusted: () => alipay(failed('tls', 'DEPTH_ZERO_SELF_SIGNED_CERT')),
  alipay_tls_fault: () => alipay(failed('tls', 'ECONNRESET')),
  alipay_silent: () => alipay(failed('answer', 'TIMEOUT')),
  alipay_http_status: () => alipay(answered({ status: 302 })),
  alipay_not_alipay: () => alipay(answered({ body: '<html>' })),
  alipay_tls_ends_soon: () => alipay(answered({ certificateEndsAtMs: NOW_MS + 30 * DAY_MS })),
  clock_apart: () => alipay(clockAt(95_000)),
  alipay_tells_no_time: () => alipay(answered({ headers: {} })),
  simulator_not_running: () => alipay(failed('connection', 'ECONNREFUSED'), { isBuiltIn: true }),
  simulator_port_unknown: () => alipay(undefined, { url: undefined }),

  // The fixture's keys are none.
  app_not_asked: () => round({ probe: () => Promise.resolve(answered()) }),
  app_signature_refused: () => refused('40002', 'isv.invalid-signature'),
  app_key_not_at_alipay: () => refused('40003', 'isv.missing-signature-config'),
  app_id_unknown: () => refused('40002', 'isv.invalid-app-id'),
  app_not_permitted: () => refused('40006', 'isv.insufficient-isv-permissions'),
  app_rate_limited: () => refused('40005', 'isv.app-call-limited', 'rate'),
  app_token_refused: () => refused('40001', 'aop.invalid-app-auth-token'),
  app_refused: () => refused('40002', 'isv.invalid-timestamp'),
  alipay_key_does_not_verify: () => unknown('bad_signature'),
  app_no_answer: () => unknown('timeout'),
  app_answer_in_doubt: () => unknown('doubtful_code'),
  app_answer_unreadable: () => unknown('not_json'),

  notify_not_sent: () => notify(undefined, { url: undefined }),
  notify_port_unknown: () => notify(undefined, { url: undefined, isSimulator: true }),
  notify_gateway_stopped: () => notify(answered({ status: 502 }), { isGatewayRunning: false }),
  notify_name_unknown: () => notify(failed('name')),
  notify_not_reached: () => notify(failed('connection')),
  notify_tls_expired: () => notify(failed('tls', 'CERT_HAS_EXPIRED')),
  notify_tls_wrong_name: () => notify(failed('tls', 'ERR_TLS_CERT_ALTNAME_INVALID')),
  notify_tls_untrusted: () => notify(failed('tls', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE')),
  notify_tls_fault: () => notify(failed('tls', 'EPROTO')),
  notify_silent: () => notify(failed('answer')),
  notify_redirected: () => notify(answered({ status: 301 })),
  notify_http_status: () => notify(answered({ status: 502 })),
  notify_not_ours: () => notify(answered({ body: 'success' })),
  notify_tls_ends_soon: () => notify(answered({ body: 'fail', certificateEndsAtMs: NOW_MS })),
  notify_seen_from_here: () => notify(OURS),

  gateway_not_running: () => gateway(failed('connection', 'ECONNREFUSED')),
  gateway_port_unknown: () =>
    gatewayFindings({ url: undefined, name: undefined, ready: undefined }, '1.2.1'),
  gateway_port_taken: () => gateway(answered({ body: '<html>' })),
  gateway_silent: () => gateway(failed('answer', 'TIMEOUT')),
  gateway_not_ready: () => gateway(HELLO, answered({ status: 503 })),
  gateway_other_version: () => gateway(answered({ body: '{"name":"alipay-f2f","version":"1.1"}' })),

  not_checked_without_database: () => round({ database: 'missing' }),
  not_checked_without_alipay: () => round(),
  check_broke: () =>
    round({
      look: () => {
        throw new Error('a fault');
      },
    }),
};

const codesOf = (found: Findings): readonly FindingCode[] => found.map(({ code }) => code);

describe('each finding', () => {
  test.each(Object.entries(CASES))(
    '%s has an observation that calls for it',
    async (code, find) => {
      expect(codesOf(await find())).toContain(code);
    },
  );

  test.each(Object.entries(CASES))('%s has its sentences filled in', async (_code, find) => {
    for (const { problem, fix } of await find()) {
      for (const sentence of [problem.en, problem.zh, fix.en, fix.zh]) {
        expect(sentence).not.toMatch(/[{}]|undefined|\n/);
      }
    }
  });

  test.each(Object.entries(FINDINGS))('%s says the same in both languages', (_code, text) => {
    const slots = (sentence: string): readonly string[] =>
      [...new Set(sentence.match(/\{\w+\}/g))].map((slot) => slot.replace('Zh}', '}')).toSorted();
    expect(slots(text.problem.zh)).toStrictEqual(slots(text.problem.en));
    expect(slots(text.fix.zh)).toStrictEqual(slots(text.fix.en));
    expect(text.fix.en).toMatch(/[^.]\.$/);
    expect(text.fix.zh).toMatch(/[^。]。$/);
  });
});

describe('about what is in order, nothing is said:', () => {
  test.each<[what: string, find: () => Findings]>([
    ['settings of a trial', () => settings({})],
    ['settings of production', () => real({ F2F_DATABASE_URL: 'postgres://db/f2f' })],
    ['settings of the sandbox', () => real({ F2F_ALIPAY: 'sandbox' })],
    [
      'a proxy of ours before Alipay',
      () => real({ F2F_ALIPAY_GATEWAY: 'https://egress.test/gateway.do' }),
    ],
    [
      'a private address of a trial',
      () => settings({ F2F_PUBLIC_URL: 'http://localhost:1', F2F_HOST: '::' }),
    ],
    ['the data folder', () => folder()],
    [
      'a data folder without permission bits',
      () => folder({ place: { ...FOLDER, mode: undefined } }),
    ],
    ['a disk that nobody tells of', () => folder({ freeBytes: undefined })],
    ['a gibibyte that is free', () => folder({ freeBytes: GIB })],
    ['the master key', () => masterKey(KEY_FILE)],
    ['nothing overdue', () => waits()],
    ['the database', () => database({ kind: 'open', schema: CURRENT, postgres: undefined })],
    ['a PostgreSQL server', () => server()],
    ['the oldest PostgreSQL server', () => server({ versionNum: 140_000, connectionsMax: 17 })],
    ['an app', () => app()],
    ['an app before the master key is there', () => app({ privateKey: { kind: 'unopened' } })],
    [
      'an old app',
      () =>
        app({
          signType: 'RSA',
          privateKey: key('own', 1024),
          alipayKey: key('of Alipay', 1024),
        }).filter(({ code }) => code !== 'app_sign_type_old'),
    ],
    [
      "the simulator's key with the simulator",
      () =>
        appKeyFindings(
          { apps: [{ ...APP, isAlipayKeyGiven: false }], appOfPublicKey: KEYS_MADE },
          [],
          true,
        ),
    ],
    ['public key files', () => files({ public: held(), alipay: held({ publicKey: 'of Alipay' }) })],
    ['Alipay', () => alipay(answered())],
    ["Alipay's error node", () => alipay(answered({ body: ' {"error_response":{}}' }))],
    ['a clock within half a minute', () => alipay(clockAt(30_400))],
    ['a clock that a slow answer says little about', () => alipay(clockAt(95_000, 70_000))],
    ['an app that is proven', () => answerFindings('2016', { kind: 'not_configured' })],
    ['a notification URL of the simulator', () => notify(OURS, { isSimulator: true })],
    ['the gateway', () => gateway(HELLO)],
  ])('%s', (_what, find) => {
    expect(find()).toStrictEqual([]);
  });
});

describe('cases that are near each other', () => {
  test.each<[what: string, find: () => Findings, codes: readonly FindingCode[]]>([
    [
      'every refused setting',
      () => settings({ F2F_PORT: 'x', F2F_HOST: ' ' }),
      ['setting_refused', 'setting_refused', 'settings_taken_as_default'],
    ],
    ['a hidden data folder', () => folder({ place: HIDDEN }), ['data_folder_not_usable']],
    ['a hidden master key', () => masterKey(HIDDEN), ['master_key_unreadable']],
    ['a folder as master key', () => masterKey(FOLDER), ['master_key_unreadable']],
    [
      'a private network',
      () => real({ F2F_PUBLIC_URL: 'https://192.168.1.2' }),
      ['public_url_not_public'],
    ],
    [
      'a private IPv6 network',
      () => real({ F2F_PUBLIC_URL: 'https://[fd00::1]' }),
      ['public_url_not_public'],
    ],
    [
      'a public address that begins alike',
      () => real({ F2F_PUBLIC_URL: 'https://10.example.com' }),
      [],
    ],
    ['pages that may be torn', () => server({ fullPageWrites: 'off' }), ['postgres_forgets']],
    ['a read-only database', () => server({ isReadOnly: true }), ['postgres_read_only']],
    [
      'a key row that is gone',
      () => app({ privateKey: { kind: 'absent' } }),
      ['app_private_key_unreadable'],
    ],
    ['an older key of its own', () => app({ alipayKey: key('older') }), ['alipay_key_is_own']],
    [
      'a certificate as private key',
      () => files({ private: certificate() }),
      ['key_file_private_expected'],
    ],
    [
      'a certificate of our own key',
      () => files({ public: held(), alipay: certificate({ publicKey: 'x' }) }),
      ['certificate_for_key', 'key_file_own_for_alipay'],
    ],
    [
      'a pair',
      () => files({ private: held({ kind: 'private', format: 'PKCS#8' }), public: held() }),
      ['private_key_pkcs8'],
    ],
    ['a clock that is behind', () => alipay(clockAt(-95_000)), ['clock_apart']],
    [
      'a simulator elsewhere that is off',
      () => alipay(failed('connection', 'ECONNREFUSED')),
      ['alipay_not_reached'],
    ],
    ['a refusal by a code that no table names', () => refused('40006'), ['app_not_permitted']],
    ['a lost answer', () => unknown('no_response'), ['app_no_answer']],
    [
      'no answer for a gateway that is off',
      () => notify(failed('connection'), { isGatewayRunning: false }),
      ['notify_gateway_stopped'],
    ],
    [
      'TLS of a gateway that is off',
      () => notify(failed('tls', 'CERT_HAS_EXPIRED'), { isGatewayRunning: false }),
      ['notify_tls_expired'],
    ],
    ['a login page', () => notify(answered({ status: 401 })), ['notify_http_status']],
    [
      'a port that does not speak HTTP',
      () => gateway(failed('answer', 'HPE_INVALID_CONSTANT')),
      ['gateway_port_taken'],
    ],
    [
      "somebody else's JSON",
      () => gateway(answered({ body: '{"name":"other","version":"1"}' })),
      ['gateway_port_taken'],
    ],
  ])('%s', (_what, find, codes) => {
    expect(codesOf(find())).toStrictEqual(codes);
  });

  test('how far the clock is off, and to which side, in both languages', () => {
    const [ahead] = alipay(clockAt(95_000));
    expect(ahead?.problem.en).toBe("This host's clock is 95 s ahead of Alipay's.");
    expect(ahead?.problem.zh).toBe('本机时钟比支付宝快 95 秒。');
    const [behind] = alipay(clockAt(-95_000));
    expect(behind?.problem.en).toBe("This host's clock is 96 s behind Alipay's.");
    expect(behind?.problem.zh).toBe('本机时钟比支付宝慢 96 秒。');
  });

  test.each<[string, Parameters<typeof certified>[0], string[]]>([
    ['a month and a moment away', { appMs: NOW_MS + 30 * DAY_MS + 1 }, []],
    ['within a month', { appMs: NOW_MS + 1 }, ['App 2016: its own certificate ends at']],
    ['over', { appMs: NOW_MS - 1 }, ['App 2016: its own certificate ended at']],
    [
      'of both',
      { appMs: NOW_MS, alipayMs: NOW_MS + DAY_MS },
      ['App 2016: its own certificate ended at', "App 2016: Alipay's certificate ends at"],
    ],
  ])("the end of an app's certificates, %s", (_what, ends, sentences) => {
    const told = certified(ends).map(({ problem }) => problem.en);
    expect(told).toStrictEqual(sentences.map((text) => expect.stringContaining(text)));
  });

  test('an app is asked in the name of each merchant that authorised it, and its own if it has others', () => {
    const shop = (cpiNo: string, authorizationId: number | null) =>
      aMerchant({ cpiNo, owner: APP.owner, appId: APP.appId, authorizationId });
    const ids = (...shops: ReturnType<typeof shop>[]) =>
      askersOf(APP, [...shops, aMerchant({ owner: 'B', authorizationId: 9 })]).map(
        ({ authorizationId }) => authorizationId,
      );
    expect(ids()).toStrictEqual([null]);
    expect(ids(shop('DL1', null))).toStrictEqual([null]);
    expect(ids(shop('DL1', 1), shop('DL2', 2))).toStrictEqual([1, 2]);
    expect(ids(shop('DL1', 1), shop('DL2', null))).toStrictEqual([null, 1]);
  });

  test('an app is named with its shops', () => {
    const shops = ['DL1', 'DL2', 'DL3', 'DL4'].map((cpiNo) =>
      aMerchant({ cpiNo, owner: APP.owner, appId: APP.appId }),
    );
    const apps = [{ ...APP, alipayKey: { kind: 'absent' } as const }];
    const others = [aMerchant({ cpiNo: 'DL9', owner: 'B', appId: APP.appId })];
    const [found] = appKeyFindings(
      { apps, appOfPublicKey: new Map() },
      [...others, ...shops],
      true,
    );
    expect(found?.problem.en).toMatch(/^App 2016 \(DL1, DL2, DL3, …\): /);
  });
});

test('a value is put in as it is, on one line', () => {
  const examined: Pick<ExaminedConfig, 'problems'> = { problems: ['$& {file}\nx'] };
  const [found] = settingsFindings({ ...examineConfig({}), ...examined });
  expect(found?.problem.en).toBe('$& {file} x');
});
