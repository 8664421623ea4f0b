/**
 * The text of `docs/settings.md`, made from `SETTINGS` of `src/config.ts` and the Chinese sentences of `src/setting-words.ts`.
 * `generate-docs.ts` writes the page.
 */
import { SETTINGS, type AlipayMode, type Config } from '../src/config.ts';
import { table } from './markdown.ts';
import { MEANINGS_ZH } from '../src/setting-words.ts';

const MODES: readonly AlipayMode[] = ['simulator', 'sandbox', 'production'];
/** Stands for the folder that the operator names, where a default lies in it. */
const DATA_DIR = `$${SETTINGS.dataDir.name}`;

const INTRODUCTION = `# Settings

Every setting is an environment variable; each may also stand in a file \`.env\` in the working directory, and the environment wins.
An empty value means "not set". A name that begins with \`F2F_\` and is not in the table, or a value that is not allowed, stops the
start with a sentence for each; values that may hold a secret are never repeated. The unit is in the name: \`_S\` is seconds, \`_MS\` is
milliseconds. With the simulator the master key file is made at the first start; otherwise it must exist.

每项设置都是一个环境变量，也可以写在工作目录的 \`.env\` 文件里，以环境变量为准。空值等于没有设置。以 \`F2F_\` 开头而不在表中的名称、不允许的值都会使启动失败，
每个问题给出一句说明；可能含有机密的值从不显示。单位写在名称里：\`_S\` 为秒，\`_MS\` 为毫秒。使用模拟器时主密钥文件在首次启动时生成，否则必须事先存在。

Generated from \`src/config.ts\` by \`npm run docs\`: change it there. 本页由程序生成，请勿直接修改。
`;

/** The whole text of `docs/settings.md`. */
export function settingsPage(): string {
  const rows = settingKeys().map((key) => {
    const { name, kind, meaning, isSecret } = SETTINGS[key];
    const secret = isSecret === true ? ' (secret 机密)' : '';
    return [`\`${name}\``, defaultOf(key), kind.allowed + secret, meaning, MEANINGS_ZH[key]];
  });
  const head = ['name 名称', 'default 默认值', 'allowed 允许的值', 'meaning', '含义'];
  return `${INTRODUCTION}\n${table(head, rows)}\n`;
}

function settingKeys(): readonly (keyof Config)[] {
  // `Object.keys` forgets the type of the keys; the object has these and no others.
  return Object.keys(SETTINGS) as (keyof Config)[];
}

/** One value, or one for each way of running where they differ. */
function defaultOf(key: keyof Config): string {
  const texts = MODES.map((alipay) => {
    const value = SETTINGS[key].default({ alipay, dataDir: DATA_DIR });
    return value === undefined ? 'none 无' : `\`${value}\``;
  });
  const [first = ''] = texts;
  if (texts.every((text) => text === first)) return first;
  return MODES.map((mode, index) => `${mode}: ${texts[index]}`).join('; ');
}
