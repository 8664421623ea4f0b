/**
 * The console and the cashier as the gateway serves them: one HTML file for every address under theirs, and beside it what it
 * loads, whose names change with what is in it. They are built by Vite (`npm run pages`) and clients of v2 like any other; nobody
 * needs a key for the files. Read and loaded when somebody asks: a gateway without a person in front of it pays nothing.
 */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { RequestHandler } from 'sirv';
import type { Deps } from '../flows/deps.ts';

const BUILT = fileURLToPath(new URL('../../console/dist/', import.meta.url));
/** What `console/vite.config.ts` writes where a nonce belongs. */
const NONCE_PLACEHOLDER = /__NONCE__/g;
const NONCE_BYTES = 16;
const YEAR_S = 365 * 24 * 60 * 60;
const NOT_BUILT =
  'The pages are not built: run "npm run pages" where the gateway is installed.\n页面尚未构建：请在网关的安装目录运行“npm run pages”。\n';

const ADDRESSES = ['/console', '/console/*', '/cashier', '/cashier/*'] as const;

/** The page may load from the gateway and from nowhere else; antd writes its styles at run time, with the nonce. */
const policyWith = (nonce: string): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data: blob:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');

const HEADERS = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
};

export async function pageRoutes(
  app: FastifyInstance,
  { deps }: { readonly deps: Pick<Deps, 'random'> },
): Promise<void> {
  for (const url of ADDRESSES) {
    app.get(url, async (_request, reply) => {
      const html = await readFile(`${BUILT}index.html`, 'utf8').catch(() => undefined);
      if (html === undefined) return notBuilt(reply);
      const nonce = deps.random.hex(NONCE_BYTES);
      return (
        reply
          .headers(HEADERS)
          .header('content-security-policy', policyWith(nonce))
          // It names what an upgrade brings, and its nonce is good once.
          .header('cache-control', 'no-store')
          .type('text/html; charset=utf-8')
          .send(html.replaceAll(NONCE_PLACEHOLDER, nonce))
      );
    });
  }
  let assets: Promise<RequestHandler> | undefined;
  app.get('/pages/*', async ({ raw }, reply) => {
    assets ??= loadAssets();
    const serve = await assets;
    reply.hijack();
    serve(raw, reply.raw, () => {
      reply.raw.writeHead(404, { 'content-type': 'application/json' });
      reply.raw.end('{"error":"not found"}');
    });
  });
}

async function loadAssets(): Promise<RequestHandler> {
  const { default: sirv } = await import('sirv');
  // Looked at once: an upgrade of the pages comes with a restart.
  return sirv(BUILT, {
    immutable: true,
    maxAge: YEAR_S,
    brotli: true,
    gzip: true,
    setHeaders: (response) => {
      for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
    },
  });
}

function notBuilt(reply: FastifyReply): FastifyReply {
  return reply.code(503).type('text/plain; charset=utf-8').send(NOT_BUILT);
}
