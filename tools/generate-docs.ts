/**
 * Writes the documents that are made from code: one line of `PAGES` each, its text from its own file.
 * `npm run docs` writes them all; with `--check` nothing is written and a stale page
 * ends with 1. `test/docs.test.ts` asks the same question of each page.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { clientOperations, clientProblems, clientShapes } from './client-pages.ts';
import { doctorPage } from './doctor-page.ts';
import { errorsPage } from './errors-page.ts';
import { incidentsPage } from './incidents-page.ts';
import { openapiDocument } from './openapi-document.ts';
import { performancePage } from './performance-page.ts';
import { referencePage } from './reference-page.ts';
import { settingsPage } from './settings-page.ts';
import { statesPage } from './states-page.ts';

/** A generated document: where it is, and the whole of what must be there. */
export type Page = { readonly path: string; readonly text: () => string | Promise<string> };

export const PAGES: readonly Page[] = [
  { path: 'docs/settings.md', text: settingsPage },
  { path: 'docs/incidents.md', text: incidentsPage },
  { path: 'docs/payment-states.md', text: statesPage },
  { path: 'docs/errors.md', text: errorsPage },
  { path: 'docs/openapi.json', text: openapiDocument },
  { path: 'client/generated/shapes.ts', text: clientShapes },
  { path: 'client/generated/operations.ts', text: clientOperations },
  { path: 'client/generated/problems.ts', text: clientProblems },
  { path: 'docs/reference/index.html', text: referencePage },
  { path: 'docs/doctor.md', text: () => doctorPage('docs/doctor.md', 'en') },
  { path: 'docs/doctor.zh-CN.md', text: () => doctorPage('docs/doctor.zh-CN.md', 'zh') },
  { path: 'docs/performance.md', text: () => performancePage('docs/performance.md', 'en') },
  {
    path: 'docs/performance.zh-CN.md',
    text: () => performancePage('docs/performance.zh-CN.md', 'zh'),
  },
];

const ROOT = join(import.meta.dirname, '..');

async function main(isCheck: boolean): Promise<void> {
  for (const { path, text } of PAGES) {
    const file = join(ROOT, path);
    if (!isCheck) {
      writeFileSync(file, await text());
      console.log(`wrote ${path}`);
    } else if (readOrEmpty(file) !== (await text())) {
      console.error(`${path} is stale: run npm run docs`);
      process.exitCode = 1;
    }
  }
}

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // A missing page is a stale one.
    return '';
  }
}

if (import.meta.main) await main(process.argv.includes('--check'));
