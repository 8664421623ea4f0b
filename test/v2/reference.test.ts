/**
 * The documents that the gateway serves: the OpenAPI document as it is in the repository, and the page to read it, which is whole,
 * leads nowhere in vain, loads nothing from elsewhere, and can be searched.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createContext, runInContext } from 'node:vm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import document from '../../docs/openapi.json' with { type: 'json' };
import { PROBLEMS } from '../../src/api/v2/problem-table.ts';
import { chineseOf, WORDS } from '../../tools/reference-words.ts';
import { createWorld, type World } from '../support/world.ts';
import { OPERATIONS } from './document.ts';

const DOCS = join(import.meta.dirname, '../../docs');

let world: World;
let page: string;
beforeAll(async () => {
  world = await createWorld();
  page = (await world.app.inject({ url: '/docs/' })).body;
});
afterAll(() => world.close());

/** What is named in the page: to be loaded, or to be gone to. */
const namedBy = (attribute: string): readonly string[] =>
  [...page.matchAll(new RegExp(` ${attribute}="([^"]*)"`, 'g'))].map(([, value = '']) => value);

/** Whoever opens the page at this address. */
const AT = 'http://gateway.test/docs/';

describe('the gateway serves', () => {
  test.each([
    ['/v2/openapi.json', 'openapi.json', 'application/json; charset=utf-8'],
    ['/docs/', 'reference/index.html', 'text/html; charset=utf-8'],
    ['/docs/style.css', 'reference/style.css', 'text/css; charset=utf-8'],
    ['/docs/search.js', 'reference/search.js', 'text/javascript; charset=utf-8'],
  ])('%s to everybody, as the repository has it', async (url, file, type) => {
    const answer = await world.app.inject({ url });
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([200, type]);
    expect(answer.body).toBe(readFileSync(join(DOCS, file), 'utf8'));
    expect(answer.headers['content-security-policy']).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    );
    expect(answer.headers['x-content-type-options']).toBe('nosniff');
  });

  test('the page where its name ends without a slash, also behind a proxy that adds a path', async () => {
    const { statusCode, headers } = await world.app.inject({ url: '/docs' });
    expect(statusCode).toBe(308);
    const location = String(headers.location);
    expect(new URL(location, 'http://gateway.test/docs').href).toBe(AT);
    expect(new URL(location, 'http://proxy.test/pay/docs').href).toBe(
      'http://proxy.test/pay/docs/',
    );
  });

  test('nothing else of the folder', async () => {
    for (const url of ['/docs/openapi.json', '/docs/../package.json', '/docs/%2e%2e/errors.md']) {
      expect([url, (await world.app.inject({ url })).statusCode]).toEqual([url, 404]);
    }
  });
});

