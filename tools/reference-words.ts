/**
 * The Chinese of the sentences in the OpenAPI document, for the reference page. Operations and errors have theirs where they are
 * described; fields are described in English alone, since generators carry that into programs.
 */
import { WORDS_OF_PAYMENTS } from './reference-words-payments.ts';
import { WORDS_OF_SHOPS } from './reference-words-shops.ts';

/** By the English of each. */
export const WORDS: Readonly<Record<string, string>> = {
  ...WORDS_OF_PAYMENTS,
  ...WORDS_OF_SHOPS,
  'Needs neither a key nor a session.': '不需要密钥，也不需要会话。',
  'For whoever signed in, whatever the role.': '供任何已登录的用户使用，不限角色。',
  'Scope: `read`, or the token of a link and no key.':
    '权限：`read`；或者用链接中的令牌，无需密钥。',
};

const PATTERNS: readonly (readonly [english: RegExp, chinese: string])[] = [
  [/^Always (\w+)\.$/, '固定为 $1。'],
  [/^Scope: (`\w+`)\.$/, '权限：$1。'],
];

/** Throws for what nobody has translated. */
export function chineseOf(english: string): string {
  const known = WORDS[english];
  if (known !== undefined) return known;
  const [pattern, chinese] = PATTERNS.find(([one]) => one.test(english)) ?? [];
  if (pattern !== undefined && chinese !== undefined) return english.replace(pattern, chinese);
  throw new Error(
    `No Chinese for ${JSON.stringify(english)}: add it to tools/reference-words-*.ts`,
  );
}
