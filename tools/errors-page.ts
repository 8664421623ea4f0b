/**
 * The text of `docs/errors.md`, made from the table of `src/api/v2/problem-table.ts`, which the answers are made from too.
 * `generate-docs.ts` writes the page.
 */
import { PROBLEMS } from '../src/api/v2/problem-table.ts';
import { table } from './markdown.ts';

const INTRODUCTION = `# Errors of the v2 API

An error is \`application/problem+json\` (RFC 9457). Branch on \`code\`, which never changes its meaning; show \`detail_zh\` or \`detail\` to people; tell us \`request_id\`, under
which the log has the rest. \`field\` names the field that is wrong, \`payment\` the payment that it is about.

错误以 \`application/problem+json\`（RFC 9457）返回。程序请按 \`code\` 判断，其含义不会改变；给人看的是 \`detail_zh\` 或 \`detail\`；求助时请提供 \`request_id\`，日志中有其余内容。
\`field\` 给出有误的字段，\`payment\` 给出相关的支付。

A payment that Alipay declines is no error: the call succeeds, and \`state\` is \`declined\`. Nor is silence: the payment is then \`created\` or \`awaiting_buyer\`, and becomes final by itself.

支付宝拒绝扣款不是错误：调用成功，\`state\` 为 \`declined\`。没有应答也不是：此时支付为 \`created\` 或 \`awaiting_buyer\`，之后会自行有结果。

Generated from \`src/api/v2/problem-table.ts\` by \`npm run docs\`: change it there. 本页由程序生成，请勿直接修改。
`;

/** The whole text of `docs/errors.md`. */
export function errorsPage(): string {
  const rows = Object.entries(PROBLEMS).map(([code, { status, en, zh, when }]) => [
    `\`${code}\``,
    String(status),
    `${en}<br>${zh}`,
    `${when.en}<br>${when.zh}`,
  ]);
  const head = ['code', 'HTTP', 'What is said 说明', 'When 何时'];
  return `${INTRODUCTION.trim()}\n\n${table(head, rows)}\n`;
}
