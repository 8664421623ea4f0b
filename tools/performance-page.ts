/**
 * The tables of `docs/performance.md` and its Chinese twin, made from `bench/results.json`, which `npm run bench` writes. The
 * text around them is written by hand and stays as it is.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { rowsOf, type Results } from '../bench/report.ts';
import { table } from './markdown.ts';

const ROOT = join(import.meta.dirname, '..');
const BEGIN = '<!-- figures: made by npm run docs -->';
const END = '<!-- end of figures -->';

type Language = 'en' | 'zh';

const WORDS = {
  en: {
    head: ['figure', 'median', 'lowest to highest', 'aim', ''],
    reached: 'reached',
    missed: 'missed',
    to: ' to ',
    run: ({ day, command, seconds, machine, node }: Results) =>
      `\`${command}\` on ${day}: ${seconds} s, ${machine.threads} threads of ${machine.cpu}, ${machine.memoryGb} GB, Node ${node}.`,
  },
  zh: {
    head: ['指标', '中位数', '最低到最高', '目标', ''],
    reached: '达到',
    missed: '未达到',
    to: ' 到 ',
    run: ({ day, command, seconds, machine, node }: Results) =>
      `${day} 运行 \`${command}\`：${seconds} 秒，${machine.cpu} 的 ${machine.threads} 个线程，${machine.memoryGb} GB，Node ${node}。`,
  },
} as const;

/** The page as it stands in the file, with the tables of the newest results. */
export function performancePage(path: string, language: Language): string {
  const page = readFileSync(join(ROOT, path), 'utf8');
  const [before, rest = ''] = page.split(BEGIN);
  const [, after = ''] = rest.split(END);
  return `${before}${BEGIN}\n\n${figures(readResults(), language)}\n\n${END}${after}`;
}

function readResults(): Results {
  return JSON.parse(readFileSync(join(ROOT, 'bench/results.json'), 'utf8')) as Results;
}

function figures(results: Results, language: Language): string {
  const words = WORDS[language];
  const rows = rowsOf(results).map(({ figure, value, spread, aim, isReached }) => [
    figure[language],
    value,
    spread.replace(' to ', words.to),
    aim,
    isReached === undefined ? '' : isReached ? words.reached : words.missed,
  ]);
  return `${words.run(results)}\n\n${table(words.head, rows)}`;
}
