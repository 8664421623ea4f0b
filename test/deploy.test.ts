/**
 * The files of `deploy/`, held against the program: rules and panels ask for metrics and labels that the gateway has, the proxy
 * leaves it the time and the room that it needs, and the manual speaks of each. That they work where they belong
 * (systemd, nginx) is tried by hand: `docs/operations.md` says how.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createMetrics } from '../src/api/metrics.ts';
import { NOTIFICATION_PATH } from '../src/api/notifications.ts';
import { readConfig, SETTINGS } from '../src/config.ts';
import { INCIDENT_REASONS } from '../src/core/incident.ts';

const ROOT = join(import.meta.dirname, '..');
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

/** Metrics that are not the gateway's: Prometheus's own, and those of its node_exporter. */
const OTHERS = new Map<string, readonly string[]>([
  ['up', []],
  ['node_filesystem_avail_bytes', ['fstype', 'mountpoint']],
  ['node_filesystem_size_bytes', ['fstype', 'mountpoint']],
  ['node_timex_offset_seconds', []],
  ['node_timex_sync_status', []],
]);
/** Labels that Prometheus itself gives. */
const ANYWHERE = ['job', 'instance'];

/** Each metric that the gateway tells, and its labels. */
async function gatewayMetrics(): Promise<ReadonlyMap<string, readonly string[]>> {
  const metrics = createMetrics(async () => ({
    duePayments: 0,
    dueRefunds: 0,
    longestOverdueMs: 0,
    openIncidents: new Map(INCIDENT_REASONS.map((reason) => [reason, 0])),
  }));
  metrics.countV1('/f2f/query', 'nothing');
  metrics.countV2Problem('GET /v2/payments', 'internal_error');
  metrics.countNotification('accepted');
  metrics.observeAlipay({ method: 'query', outcome: 'paid', durationMs: 1 });
  metrics.observeHttp({ route: '/f2f/query', status: 200, durationMs: 1 });
  const samples = (await metrics.text()).matchAll(/^([a-zA-Z_:][\w:]*)(?:\{([^}]*)\})? /gm);
  return new Map(
    [...samples].map(([, name = '', labels = '']) => [
      name,
      [...labels.matchAll(/(\w+)="/g)].map(([, label = '']) => label),
    ]),
  );
}

const WORDS = new Set(['and', 'or', 'unless', 'by', 'without', 'on', 'ignoring', 'bool', 'offset']);

/** The metrics and the labels that a PromQL expression asks for. */
function askedFor(expression: string): { metrics: string[]; labels: string[] } {
  const labels: string[] = [];
  const rest = expression
    .replaceAll(/\{([^}]*)\}/g, (_, matchers: string) => {
      labels.push(
        ...[...matchers.matchAll(/(\w+)\s*(?:=~|!~|!=|=)/g)].map(([, label = '']) => label),
      );
      return '';
    })
    .replaceAll(/\b(?:by|without|on|ignoring)\s*\(([^)]*)\)/g, (_, names: string) => {
      labels.push(...names.split(',').map((name) => name.trim()));
      return '';
    })
    .replaceAll(/\[\w+\]/g, '');
  const metrics = [...rest.matchAll(/[a-zA-Z_:][\w:]*(?!\w*\s*\()/g)]
    .map(([name]) => name)
    .filter((name) => !WORDS.has(name));
  return { metrics, labels };
}

/** What is wrong with an expression; empty when nothing is. */
function faultsOf(
  expression: string,
  known: ReadonlyMap<string, readonly string[]>,
): readonly string[] {
  const { metrics, labels } = askedFor(expression);
  const unknown = metrics.filter((name) => !known.has(name));
  const has = new Set([...metrics.flatMap((name) => known.get(name) ?? []), ...ANYWHERE]);
  const stray = labels.filter((label) => !has.has(label));
  return [
    ...(metrics.length === 0 ? ['asks for no metric'] : []),
    ...unknown.map((name) => `no metric ${name}`),
    ...stray.map((label) => `no label ${label}`),
  ];
}

const alerts = read('deploy/alerts.yml');
const rules = [...alerts.matchAll(/^ +- alert: (\w+)\n +expr: (.+)$/gm)].map(([, name, expr]) => ({
  name: name!,
  expr: expr!,
}));

type Panel = {
  readonly type: string;
  readonly title: string;
  readonly targets?: { expr: string }[];
};
const dashboard: { readonly panels: readonly Panel[] } = JSON.parse(
  read('deploy/grafana-dashboard.json'),
);
const charts = dashboard.panels.filter(({ type }) => type !== 'row');
const queries = charts.flatMap(({ title, targets = [] }) =>
  targets.map(({ expr }) => ({ title, expr })),
);

