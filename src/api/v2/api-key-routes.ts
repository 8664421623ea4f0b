/**
 * The routes of API keys. What they do is in `api-keys.ts`.
 */
import type { FastifyInstance } from 'fastify';
import type { Deps } from '../../flows/deps.ts';
import { createKey, getKey, listKeys, revokeKey } from './api-keys.ts';
import { callerOf } from './caller.ts';
import { operation } from './operation.ts';
import { ApiKeyCreate, IdParams, pageOf, refTo } from './schemas.ts';
import type { ShapeProvider } from './shape.ts';

const create = operation(
  { body: ApiKeyCreate },
  {
    operationId: 'createApiKey',
    tag: 'API keys',
    summary: 'Make a key',
    scope: 'manage',
    gives: [201, refTo('ApiKey'), 'The key, with its `secret`: nobody can read that again.'],
    problems: ['merchant_not_found'],
  },
);
const list = operation(
  {},
  {
    operationId: 'listApiKeys',
    tag: 'API keys',
    summary: 'List keys, newest first',
    scope: 'manage',
    gives: [200, pageOf(refTo('ApiKey')), 'All of them: there are few.'],
    problems: [],
  },
);
const get = operation(
  { params: IdParams },
  {
    operationId: 'getApiKey',
    tag: 'API keys',
    summary: 'Look at a key',
    scope: 'manage',
    gives: [200, refTo('ApiKey'), 'The key, without its secret.'],
    problems: ['api_key_not_found'],
  },
);
const revoke = operation(
  { params: IdParams },
  {
    operationId: 'revokeApiKey',
    tag: 'API keys',
    summary: 'End a key at once',
    scope: 'manage',
    gives: [200, refTo('ApiKey'), 'The key as it ended; again, the same.'],
    problems: ['api_key_not_found'],
  },
);

export async function apiKeyRoutes(
  server: FastifyInstance,
  { deps }: { readonly deps: Deps },
): Promise<void> {
  const app = server.withTypeProvider<ShapeProvider>();

  app.post('/v2/api_keys', create, async (request, reply) =>
    reply.code(201).send(await createKey(deps, callerOf(request), request.body)),
  );
  app.get('/v2/api_keys', list, (request) => listKeys(deps, callerOf(request)));
  app.get('/v2/api_keys/:id', get, (request) => getKey(deps, callerOf(request), request.params.id));
  app.post('/v2/api_keys/:id/revoke', revoke, (request) =>
    revokeKey(deps, callerOf(request), request.params.id),
  );
}
