/**
 * The tidy checker: the rules of this repository that neither the compiler nor the linter knows.
 * Pure functions from a list of files to a list of sentences, each with the place and what to do
 * instead; `test/tidy.test.ts` reads the files and also plants one violation of each rule. How
 * TypeScript is read without a parser is in `tidy-source.ts`.
 */
import { dirname, join } from 'node:path/posix';
import { functionsOf, importsOf, lineAt, maskSource, unfinishedChains } from './tidy-source.ts';

export type TextFile = { readonly path: string; readonly text: string };
type Rule = (file: TextFile, files: readonly TextFile[]) => readonly Problem[];
type Problem = { readonly line: number; readonly message: string };

/** Every violation in `files` (paths relative to the repository), as `path:line: sentence`. */
export function tidy(files: readonly TextFile[]): string[] {
  return files.flatMap((file) =>
    RULES.flatMap((rule) => rule(file, files)).map(
      ({ line, message }) => `${file.path}:${line}: ${message}`,
    ),
  );
}

type Layer = {
  readonly folder: RegExp;
  /** What may be imported at run time; a layer may always import itself. */
  readonly values: RegExp;
  /** What may be imported with `import type`, in addition. */
  readonly types?: RegExp;
  readonly rule: string;
};

/** The import table of the design. The first layer whose folder fits is the file's. */
const LAYERS: readonly Layer[] = [
  { folder: /^src\/(main|program|gateway|database|doctor)\.ts$/, values: /./, rule: 'everything' },
  {
    folder: /^src\/(config|setting-kinds|setting-words|shown-settings)\.ts$/,
    values: /^(node:|src\/(config|setting-kinds|setting-words)\.ts$)/,
    types: /^src\/flows\/deps\.ts$/,
    rule: 'node:, config and what it is made of',
  },
  { folder: /^src\/core\//, values: /^(?!)/, rule: 'core/ only' },
  {
    folder: /^src\/alipay\//,
    values: /^(src\/core\/|node:crypto$)/,
    types: /^src\/system\//,
    rule: 'core/, types of system/, node:crypto',
  },
  {
    folder: /^src\/store\/sqlite/,
    values: /^(kysely($|\/)|src\/store\/|node:(sqlite|fs|path|url|timers\/promises)$)/,
    rule: 'kysely, node:sqlite, and for the disk under it node:fs and the scheduler',
  },
  {
    folder: /^src\/store\/postgres/,
    values: /^(kysely|pg)$/,
    rule: 'kysely and pg',
  },
  {
    folder: /^src\/store\//,
    values: /^(kysely($|\/)|src\/core\/money\.ts$)/,
    types: /^src\/core\//,
    rule: 'money and types of core/, kysely',
  },
  { folder: /^src\/system\//, values: /^(?!src\/|simulator\/)/, rule: 'node: and libraries' },
  {
    folder: /^src\/flows\//,
    values: /^(src\/(core|alipay|store)\/|node:crypto$)/,
    types: /^(src\/system\/|src\/config\.ts|kysely$)/,
    rule: 'core/, alipay/, store/, types of system/ and config, node:crypto to hash',
  },
  {
    folder: /^src\/api\/(documents|pages)\.ts$/,
    values: /^(fastify|sirv|node:(fs\/promises|url))$/,
    types: /^src\/flows\//,
    rule: 'fastify, sirv, and node:fs/promises for the files of the repository',
  },
  {
    folder: /^src\/(api|worker|cli)\//,
    values:
      /^(src\/(flows|store)\/|src\/core\/(api-key|event-types|limits|lock-out|money|schedule|session|time|user)\.ts|(@fastify\/|fastify(\/types\/.*)?$|qrcode$|yazl$|node:(crypto|querystring|stream(\/promises)?)$|commander$|croner$|prom-client$))/,
    types: /^(src\/(core|system)\/|src\/config\.ts|kysely$)/,
    rule: 'flows/, store/, api-key, event-types, limits, lock-out, money, schedule, session, time and user of core/, types of core/, system/ and config, their framework, node:crypto to hash, node:querystring, node:stream',
  },
  {
    folder: /^simulator\/wallet\//,
    values:
      /^(simulator\/book\/entities\.ts$|react(-dom)?(\/|$)|@zxing\/library\/|(jsbarcode|qrcode)$)/,
    types: /^simulator\/(wallet-calls|magic-codes)\.ts$/,
    rule: "itself, the simulator's words for its things, and the packages of the page",
  },
  {
    folder: /^simulator\//,
    values: /^(node:|iconv-lite$)/,
    types: /^node-forge$/,
    rule: 'node:, iconv-lite and itself',
  },
  { folder: /^client\//, values: /^(?!)/, rule: 'itself only, because other programs copy it' },
  {
    folder: /^console\//,
    values:
      /^(client\/|vite$|(@vitejs|@ant-design|@tanstack)\/|antd(\/|$)|react(-dom|-router)?(\/|$)|qrcode$)/,
    rule: 'client/ and the packages of the pages',
  },
];

const imports: Rule = ({ path, text }) => {
  if (!/\.tsx?$/.test(path) || path.endsWith('vite.config.ts')) return [];
  const layer = isTestFile(path) ? undefined : LAYERS.find(({ folder }) => folder.test(path));
  const home = /^src\/\w+\/|^simulator\/wallet\/|^(simulator|client|console)\//.exec(path)?.[0];
  return importsOf(text).flatMap(({ line, from, values }) => {
    const target = from.startsWith('.') ? join(dirname(path), from) : from;
    if (path.startsWith('simulator/') && target.startsWith('src/')) {
      return [{ line, message: `simulator/ never imports src/ (${from}): it is a witness` }];
    }
    if (layer === undefined && isProgram(path)) {
      return [{ line, message: 'belongs to no layer: move it into a folder of the import table' }];
    }
    if (layer === undefined || (home !== undefined && target.startsWith(home))) return [];
    const isAllowed =
      layer.values.test(target) || (values.length === 0 && layer.types?.test(target) === true);
    if (isAllowed) return [];
    return [{ line, message: `imports ${target}, but may import: ${layer.rule}` }];
  });
};

/** Where the ambient world may be touched: everything else is handed what it needs. */
const AMBIENT =
  /^(src\/system\/|src\/config\.ts$|src\/program\.ts$|simulator\/server\.ts$|simulator\/shell\/|simulator\/wallet\/system\.ts$|client\/system\.ts$)/;

const BANNED: readonly (readonly [pattern: RegExp, instead: string])[] = [
  [/\bDate\.now\b/g, 'take nowMs as a parameter (Clock in system/)'],
  [/\bnew Date\b/g, 'take nowMs as a parameter and format it by arithmetic'],
  [/\bperformance\.now\b/g, 'take nowMs as a parameter (Clock in system/)'],
  [/\bMath\.random\b/g, 'take the number as a parameter (Random in system/)'],
  [
    /\b(randomUUID|randomBytes|randomInt|getRandomValues)\b/g,
    'take it as a parameter (Random in system/)',
  ],
  [/(?<!\.)\bset(Timeout|Interval|Immediate)\b/g, 'wait through the clock of system/'],
  [/(?<![.\w])fetch\(/g, 'send through the http of system/'],
  [/\bprocess\.env\b/g, 'read the setting from Config (config.ts)'],
];

const ambientWorld: Rule = ({ path, text }) => {
  if (!isProgram(path)) return [];
  const code = maskSource(text);
  const find = (pattern: RegExp, instead: string): Problem[] =>
    [...code.matchAll(pattern)].map((match) => ({
      line: lineAt(code, match.index),
      message: `${match[0]} is banned here: ${instead}`,
    }));
  const inCore = path.startsWith('src/core/')
    ? find(/\b(async|await)\b/g, 'core/ decides at once; move the waiting into a flow')
    : [];
  if (AMBIENT.test(path)) return inCore;
  return [...inCore, ...BANNED.flatMap(([pattern, instead]) => find(pattern, instead))];
};

/** A claim moves the due time, and that alone. */
const UPDATE_OF_PAYMENT =
  /\.updateTable\(\s*['"]payment['"]\s*\)(?!\s*\.from\('due'\)\s*\.set\(\{ due_at_ms: leaseEndMs \}\))/g;

/** Only the flow that applies facts writes a payment's state, and one flow writes the history. */
const oneDoor: Rule = ({ path, text }) => {
  if (!isProgram(path)) return [];
  const door = 'change the state through src/flows/apply-fact.ts';
  const inStore = path === 'src/store/payments.ts';
  const updates = inStore ? [] : [...text.matchAll(UPDATE_OF_PAYMENT)];
  const calls = /^src\/(store\/payments|store\/payment-changes|flows\/apply-fact)\.ts$/.test(path)
    ? []
    : [...maskSource(text).matchAll(/\b(savePayment(WithEvent)?|paymentUpdate)\b/g)];
  const recorder = /^src\/(store\/events|store\/payment-changes|flows\/record-change)\.ts$/;
  const appends = recorder.test(path) ? [] : [...maskSource(text).matchAll(/\bappendEvents\b/g)];
  const missing = inStore && !/export async function savePayment\b/.test(text);
  return [
    ...updates.map(({ index }) => ({
      line: lineAt(text, index),
      message: `the payment table is updated outside src/store/payments.ts: ${door}`,
    })),
    ...calls.map(({ 0: name, index }) => ({
      line: lineAt(text, index),
      message: `${name} is used outside src/flows/apply-fact.ts: ${door}`,
    })),
    ...appends.map(({ index }) => ({
      line: lineAt(text, index),
      message: 'appendEvents is used outside src/flows/record-change.ts: say what changed, there',
    })),
    ...(missing ? [{ line: 1, message: 'must export savePayment, the one write of state' }] : []),
  ];
};

const barrels: Rule = ({ path, text }) => {
  if (!path.endsWith('.ts')) return [];
  const code = maskSource(text, 'keep').replace(/export[^;'"]*from\s*['"][^'"]*['"];?/g, '');
  const isBarrel = /^export\s[^;]*from/m.test(text) && code.trim() === '';
  return isBarrel ? [{ line: 1, message: 'is a barrel: import from the file itself' }] : [];
};

/** A page's words stand in `console/words/` or the wallet's `words.ts`, in both languages side by side. */
const pageWords: Rule = ({ path, text }) => {
  if (
    !/^(console\/(?!words\/)|simulator\/wallet\/(?!words\.)).*\.tsx?$/.test(path) ||
    isTestFile(path)
  )
    return [];
  return [...text.matchAll(/[\u3400-\u9fff]+/g)].map((match) => ({
    line: lineAt(text, match.index),
    message: `"${match[0]}" is a word of the page: put it into its words`,
  }));
};

const folderNames: Rule = ({ path }) => {
  const vague = /(?:^|\/)(utils?|helpers?|common|types|misc|shared)\//.exec(path)?.[1];
  const message = `folder "${vague ?? ''}" says nothing: name it after what it does`;
  return vague === undefined ? [] : [{ line: 1, message }];
};

const header: Rule = ({ path, text }) => {
  if (!/^(src|simulator|client|console|tools)\/.*\.tsx?$/.test(path)) return [];
  const comment = /^(?:#!.*\n)?(\/\*\*[\s\S]*?\*\/)/.exec(text)?.[1] ?? '';
  if (/[.?!。]\s/.test(comment)) return [];
  return [{ line: 1, message: 'must begin with a comment of two to five sentences on the file' }];
};

const FILE_LINES = 400;
const FUNCTION_LINES = 70;
/** Files that may be longer, each with its reason. */
const LONG_FILES: Readonly<Record<string, string>> = {};

const lengths: Rule = ({ path, text }) => {
  if (!/\.tsx?$/.test(path) || isTestFile(path) || isGenerated(path)) return [];
  const lines = text.split('\n').length - 1;
  const isLong = lines > FILE_LINES && LONG_FILES[path] === undefined;
  return [
    ...(isLong
      ? [{ line: 1, message: `has ${lines} lines, at most ${FILE_LINES}: split it by subject` }]
      : []),
    ...functionsOf(text)
      .filter((found) => found.lines > FUNCTION_LINES)
      .map(({ line, lines }) => ({
        line,
        message: `function of ${lines} lines, at most ${FUNCTION_LINES}: name its parts`,
      })),
  ];
};

const todos: Rule = ({ text }) =>
  [...text.matchAll(/\b(?:TOD[O]|FIXM[E])\b(?!.{0,3}#\d)/g)].map(({ index }) => ({
    line: lineAt(text, index),
    message: 'an open task needs its issue: write the number (#1) after it',
  }));

const kyselyChains: Rule = ({ path, text }) => {
  if (!/^src\/(store|flows)\/.*\.ts$/.test(path)) return [];
  return unfinishedChains(text).map((line) => ({
    line,
    message: 'builds a query and does not run it: end the chain in execute…()',
  }));
};

const assertions: Rule = ({ path, text }) => {
  if (!path.endsWith('.test.ts')) return [];
  const hasOne = /\b(expect|expectTypeOf|assert|fc\.assert)\b[\w.]*[(<]/.test(maskSource(text));
  return hasOne ? [] : [{ line: 1, message: 'tests nothing: add an assertion' }];
};

/** Written so that this file does not contain what it looks for. */
const FOREIGN: readonly (readonly [pattern: RegExp, what: string])[] = [
  [/(?<![\w.])\/(?:wor[k]|roo[t]|tm[p]\/bash)[/_]/g, 'a path of one machine: use a relative path'],
  [/\bbash[_]jobs\b|\bstr[_]replace[_]\w+/g, 'a tool of the workplace: leave it out'],
  [
    /\bregistr[y]\.\w+\.|\bnpmmirro[r]\b|\/\/[\w.-]*artifactor[y]/gi,
    "a package registry's host: leave it to npm's own settings",
  ],
];

const foreignWords: Rule = ({ text }) =>
  FOREIGN.flatMap(([pattern, what]) =>
    [...text.matchAll(pattern)].map((match) => ({
      line: lineAt(text, match.index),
      message: `"${match[0]}" is ${what}`,
    })),
  );

const packages: Rule = ({ path, text }) => {
  if (path === 'package-lock.json') {
    const hosts = [...text.matchAll(/"resolved": "(?!file:|node_modules)/g)];
    const message = 'names where a package came from: omit-lockfile-registry-resolved in .npmrc';
    return hosts.map(({ index }) => ({ line: lineAt(text, index), message }));
  }
  if (path !== 'package.json') return [];
  const versions = text.matchAll(/"([^"]+)": "([~^<>=*][^"]*|latest|\d+(?:\.(?:\d+|x))?)"/g);
  return [...versions]
    .filter(([, name]) => name !== 'node')
    .map((match) => ({
      line: lineAt(text, match.index),
      message: `${match[1]} is ${match[2]}: write one exact version`,
    }));
};

const readmes: Rule = ({ path, text }, files) => {
  if (path !== 'README.md') return [];
  const other = files.find((file) => file.path === 'README.zh-CN.md');
  if (other === undefined) return [{ line: 1, message: 'has no README.zh-CN.md beside it' }];
  const blocks = (markdown: string): readonly string[] =>
    markdown.match(/^```[\s\S]*?^```/gm) ?? [];
  const headings = (markdown: string): readonly string[] =>
    markdown.replace(/^```[\s\S]*?^```/gm, '').match(/^#+ /gm) ?? [];
  const isSame = (pick: typeof blocks): boolean =>
    JSON.stringify(pick(text)) === JSON.stringify(pick(other.text));
  return [
    ...(isSame(headings) ? [] : [{ line: 1, message: 'headings differ from README.zh-CN.md' }]),
    ...(isSame(blocks) ? [] : [{ line: 1, message: 'code blocks differ from README.zh-CN.md' }]),
  ];
};

const RULES: readonly Rule[] = [
  imports,
  ambientWorld,
  oneDoor,
  barrels,
  pageWords,
  folderNames,
  header,
  lengths,
  todos,
  kyselyChains,
  assertions,
  foreignWords,
  packages,
  readmes,
];

function isProgram(path: string): boolean {
  return /^(src|simulator|client)\/.*\.tsx?$/.test(path) && !isTestFile(path);
}

/** Looked things up in, and not read from top to bottom. */
function isGenerated(path: string): boolean {
  return path.startsWith('client/generated/');
}

/** Tests, their fixtures and the tools are free of the rules of layers and length. */
function isTestFile(path: string): boolean {
  return /\.(test|fixtures)\.tsx?$|^(test|tools)\//.test(path);
}
