/**
 * What axe finds wrong with a page as it is shown: what people who cannot see it, or use no mouse, would stumble over. Serious and
 * critical findings only, each with where it is.
 */
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { readFileSync } from 'node:fs';

const SOURCE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

type Finding = {
  readonly id: string;
  readonly impact: string | null;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
};

export async function seriousFindings(page: Page): Promise<readonly string[]> {
  // Evaluated by the browser's own protocol: the policy of the page allows no script of ours.
  await page.evaluate(SOURCE);
  const { violations } = await page.evaluate(() =>
    (globalThis as unknown as { axe: { run(): Promise<{ violations: Finding[] }> } }).axe.run(),
  );
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`));
}
