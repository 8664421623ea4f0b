/**
 * The documents for integrators and operators, held against the code: generated pages are fresh, the
 * state diagrams have each move of the tables and no other, the v1 reference has every call and every
 * error to the letter in both languages, its answers are answers of this gateway, and no relative link
 * leads nowhere. Whether the sentences are true is for
 * readers; what the gateway answers is tested in `test/api/`.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { V1_ERRORS } from '../src/api/v1/errors.ts';
import { PAYMENT_TABLE } from '../src/core/payment.ts';
import { REFUND_TABLE } from '../src/core/refund.ts';
import { PAGES } from '../tools/generate-docs.ts';
import { MUTANTS } from './sim/mutants.ts';
import examples from './api/v1-examples.json' with { type: 'json' };

const ROOT = join(import.meta.dirname, '..');
const ENVELOPE_KEYS = ['data', 'err', 'msg', 're', 'reErr', 'statusNo', 'version'];
const PATHS = examples.calls.map(({ path }) => path);

const GUIDES = readdirSync(join(ROOT, 'docs/guides')).filter((name) => !name.includes('.zh-CN.'));

/** Each pair says the same in two languages. */
const TRANSLATED = [
  ['docs/v1.md', 'docs/v1.zh-CN.md'],
  ...GUIDES.map((name) => {
    const english = `docs/guides/${name}`;
    return [english, english.replace('.md', '.zh-CN.md')] as const;
  }),
  ['docs/postman/README.md', 'docs/postman/README.zh-CN.md'],
  ['docs/operations.md', 'docs/operations.zh-CN.md'],
  ['docs/doctor.md', 'docs/doctor.zh-CN.md'],
  ['docs/moving.md', 'docs/moving.zh-CN.md'],
  ['docs/scale.md', 'docs/scale.zh-CN.md'],
  ['docs/v2.md', 'docs/v2.zh-CN.md'],
  ['client/README.md', 'client/README.zh-CN.md'],
  ['docs/developers.md', 'docs/developers.zh-CN.md'],
  ['docs/cashier.md', 'docs/cashier.zh-CN.md'],
  ['docs/console.md', 'docs/console.zh-CN.md'],
] as const;
const V1_PAGES = TRANSLATED[0];

type Envelope = {
  readonly err: string;
  readonly msg: string;
  readonly statusNo: number;
  readonly version: string;
};

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

/** The texts between fences of one language, or of any. */
function codeBlocks(markdown: string, language = '\\w*'): readonly string[] {
  const fences = new RegExp(`^\`\`\`(?:${language})\\n([\\s\\S]*?)^\`\`\``, 'gm');
  return [...markdown.matchAll(fences)].map(([, block = '']) => block);
}

const withoutCode = (markdown: string): string => markdown.replace(/^```[\s\S]*?^```/gm, '');