describe('the page', () => {
  test('says each sentence in both languages, and keeps none that nothing says any more', () => {
    const said = new Set<unknown>();
    JSON.parse(JSON.stringify(document), (name, value: unknown) => {
      if (name === 'description') said.add(value);
      return value;
    });
    expect(Object.keys(WORDS).filter((english) => !said.has(english))).toEqual([]);
    expect(page).toContain(
      'Whole fen: 8800 is 88.00 yuan. <span lang="zh-CN">以分为单位的整数：8800 即 88.00 元。</span>',
    );
    expect(page).toContain('Always payment. <span lang="zh-CN">固定为 payment。</span>');
    expect(() => chineseOf('Nobody said this.')).toThrow('No Chinese for "Nobody said this."');
  });

  test('says of a field that may be null, and of a list, what it is', () => {
    const rowOf = (field: string): string =>
      new RegExp(`<code>${field}</code></th>.*`).exec(page)?.[0] ?? '';
    expect(rowOf('alipay.trade_no')).toContain('Alipay’s own number of it.');
    expect(rowOf('allowed_actions')).toContain('What may be done with it now.');
  });

  test('has every operation, shape and error, in both languages', () => {
    const ids = namedBy('id');
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toEqual(
      expect.arrayContaining([
        ...OPERATIONS.map(({ operationId }) => operationId),
        ...Object.keys(document.components.schemas).map((name) => `shape-${name}`),
        ...Object.keys(PROBLEMS).map((code) => `problem-${code}`),
      ]),
    );
    for (const { 'x-summary-zh': zh } of OPERATIONS)
      expect(page).toContain(`<span lang="zh-CN">${zh}<`);
    for (const { zh } of Object.values(PROBLEMS))
      expect(page).toContain(zh.replaceAll('"', '&quot;'));
    const headings = [...page.matchAll(/<h[23]>(.*?)<\/h[23]>/g)].map(([, text]) => text);
    expect(headings.length).toBeGreaterThan(OPERATIONS.length);
    for (const heading of headings)
      expect(heading).toMatch(/^[A-Z].* <span lang="zh-CN">.*<\/span>$/);
  });

  test('shows every example, as a shell takes it', () => {
    expect(page).toContain('curl -X POST $GATEWAY/v2/payments/pay_FF2611230000001/refunds \\');
    expect(page).toContain('-H &quot;idempotency-key: refund-1&quot; \\');
    expect(page).toContain('curl &quot;$GATEWAY/v2/payments?state=paid&amp;limit=10&quot; \\');
    const shown = OPERATIONS.flatMap(({ responses }) =>
      Object.values(responses).flatMap(({ content = {} }) =>
        Object.values(content).flatMap(({ examples = {} }) => Object.keys(examples)),
      ),
    );
    expect(page.match(/<h3>Example /g)).toHaveLength(shown.length);
    // A call and its answer.
    expect(page.match(/<pre>/g)).toHaveLength(2 * shown.length);
  });

  test('is well formed', () => {
    const open: string[] = [];
    const astray: string[] = [];
    for (const [tag, slash, name = ''] of page.matchAll(/<(\/?)([a-z]\w*)[^>]*>/g)) {
      if (/^(meta|link|input)$/.test(name)) continue;
      if (slash === '') open.push(name);
      else if (open.pop() !== name) astray.push(tag);
    }
    expect(astray).toEqual([]);
    expect(open).toEqual([]);
  });

  test('has no script and no style within, which its policy would stop', () => {
    expect(page).not.toMatch(/ style=| on\w+=|<style|<script(?! src="[^"]*" defer><\/script>)/);
  });

  test('loads from the gateway only, and what it loads is there', async () => {
    const loaded = [...namedBy('src'), ...namedBy('href')].filter((name) => !name.startsWith('#'));
    expect(loaded.toSorted()).toEqual(['../v2/openapi.json', 'search.js', 'style.css']);
    for (const name of loaded) {
      const { origin, pathname } = new URL(name, AT);
      const { statusCode } = await world.app.inject({ url: pathname });
      expect([name, origin, statusCode]).toEqual([name, 'http://gateway.test', 200]);
    }
    const style = (await world.app.inject({ url: '/docs/style.css' })).body;
    expect(style).not.toMatch(/url\(|@import|@font-face/);
  });

  test('leads nowhere in vain', () => {
    const ids = new Set(namedBy('id'));
    const links = namedBy('href').filter((name) => name.startsWith('#'));
    expect(links.length).toBeGreaterThan(100);
    expect(links.filter((link) => !ids.has(link.slice(1)))).toEqual([]);
  });
});

class Element {
  hidden = false;
  open = false;
  value = '';
  disabled = true;
  textContent = '';
  id = '';
  entries: Element[] = [];
  hear: () => void = () => undefined;
  addEventListener(_type: string, hear: () => void): void {
    this.hear = hear;
  }
  querySelector(): Element | null {
    return this.entries.find(({ hidden }) => !hidden) ?? null;
  }
  scrollIntoView(): void {}
}

/** The page's own script, on the page's own text: what a browser has around it is made of a few lines here. */
function runSearch(hash = '') {
  const sections = page
    .split('<section ')
    .slice(1)
    .map((text) => {
      const section = new Element();
      section.entries = text
        .split('<details ')
        .slice(1)
        .map((entry) => {
          const element = new Element();
          element.id = /^id="([^"]*)"/.exec(entry)?.[1] ?? '';
          element.textContent = entry.replaceAll(/^[^>]*>|<[^>]*>/g, ' ');
          return element;
        });
      return section;
    });
  const entries = sections.flatMap((section) => section.entries);
  const [field, found] = [new Element(), new Element()];
  const context = {
    document: {
      querySelector: (name: string) => (name === '#search' ? field : found),
      querySelectorAll: (name: string) => (name === 'details' ? entries : sections),
      getElementById: (id: string) => entries.find((entry) => entry.id === id) ?? null,
    },
    window: new Element(),
    location: { hash },
    HTMLDetailsElement: Element,
  };
  runInContext(readFileSync(join(DOCS, 'reference/search.js'), 'utf8'), createContext(context));
  return {
    field,
    found,
    entries,
    sections,
    search: (text: string): readonly string[] => {
      field.value = text;
      field.hear();
      return entries.filter(({ hidden }) => !hidden).map(({ id }) => id);
    },
  };
}

describe('the search', () => {
  test('finds what has every word, in either language and whatever the case', () => {
    const { search, field, found, entries, sections } = runSearch();
    expect(field.disabled).toBe(false);
    expect(search('')).toHaveLength(entries.length);
    expect(search('取消')).toContain('cancelPayment');
    expect(search('取消')).not.toContain('listApiKeys');
    expect(search('LISTREFUNDS')).toEqual(['listRefunds']);
    expect(search('x-no-such-word')).toEqual([]);
    expect([found.textContent, sections.every(({ hidden }) => hidden)]).toEqual([
      '0 found 条结果',
      true,
    ]);
    const both = search('webhook secret');
    expect(both).toContain('rotateWebhookSecret');
    expect(both).not.toContain('getRefund');
    expect(search('')).toHaveLength(entries.length);
    expect([found.textContent, sections.some(({ hidden }) => hidden)]).toEqual(['', false]);
  });

  test('a link into the page opens what it leads to', () => {
    const { entries } = runSearch('#createRefund');
    expect(entries.filter(({ open }) => open).map(({ id }) => id)).toEqual(['createRefund']);
    expect(runSearch('#nowhere').entries.filter(({ open }) => open)).toEqual([]);
  });
});
