/**
 * The Postman collection that integrators import, run as they run it: newman, the environment TEST,
 * the whole collection from top to bottom against a gateway with its simulator. Every assertion must
 * pass, every documented call must be in it with an assertion of its own, and no environment may
 * name a host of anybody.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import newman, { type NewmanRunSummary } from 'newman';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startGateway, type Gateway } from '../support/gateway-process.ts';
import examples from './v1-examples.json' with { type: 'json' };

const FOLDER = join(import.meta.dirname, '../../docs/postman');
const COLLECTION = join(FOLDER, 'alipay-f2f.postman_collection.json');
const ENVIRONMENTS = [
  ['TEST', 'http://127.0.0.1:8080'],
  ['DEVE', 'https://dev.gateway.example.com'],
  ['PREPRO', 'https://preprod.gateway.example.com'],
  ['PRODUCTION', 'https://gateway.example.com'],
] as const;

type Item = {
  readonly name: string;
  readonly item?: readonly Item[];
  readonly request?: { readonly url: { readonly path: readonly string[] } };
  readonly event?: readonly { readonly script: { readonly exec: readonly string[] } }[];
};

let gateway: Gateway;
beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway.stop());

function run(): Promise<NewmanRunSummary> {
  return new Promise((resolve, reject) => {
    newman.run(
      {
        collection: COLLECTION,
        environment: join(FOLDER, 'TEST.postman_environment.json'),
        envVar: [{ key: 'ALIPAYF2F', value: gateway.url() }],
        timeout: 60_000,
        timeoutRequest: 40_000,
      },
      (error, summary) => (error === null ? resolve(summary) : reject(error)),
    );
  });
}

test('every assertion of the collection passes, twice over', async () => {
  for (const { run: result } of [await run(), await run()]) {
    const failed = result.failures.map(
      ({ source, error }) => `${source?.name}: ${error.test ?? ''} ${error.message}`,
    );
    expect(failed).toStrictEqual([]);
    expect(result.stats.assertions.total).toBeGreaterThan(50);
    expect(result.stats.requests.failed).toBe(0);
  }
}, 120_000);

test('every documented call is in the collection, with an assertion', () => {
  const collection: Item = JSON.parse(readFileSync(COLLECTION, 'utf8'));
  const requests = leaves(collection);
  const covered = requests.map(({ request }) => `/${request?.url.path.join('/')}`);
  const wanted = examples.calls.map(({ path }) => path.replace('{cpiNo}', '{{cpiNo}}'));
  expect(wanted).toHaveLength(10);
  expect(wanted.filter((path) => !covered.includes(path))).toStrictEqual([]);
  const silent = requests.filter(
    ({ event = [] }) => !event.some(({ script }) => script.exec.join('\n').includes('pm.test(')),
  );
  expect(silent.map(({ name }) => name)).toStrictEqual([]);
});

test('every documented failure is in the collection', () => {
  const documented = examples.calls.flatMap(({ failures }) => failures.map(({ err }) => err));
  const text = readFileSync(COLLECTION, 'utf8');
  expect(documented.filter((err) => !text.includes(`'${err}'`))).toStrictEqual([]);
});

test.each(ENVIRONMENTS)('environment %s has one variable, a placeholder', (name, value) => {
  const text = readFileSync(join(FOLDER, `${name}.postman_environment.json`), 'utf8');
  expect(JSON.parse(text)).toMatchObject({ name, values: [{ key: 'ALIPAYF2F', value }] });
  expect(text.match(/"key":/g)).toHaveLength(1);
});

function leaves(item: Item): readonly Item[] {
  return item.item === undefined ? [item] : item.item.flatMap(leaves);
}
