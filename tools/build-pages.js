/**
 * `npm run pages`: builds the console, the cashier and the wallet with Vite, each when what it is made of has changed since. `npm ci`
 * runs it too, with the Node that npm runs on, which is why it is no TypeScript. A production installation has no Vite: what was built
 * before stays, and nothing fails.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = join(import.meta.dirname, '..');
const VITE = join(ROOT, 'node_modules/vite/bin/vite.js');
/** Each folder with a `vite.config.ts`, and where what it is made of stands. */
const FOLDERS = { console: ['console', 'client'], 'simulator/wallet': ['simulator'] };

export function buildPages() {
  for (const [folder, madeOf] of Object.entries(FOLDERS)) {
    const root = join(ROOT, folder);
    const mark = join(root, 'dist/built-from');
    const sources = fingerprint(madeOf);
    if (existsSync(mark) && readFileSync(mark, 'utf8') === sources) continue;
    if (!existsSync(VITE)) {
      process.stdout.write(`${folder} is not built: Vite is not installed\n`);
      continue;
    }
    // A process of its own, because React is built otherwise for whoever tests or develops.
    execFileSync(process.execPath, [VITE, 'build', root, '--logLevel', 'warn'], {
      env: { ...process.env, NODE_ENV: 'production' },
      stdio: 'inherit',
    });
    writeFileSync(mark, sources);
    process.stdout.write(`${folder} is built\n`);
  }
}

/** @param {string[]} folders what a page is made of, beside packages, whose versions the lock tells */
function fingerprint(folders) {
  const hash = createHash('sha256');
  for (const path of [...folders.flatMap(sourcesIn), 'package-lock.json']) {
    hash.update(path).update(readFileSync(join(ROOT, path)));
  }
  return hash.digest('hex');
}

/** @param {string} folder */
function sourcesIn(folder) {
  const names = readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' });
  return names
    .filter((name) => /\.(tsx?|css|html|svg)$/.test(name) && !/(^|\/)dist\/|\.test\.ts$/.test(name))
    .map((name) => join(folder, name))
    .toSorted();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) buildPages();