const headings = (markdown: string): readonly string[] =>
  [...withoutCode(markdown).matchAll(/^#+ .*/gm)].map(([heading]) => heading);

test.each(PAGES)('$path is what the code says', async ({ path, text }) => {
  expect(read(path), 'run npm run docs').toBe(await text());
});

type Machine = Readonly<Record<string, Readonly<Record<string, string>>>>;

describe.each<[machine: string, table: Machine, index: number]>([
  ['payments', PAYMENT_TABLE, 0],
  ['refunds', REFUND_TABLE, 1],
])('the states page, of %s', (_machine, table, index) => {
  const page = read('docs/payment-states.md');
  const [, diagram = ''] = [...page.matchAll(/```mermaid\nstateDiagram-v2\n([\s\S]*?)```/g)][
    index
  ]!;
  const cells = Object.entries(table).flatMap(([from, facts]) =>
    Object.entries(facts).map(([fact, cell]) => ({ from, fact, cell })),
  );
  const moves = cells.filter(({ cell }) => cell !== 'same');

  test('draws each move of the table under its fact, and nothing else', () => {
    // One arrow for each pair of states; what needs a person is an arrow to where the payment stays.
    const drawn = [...diagram.matchAll(/^  (\w+) --> (\w+): (incident on )?([\w, ]+)$/gm)];
    const arrows = drawn.flatMap(([, from, to, incident, facts = '']) =>
      facts.split(', ').map((fact) => ({
        from,
        fact,
        cell: incident === undefined ? to : 'incident',
      })),
    );
    expect(arrows).toHaveLength(moves.length);
    expect(arrows).toStrictEqual(expect.arrayContaining(moves));
    const ends = drawn.map(([, from, to, incident]) => `${from} ${incident ?? to}`);
    expect(new Set(ends).size).toBe(drawn.length);
  });

  test('has no label that mermaid would end early', () => {
    // A colon or a semicolon within a label ends it; a line that is neither arrow nor style is a slip.
    for (const line of diagram.trim().split('\n')) {
      expect(line.trim()).toMatch(/^(\S+ --> \S+(: [\w, ]+)?|class(Def)? [\w, :-]+)$/);
    }
  });

  test('has each cell of the table', () => {
    const states = Object.keys(table);
    const head = `| fact 事实 \\ state 状态 | ${states.map((state) => `\`${state}\``).join(' | ')} |`;
    const rows = (page.split(`${head}\n`)[1] ?? '').split('\n\n')[0] ?? '';
    for (const fact of new Set(cells.map(({ fact }) => fact))) {
      const shown = states.map((state) => table[state]?.[fact]);
      const texts = shown.map((cell) => (cell === 'same' ? '·' : `**${cell}**`));
      expect(rows).toContain(`| \`${fact}\` | ${texts.join(' | ')} |`);
    }
  });
});

