/**
 * The documents of the v2 API that the gateway serves: the OpenAPI document, and a page to read it. They are files of the
 * repository, read when somebody asks; nobody needs a key for them. The page may load what stands beside it, and nothing else
 * from anywhere.
 */
import { readFile } from 'node:fs/promises';
import type { FastifyInstance } from 'fastify';

const FOLDER = new URL('../../docs/', import.meta.url);

const FILES = {
  '/v2/openapi.json': ['openapi.json', 'application/json; charset=utf-8'],
  '/docs/': ['reference/index.html', 'text/html; charset=utf-8'],
  '/docs/style.css': ['reference/style.css', 'text/css; charset=utf-8'],
  '/docs/search.js': ['reference/search.js', 'text/javascript; charset=utf-8'],
} as const;

const HEADERS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  // An upgrade changes them.
  'cache-control': 'no-cache',
};

export async function documentRoutes(app: FastifyInstance): Promise<void> {
  for (const [url, [file, type]] of Object.entries(FILES)) {
    app.get(url, async (_request, reply) =>
      reply
        .headers(HEADERS)
        .type(type)
        .send(await readFile(new URL(file, FOLDER))),
    );
  }
  // What the page loads is named relative to it. So is this, behind a proxy that puts the gateway below a path.
  app.get('/docs', (_request, reply) => reply.redirect('docs/', 308));
}