describe('what is asked of Prometheus', () => {
  test('has no text that YAML would read as something else', () => {
    const texts = [...alerts.matchAll(/^ +(?:summary|expr): (.+)$/gm)].map(([, text = '']) => text);
    expect(
      texts.filter((text) => !/^["']/.test(text) && /: | #|^[{[&*!|>%@]/.test(text)),
    ).toStrictEqual([]);
  });

  test('is one expression for each alert, and at least one for each panel', () => {
    expect(rules.length).toBe(alerts.match(/- alert:/g)?.length);
    expect(rules.length).toBeGreaterThan(10);
    expect(charts.filter(({ targets = [] }) => targets.length === 0)).toStrictEqual([]);
    expect(queries.length).toBeGreaterThan(15);
  });

  test.each(rules)('by the alert $name is there', async ({ expr }) => {
    const known = new Map([...(await gatewayMetrics()), ...OTHERS]);
    expect(faultsOf(expr, known)).toStrictEqual([]);
  });

  test.each(queries)('by the panel "$title" is there', async ({ expr }) => {
    const known = new Map([...(await gatewayMetrics()), ['up', []] as const]);
    expect(faultsOf(expr, known)).toStrictEqual([]);
  });

  test('is found wrong where it is', async () => {
    const known = await gatewayMetrics();
    expect(faultsOf('sum(rate(f2f_v1_answer_total[5m]))', known)).toStrictEqual([
      'no metric f2f_v1_answer_total',
    ]);
    expect(faultsOf('sum by (reason) (f2f_due_payments{shop="1"})', known)).toStrictEqual([
      'no label shop',
      'no label reason',
    ]);
    expect(faultsOf('vector(1)', known)).toStrictEqual(['asks for no metric']);
  });
});

describe.each(['docs/operations.md', 'docs/operations.zh-CN.md'])('%s', (path) => {
  const page = read(path);

  test.each(rules)('says what to do about $name', ({ name }) => {
    expect(page).toContain(`| \`${name}\` |`);
  });

  test.each(INCIDENT_REASONS)('points to the incident %s', (reason) => {
    expect(page).toContain(`(incidents.md#${reason})`);
  });

  test('names each file of deploy/', () => {
    for (const name of [
      'alipay-f2f.service',
      'f2f',
      'nginx.conf',
      'Containerfile',
      'compose.yml',
      'compose.postgres.yml',
      'alerts.yml',
      'grafana-dashboard.json',
    ]) {
      expect(existsSync(join(ROOT, 'deploy', name))).toBe(true);
      expect(page).toContain(`deploy/${name}`);
    }
  });

  test('names only settings that there are', () => {
    const names = Object.values(SETTINGS).map(({ name }) => name);
    const told = [...new Set(page.match(/F2F_[A-Z_]+[A-Z]/g))];
    expect(told.filter((name) => !names.includes(name))).toStrictEqual([]);
  });
});

describe('the proxy', () => {
  const conf = read('deploy/nginx.conf');
  const seconds = (name: string): number =>
    Number(new RegExp(`${name} (\\d+)s;`).exec(conf)?.[1] ?? 0);

  test('waits longer than any call by the default settings', () => {
    const { barcodeWaitS, alipayTimeoutMs } = readConfig({});
    expect(seconds('proxy_read_timeout')).toBeGreaterThan(barcodeWaitS + alipayTimeoutMs / 1000);
    expect(seconds('proxy_read_timeout')).toBeGreaterThan((2 * alipayTimeoutMs) / 1000);
  });

  test("lets Alipay's notifications in, the caller's address through, and no token into its log", () => {
    expect(conf).toContain(`location = ${NOTIFICATION_PATH} {`);
    expect(conf).toContain('proxy_set_header X-Forwarded-For $remote_addr;');
    expect(conf).toContain('client_max_body_size 1m;');
    expect(/log_format f2f (.+);/.exec(conf)?.[1]).not.toMatch(
      /\$request\b|\$request_uri|\$args|referer/,
    );
  });
});

test('the image has the documents that the gateway serves, and the proxy lets them through', () => {
  const allowed = read('.dockerignore');
  for (const file of ['docs/openapi.json', 'docs/reference']) {
    expect(existsSync(join(ROOT, file))).toBe(true);
    expect(allowed).toContain(`\n!${file}\n`);
  }
  expect(read('deploy/Containerfile')).toContain('\nCOPY docs docs\n');
  expect(read('deploy/nginx.conf')).toContain('location /docs {');
});

test('the unit starts what there is', () => {
  const unit = read('deploy/alipay-f2f.service');
  const [, main = ''] = /^ExecStart=\S+ \/opt\/alipay-f2f\/(\S+) start$/m.exec(unit) ?? [];
  expect(existsSync(join(ROOT, main))).toBe(true);
});
