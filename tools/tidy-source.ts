/**
 * What the tidy checker needs to know of a TypeScript text: the text without its comments and
 * strings, its imports, its functions. A scanner and not a parser: it relies on the formatter for
 * the shape of lines, and understands only the language as this repository writes it.
 * The rules themselves are in `tidy.ts`.
 */

export type Import = {
  readonly line: number;
  readonly from: string;
  /** Names that exist at run time: `*` for a namespace, a dynamic or a side-effect import. */
  readonly values: readonly string[];
};

const COMMENT = /\/\/.*|\/\*[\s\S]*?\*\//y;
const STRING = /'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"/y;
const TEMPLATE = /[`}](?:\\[\s\S]|\$(?!\{)|[^`\\$])*(?:`|\$\{)/y;
const REGEX = /\/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\/[a-z]*/y;
/** A slash after one of these begins a regular expression, after anything else it divides. */
const BEFORE_REGEX = /(?:^|[(,=:[!&|?{;+*%<>~^-]|\b(?:return|case|typeof))\s*$/;

/**
 * The same text, line for line and column for column, with blanks for the contents of comments,
 * templates and regular expressions, and of strings unless they are kept.
 */
export function maskSource(text: string, strings: 'blank' | 'keep' = 'blank'): string {
  let masked = '';
  let index = 0;
  /** How many braces are open inside each `${` that is open. */
  const openBraces: number[] = [];
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = index;
    return pattern.exec(text)?.[0];
  };
  while (index < text.length) {
    const char = text.charAt(index);
    const depth = openBraces.at(-1);
    const isTemplate = char === '`' || (char === '}' && depth === 0);
    const template = isTemplate ? take(TEMPLATE) : undefined;
    const string = template ?? take(STRING);
    const comment = string ?? take(COMMENT);
    const isRegex = comment === undefined && char === '/' && BEFORE_REGEX.test(masked.slice(-20));
    const token = comment ?? (isRegex ? take(REGEX) : undefined) ?? char;
    if (template !== undefined) {
      if (char === '}') openBraces.pop();
      if (template.endsWith('${')) openBraces.push(0);
    } else if (depth !== undefined && (char === '{' || char === '}')) {
      openBraces[openBraces.length - 1] = depth + (char === '{' ? 1 : -1);
    }
    const isKept = token.length === 1 || (strings === 'keep' && template === undefined && string);
    masked += isKept ? token : blank(token);
    index += token.length;
  }
  return masked;
}

/** Keeps line ends, and the outer quotes of a string: `''` is still a string, a line a line. */
function blank(token: string): string {
  const isString = !token.startsWith('/');
  return token.replace(isString ? /(?<=.)[^\n](?=.)|[^\n'"`]/gs : /[^\n]/g, ' ');
}

export function lineAt(text: string, index: number): number {
  return text.slice(0, index).split('\n').length;
}

export function importsOf(text: string): readonly Import[] {
  const code = maskSource(text, 'keep');
  const found: Import[] = [];
  for (const match of code.matchAll(
    /^(?:import|export)\s+(type\s)?([^'";]*?)\s*from\s*['"]([^'"]+)['"]/gm,
  )) {
    const [, isType, names = '', from = ''] = match;
    const values = isType === undefined ? valueNames(names) : [];
    found.push({ line: lineAt(code, match.index), from, values });
  }
  for (const match of code.matchAll(/^import\s*['"]([^'"]+)|\bimport\(\s*['"]([^'"]+)/gm)) {
    const from = match[1] ?? match[2] ?? '';
    found.push({ line: lineAt(code, match.index), from, values: ['*'] });
  }
  return found;
}

function valueNames(names: string): string[] {
  const [outside = '', braced = ''] = names.split(/[{}]/);
  const whole = outside.replace(',', '').trim() === '' ? [] : ['*'];
  const single = braced
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '' && !name.startsWith('type '))
    .map((name) => name.split(' as ')[0] ?? name);
  return [...whole, ...single];
}

/** The functions of a formatted text: each ends at the brace that stands where its line began. */
export function functionsOf(text: string): readonly { line: number; lines: number }[] {
  const lines = maskSource(text).split('\n');
  return lines.flatMap((code, index) => {
    if (!isFunctionStart(code)) return [];
    const indent = code.search(/\S/);
    const length = lines.slice(index).findIndex((later, offset) => {
      return offset > 0 && later.search(/\S/) === indent && later.trimStart().startsWith('}');
    });
    return length === -1 ? [] : [{ line: index + 1, lines: length + 1 }];
  });
}

function isFunctionStart(code: string): boolean {
  if (/^\s*(export\s+)?(async\s+)?function\b/.test(code)) return true;
  if (/=>\s*\{$/.test(code)) return true;
  const isMethod = /^\s+(async\s+)?[\w$]+\(.*\{$/.test(code);
  return isMethod && !/^\s+(if|for|while|switch|catch|return|await)\b/.test(code);
}

/**
 * The Kysely chains that run nothing: a chain that is a statement of its own, or awaited, and does
 * not end in `execute…`. A chain that is returned or named is a query somebody else will run.
 */
export function unfinishedChains(text: string): readonly number[] {
  const code = maskSource(text);
  const found: number[] = [];
  const begin = /(?:[\w$]+\s*\.\s*)+(?:selectFrom|insertInto|updateTable|deleteFrom)\(/g;
  for (const match of code.matchAll(begin)) {
    const before = code.slice(0, match.index).trimEnd();
    if (!/(^|[;{}]|\bawait|\bvoid)$/.test(before)) continue;
    const last = lastCall(code.slice(match.index));
    if (!/^(execute|stream|compile)/.test(last)) found.push(lineAt(code, match.index));
  }
  return found;
}

/** The last method called on the chain that `code` begins with. */
function lastCall(code: string): string {
  let depth = 0;
  let outside = '';
  for (const char of code) {
    if (/[)\]}]/.test(char)) depth -= 1;
    if (depth < 0 || (depth === 0 && /[;,?]/.test(char))) break;
    if (depth === 0) outside += char;
    if (/[([{]/.test(char)) depth += 1;
  }
  return outside.match(/\.(\w+)(?!.*\.\w)/s)?.[1] ?? '';
}
