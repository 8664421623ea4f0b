/**
 * How the wallet page is built: names that change with what is in them, and paths relative to wherever the simulator is. What only
 * some visitors need (the reader of QR codes) is a file of its own.
 */
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const SIMULATOR = 'http://127.0.0.1:8090';

export default defineConfig({
  root: import.meta.dirname,
  base: './',
  plugins: [react()],
  build: {
    target: 'es2022',
    sourcemap: false,
    // The policy of the page allows pictures from the simulator alone.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  server: { proxy: { '/simulator/': SIMULATOR } },
});