describe.each(V1_PAGES)('%s', (path) => {
  const page = read(path);

  test.each(Object.entries(V1_ERRORS))('has the error %s to the letter', (code, error) => {
    // The text of DATA_IS_INVALID goes on with the field and its rule.
    const msg = code === 'DATA_IS_INVALID' ? `${error.msg}: FIELD …` : error.msg;
    expect(page).toContain(`| \`${code}\` | ${error.statusNo} | \`${msg}\` |`);
  });

  test('has no error that the code does not know', () => {
    const codes = [...page.matchAll(/^\| `([A-Z_]+)` \| \d+ \|/gm)].map(([, code]) => code);
    expect(codes).toStrictEqual(Object.keys(V1_ERRORS));
  });

  test.each(PATHS)('shows %s under its own heading, with a request and an answer', (call) => {
    const start = page.indexOf(`\n### ${call}\n`);
    expect(start).toBeGreaterThan(0);
    const section = page.slice(start + 1).split(/\n##/)[0] ?? '';
    const [request = ''] = codeBlocks(section, 'sh');
    expect(request).toContain(`http://127.0.0.1:8080${call.replace('{cpiNo}', 'DL0001')} `);
    expect(request).toContain('--data-urlencode');
    expect(codeBlocks(section, 'json')).not.toStrictEqual([]);
  });

  test('shows answers that are envelopes of this version, keys in order', () => {
    const answers = codeBlocks(page, 'json');
    expect(answers.length).toBeGreaterThanOrEqual(PATHS.length);
    for (const answer of answers) {
      const envelope: Envelope = JSON.parse(answer);
      expect(Object.keys(envelope)).toStrictEqual(ENVELOPE_KEYS);
      const table: Readonly<Record<string, { statusNo: number; msg: string }>> = V1_ERRORS;
      const expected = table[envelope.err] ?? { statusNo: 200, msg: 'success' };
      expect(envelope).toMatchObject({ ...expected, version: '1.2.1' });
      expect(['nothing', ...Object.keys(V1_ERRORS)]).toContain(envelope.err);
    }
  });

  test('stays within 400 lines', () => {
    expect(page.split('\n').length - 1).toBeLessThan(400);
  });
});

describe.each(TRANSLATED)('%s and %s', (english, chinese) => {
  test('have the same code blocks', () => {
    const blocks = codeBlocks(read(english));
    expect(blocks).not.toStrictEqual([]);
    expect(codeBlocks(read(chinese))).toStrictEqual(blocks);
  });

  test('have the same outline', () => {
    const levels = (path: string): readonly number[] =>
      headings(read(path)).map((heading) => heading.indexOf(' '));
    expect(levels(chinese)).toStrictEqual(levels(english));
  });

  test('have tables of the same length', () => {
    const rows = (path: string): number => [...read(path).matchAll(/^\|.*\|$/gm)].length;
    expect(rows(chinese)).toBe(rows(english));
  });
});

describe('links', () => {
  const rootPages = readdirSync(ROOT).filter((name) =>
    /^(README.*|CONTRIBUTING|SECURITY)\.md$/.test(name),
  );
  const docs = readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name.replaceAll('\\', '/')}`);

  const others = ['client/README.md', 'client/README.zh-CN.md'];

  test.each([...rootPages, ...docs, ...others])('of %s lead somewhere', (path) => {
    expect(brokenLinks(path)).toStrictEqual([]);
  });

  test('that are broken are found', () => {
    expect(brokenLinks('docs/v1.md', '[a](nowhere.md)')).toStrictEqual(['nowhere.md']);
    expect(brokenLinks('docs/v1.md', '[a](#nowhere)')).toStrictEqual(['#nowhere']);
    expect(brokenLinks('docs/v1.md', '[a](settings.md) [b](https://a.example/b)')).toStrictEqual(
      [],
    );
  });
});

/** Relative links of a page to a file, or to a heading of a page, that does not exist. */
function brokenLinks(path: string, markdown = read(path)): readonly string[] {
  const links = [...withoutCode(markdown).matchAll(/\]\(([^)\s]+)\)/g)].map(
    ([, link = '']) => link,
  );
  return links.filter((link) => {
    if (/^[a-z]+:/.test(link)) return false;
    const [file = '', anchor] = link.split('#');
    const target = file === '' ? path : join(dirname(path), file);
    if (!existsSync(join(ROOT, target))) return true;
    return anchor !== undefined && !anchors(read(target)).includes(decodeURIComponent(anchor));
  });
}

/** What GitHub makes of a heading: lower case, punctuation gone, blanks as hyphens. */
function anchors(markdown: string): readonly string[] {
  return headings(markdown).map((heading) =>
    heading
      .replace(/^#+ /, '')
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

describe.each(['docs/reliability.md', 'docs/reliability.zh-CN.md'])('%s', (path) => {
  /** The names under which the simulation reports what does not hold. */
  const rulesOf = (text: string): readonly string[] => {
    const named = /(?:rule: |rule = |per(?:Payment|Endpoint)\(\s*|\bfail\(\s*)'([^']+)'/g;
    return [...text.matchAll(named)].map(([, rule = '']) => rule);
  };
  const ofV2 = [
    'answer-checks',
    'audit-checks',
    'feed-checks',
    'webhook-checks',
    'till',
    'follower',
  ];
  const sources = [
    'final-checks',
    'told-checks',
    'live-checks',
    'post',
    'world',
    'mutants-main',
    ...ofV2.map((name) => `v2/${name}`),
  ];
  const rules = sources.flatMap((name) => rulesOf(read(`test/sim/${name}.ts`)));

  test('has one promise for each rule of the simulation', () => {
    const [, table = ''] = read(path).split(/^\| --- \| --- \|$/m);
    const [rows = ''] = table.split(/\n\n/);
    const told = [...rows.matchAll(/^\| .+ \| (.+) \|$/gm)].map(([, rule = '']) => rule);
    expect(told.toSorted()).toStrictEqual([...new Set(rules)].toSorted());
  });

  test('says how many mistakes are planted', () => {
    expect(read(path)).toMatch(
      new RegExp(`(?:plants|逐个埋入) ${MUTANTS.length} (?:mistakes|个错误)`),
    );
  });
});
