/**
 * What the doctor says about its own checks: those that had to be left out, and one that broke. They can stand under any
 * check; `../examine.ts` makes them.
 */
import type { FindingText } from '../finding-text.ts';

export const GENERAL_TEXTS = {
  not_checked_without_database: {
    severity: 'note',
    problem: {
      en: 'Not checked: it needs the database, which is not there or not usable.',
      zh: '未检查：需要数据库，而数据库不存在或不可用。',
    },
    fix: {
      en: 'See the check of the database.',
      zh: '请看数据库一项。',
    },
  },
  not_checked_without_alipay: {
    severity: 'note',
    problem: {
      en: 'Not checked: it needs an answer of Alipay, and none came.',
      zh: '未检查：需要支付宝的应答，而没有应答。',
    },
    fix: { en: 'See the check of Alipay.', zh: '请看支付宝一项。' },
  },
  check_broke: {
    severity: 'failure',
    problem: {
      en: 'The check itself failed: {why}.',
      zh: '检查本身出错：{why}。',
    },
    fix: {
      en: 'Run the doctor again; if it stays so, report it as a fault of this program.',
      zh: '请再运行一次 doctor；若仍如此，请作为本程序的缺陷报告。',
    },
  },
} as const satisfies Readonly<Record<string, FindingText>>;
