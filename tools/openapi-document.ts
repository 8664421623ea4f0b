/**
 * `docs/openapi.json`, made from the routes of the v2 API as they are registered: what is described is what is checked and
 * served. Nothing runs: the routes are never called. `generate-docs.ts` writes the file.
 */
import swagger from '@fastify/swagger';
import Fastify from 'fastify';
import { createMetrics } from '../src/api/metrics.ts';
import { PROGRAM_VERSION } from '../src/api/server.ts';
import { isEmptyAllowed, v2Routes } from '../src/api/v2/routes.ts';
import type { Keywords } from '../src/api/v2/shape.ts';
import type { Examples } from '../src/api/v2/operation.ts';
import type { Deps } from '../src/flows/deps.ts';
import { putExamples, type ExampledOperation } from './openapi-examples.ts';
import { TAGS } from './openapi-tags.ts';

const DESCRIPTION = `Payments at a desk over Alipay: register shops, charge a guest's payment code, show a QR code, cancel, refund.

Amounts are whole fen (8800 is 88.00 yuan), times RFC 3339, ids begin with what they name. Every call carries an API key, or the cookie of somebody who signed in; every POST that moves money an \`Idempotency-Key\`, which those that make something take, too, and the same call again gets the first answer.
Errors are \`application/problem+json\`, each with a \`code\` that is never renamed. A payment in doubt is never reported as failed: it stays \`created\` or \`awaiting_buyer\` until it is certain.
Releases add fields, types of events and codes: a program ignores what it does not know.`;

/** Its identifier is of OpenAPI 3.1, which the plugin's types do not know. */
const LICENSE = { name: 'Apache-2.0', identifier: 'Apache-2.0' };

/**
 * A pattern as every engine reads it: `\p` is an error in Python, and a letter in JavaScript without its flag for Unicode. Half of
 * a surrogate pair, which the gateway refuses too, is in no text that UTF-8 can write.
 */
function withPlainPatterns(name: string, value: unknown): unknown {
  if (name !== 'pattern') return value;
  return String(value).replace(String.raw`\p{Cc}\p{Cs}`, String.raw`\x00-\x1f\x7f-\x9f`);
}

type WithBody = {
  readonly requestBody?: {
    required?: boolean;
    readonly content: Readonly<Record<string, { readonly schema: Keywords }>>;
  };
};

/** The plugin says of every body that there must be one. */
function allowEmpty({ requestBody }: WithBody): void {
  const schemas = Object.values(requestBody?.content ?? {}).map(({ schema }) => schema);
  if (schemas.some((body) => isEmptyAllowed({ body }))) delete requestBody?.required;
}

/** The document as JSON text. */
export async function openapiDocument(): Promise<string> {
  const app = Fastify({ logger: false, exposeHeadRoutes: false });
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'alipay-f2f',
        version: PROGRAM_VERSION,
        description: DESCRIPTION,
        license: LICENSE,
      },
      tags: Object.entries(TAGS).map(([name, { description }]) => ({ name, description })),
      servers: [
        { url: '/', description: 'The gateway that serves this document' },
        { url: 'http://127.0.0.1:8080', description: 'As `npm start` starts it' },
      ],
      components: {
        securitySchemes: {
          api_key: { type: 'http', scheme: 'bearer', description: 'An API key: f2f_…' },
          session: {
            type: 'apiKey',
            in: 'cookie',
            name: 'f2f_session',
            description:
              'Of somebody who signed in (POST /v2/session). Whatever is not GET needs the header X-CSRF-Token beside it, with the csrf_token of the session.',
          },
          link_token: {
            type: 'apiKey',
            in: 'query',
            name: 'token',
            description: 'The token of a link that the gateway gave: for pages, which have no key.',
          },
        },
      },
    },
    hideUntagged: true,
    refResolver: {
      buildLocalReference: ({ $id }, _base, _fragment, index) =>
        typeof $id === 'string' ? $id : `shape-${index}`,
    },
  });
  const examples = new Map<string, Examples>();
  app.addHook('onRoute', ({ method, url, config }) => {
    const path = url.replaceAll(/:(\w+)/g, '{$1}');
    if (config?.examples) examples.set(`${String(method).toLowerCase()} ${path}`, config.examples);
  });
  // Handlers are described here and never called: they get no dependencies.
  const deps = {} as Deps;
  const metrics = createMetrics(() => Promise.reject(new Error('nobody asks')));
  await app.register(v2Routes, { deps, metrics, rateLimit: 'off' });
  await app.ready();
  const document = app.swagger();
  await app.close();
  for (const [path, methods] of Object.entries(document.paths ?? {})) {
    for (const [method, operation] of Object.entries(methods ?? {})) {
      // As the plugin made it; its types know of every version of OpenAPI at once.
      allowEmpty(operation as WithBody);
      putExamples(operation as ExampledOperation, examples.get(`${method} ${path}`) ?? {});
    }
  }
  return `${JSON.stringify(document, withPlainPatterns, 2)}\n`;
}
