/**
 * The entry. What Node makes of the source files is kept beside the installed packages, so that the next start reads it
 * instead of making it again: half of the time of a start, and a fifth of its memory. A service that may not write there has
 * a folder of its own (`CACHE_DIRECTORY`, from systemd). Where nothing can be written, each start makes it anew. This file alone
 * is no TypeScript: Node would load its compiler at each start for it, and everything else is in the cache (15 MB of memory).
 * The program itself is `program.ts`.
 */
import { enableCompileCache, flushCompileCache } from 'node:module';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';

const beside = join(import.meta.dirname, '../node_modules/.cache/compiled');
// V8 gives the space for young objects more room whenever much of it survives, as modules do: 11 MB that an idle gateway
// keeps. So it stays as it is until the program is there, and grows from then on, as the load wants it.
setFlagsFromString('--semi-space-growth-factor=1');
enableCompileCache(process.env['CACHE_DIRECTORY'] ?? beside);
await import('./program.ts');
setFlagsFromString('--semi-space-growth-factor=2');
// A gateway may run until it is killed; the next start is to find what this one made.
flushCompileCache();
