/**
 * How the console and the cashier are built: split by page, with names that change with what is in them, and compressed once
 * here instead of at every request. The gateway puts a nonce of its own in the place of `NONCE_PLACEHOLDER`.
 */
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

/** `src/api/pages.ts` replaces it. */
const NONCE_PLACEHOLDER = '__NONCE__';
const GATEWAY = 'http://127.0.0.1:8080';
/** The quality at which twice the time saves less than one byte in a hundred. */
const BROTLI_QUALITY = 9;

export default defineConfig({
  root: import.meta.dirname,
  html: { cspNonce: NONCE_PLACEHOLDER },
  plugins: [react(), compressed()],
  build: {
    target: 'es2022',
    assetsDir: 'pages',
    // Scripts ask for their own parts: the policy of the page allows no inline script, and needs none.
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    // What the first view may weigh is tested, compressed (`test/e2e/browser/`).
    chunkSizeWarningLimit: 2000,
  },
  server: { proxy: { '/v2': GATEWAY } },
});

/** Beside each text, the same compressed. */
function compressed(): Plugin {
  return {
    name: 'compressed',
    apply: 'build',
    async writeBundle({ dir: built = '' }) {
      const dir = join(built, 'pages');
      const names = (await readdir(dir)).filter((name) => /\.(js|css|svg)$/.test(name));
      await Promise.all(names.map((name) => compress(join(dir, name))));
    },
  };
}

async function compress(path: string): Promise<void> {
  const text = await readFile(path);
  const params = { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY };
  await Promise.all([
    promisify(brotliCompress)(text, { params }).then((bytes) => writeFile(`${path}.br`, bytes)),
    promisify(gzip)(text, { level: 9 }).then((bytes) => writeFile(`${path}.gz`, bytes)),
  ]);
}
