/**
 * The doctor's report: a line for each check, under it what was found with what to do, in English and Chinese, and at the end
 * a summary; or the same for programs. Pure.
 */
import type { Text } from '../../flows/incident-texts.ts';
import type { Finding } from './finding.ts';
import { SEVERITIES, type Severity } from './finding-text.ts';

export const CHECKS = {
  settings: { en: 'settings', zh: '设置' },
  data_folder: { en: 'data folder and disk', zh: '数据目录与磁盘' },
  master_key: { en: 'master key', zh: '主密钥' },
  database: { en: 'database', zh: '数据库' },
  waiting: { en: 'overdue rows and incidents', zh: '逾期事项与事件' },
  app_keys: { en: 'keys of each app', zh: '各应用的密钥' },
  alipay: { en: 'Alipay and the clock', zh: '支付宝与时钟' },
  app_answers: { en: "each app, by Alipay's answer", zh: '各应用，按支付宝的应答' },
  gateway: { en: 'running gateway', zh: '运行中的网关' },
  notification_url: { en: 'notification URL', zh: '通知地址' },
  key_files: { en: 'key files', zh: '密钥文件' },
} as const satisfies Readonly<Record<string, Text>>;

export type Check = keyof typeof CHECKS;

export type CheckResult = { readonly check: Check; readonly findings: readonly Finding[] };

/** `ok` when there is nothing worse than a note. */
export type Status = 'ok' | Severity;

export function statusOf(findings: readonly Finding[]): Status {
  const worst = Math.max(-1, ...findings.map(({ severity }) => SEVERITIES.indexOf(severity)));
  return SEVERITIES[worst] ?? 'ok';
}

const SYMBOLS: Readonly<Record<Status, string>> = {
  ok: '[ok]     ',
  note: '[note]   ',
  warning: '[warning]',
  failure: '[failure]',
};

/** The lines of one check. */
export function checkLines({ check, findings }: CheckResult): readonly string[] {
  const { en, zh } = CHECKS[check];
  return [`${SYMBOLS[statusOf(findings)]} ${en} ${zh}`, ...findings.flatMap(findingLines)];
}

/** What is to be mended stands out; what is only good to know is short. */
function findingLines({ code, severity, problem, fix }: Finding): readonly string[] {
  const title = `    ${severity}: ${code}`;
  if (severity === 'note') {
    return [title, `      ${problem.en} ${fix.en}`, `      ${problem.zh}${fix.zh}`];
  }
  return [
    title,
    `      ${problem.en}`,
    `      ${problem.zh}`,
    `      -> ${fix.en}`,
    `      -> ${fix.zh}`,
  ];
}

export function summaryLine(results: readonly CheckResult[]): string {
  const { checks, failures, warnings, notes } = summaryOf(results);
  return `${checks} checks, ${failures} failures, ${warnings} warnings, ${notes} notes. 共 ${checks} 项检查，${failures} 个失败，${warnings} 个警告，${notes} 个提示。`;
}

export function summaryOf(results: readonly CheckResult[]) {
  const findings = results.flatMap((result) => result.findings);
  const count = (severity: Severity): number =>
    findings.filter((found) => found.severity === severity).length;
  return {
    checks: results.length,
    failures: count('failure'),
    warnings: count('warning'),
    notes: count('note'),
  };
}

/** For programs: codes and their meanings are stable, sentences are not. */
export function reportJson(results: readonly CheckResult[]): string {
  const checks = results.map(({ check, findings }) => ({
    check,
    status: statusOf(findings),
    findings,
  }));
  return JSON.stringify({ summary: summaryOf(results), checks }, undefined, 2);
}
