/**
 * The tables of `docs/doctor.md` and its Chinese twin, made from the findings of `src/cli/doctor/finding.ts`, which
 * `f2f doctor` prints. The text around them is written by hand and stays as it is.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FindingText, Severity } from '../src/cli/doctor/finding-text.ts';
import { FINDING_GROUPS } from '../src/cli/doctor/finding.ts';
import { table } from './markdown.ts';

const ROOT = join(import.meta.dirname, '..');
const BEGIN = '<!-- findings: made by npm run docs -->';
const END = '<!-- end of findings -->';

type Language = 'en' | 'zh';
type Group = keyof typeof FINDING_GROUPS;

const HEADS = {
  en: ['code', 'severity', 'what is wrong', 'what to do'],
  zh: ['代码', '级别', '问题', '处理'],
} as const;

const SEVERITY_NAMES: Record<Severity, Record<Language, string>> = {
  failure: { en: 'failure', zh: '失败' },
  warning: { en: 'warning', zh: '警告' },
  note: { en: 'note', zh: '提示' },
};

const GROUP_NAMES: Record<Group, Record<Language, string>> = {
  settings: { en: 'Settings', zh: '设置' },
  storage: { en: 'Data folder, master key, what waits', zh: '数据目录、主密钥与待处理事项' },
  database: { en: 'Database', zh: '数据库' },
  keys: { en: 'Keys of apps, and key files', zh: '应用密钥与密钥文件' },
  alipay: {
    en: 'Alipay, the clock, and its answer to each app',
    zh: '支付宝、时钟及其对各应用的应答',
  },
  gateway: { en: 'Running gateway and notification URL', zh: '运行中的网关与通知地址' },
  general: { en: 'Under any check', zh: '各项检查都可能出现' },
};

/** The page as it stands in the file, with the findings of today. */
export function doctorPage(path: string, language: Language): string {
  const page = readFileSync(join(ROOT, path), 'utf8');
  const [before, rest = ''] = page.split(BEGIN);
  const [, after = ''] = rest.split(END);
  return `${before}${BEGIN}\n\n${sections(language)}\n\n${END}${after}`;
}

function sections(language: Language): string {
  return groups()
    .flatMap((group) => {
      const texts: Readonly<Record<string, FindingText>> = FINDING_GROUPS[group];
      const rows = Object.entries(texts).map(([code, text]) => [
        `\`${code}\``,
        SEVERITY_NAMES[text.severity][language],
        text.problem[language],
        text.fix[language],
      ]);
      return [`### ${GROUP_NAMES[group][language]}`, table(HEADS[language], rows)];
    })
    .join('\n\n');
}

function groups(): readonly Group[] {
  // `Object.keys` forgets the type of the keys; the object has these and no others.
  return Object.keys(FINDING_GROUPS) as Group[];
}
