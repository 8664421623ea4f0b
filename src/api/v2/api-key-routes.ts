/**
 * The routes of API keys. What they do is in `api-keys.ts`.
 */
import type { FastifyInstance } from 'fastify';
import type { Deps } from '../../flows/deps.ts';
import { createKey, getKey, listKeys, revokeKey } from './api-keys.ts';
import { callerOf } from './caller.ts';
import { makeOnce } from './made-once.ts';
import { operation } from './operation.ts';
import {
  API_KEY,
  FIRST_API_KEY,
  MERCHANT,
  NEW_API_KEY,
  REVOKED_API_KEY,
  lastPage,
} from './samples.ts';
import { ApiKeyCreate, IdParams, MayRepeatHeaders, pageOf, refTo } from './schemas.ts';
import type { ShapeProvider } from './shape.ts';

const create = operation(
  { body: ApiKeyCreate, headers: MayRepeatHeaders },
  {
    operationId: 'createApiKey',
    tag: 'API keys',
    summary: { en: 'Make a key', zh: '创建一个密钥' },
    scope: 'manage',
    gives: [201, refTo('ApiKey'), 'The key, with its `secret`: nobody can read that again.'],
    problems: ['merchant_not_found'],
    examples: {
      till: {
        body: { name: 'Till 1', merchant: MERCHANT.id, scopes: ['read', 'charge'] },
        answer: NEW_API_KEY,
      },
    },
  },
);
const list = operation(
  {},
  {
    operationId: 'listApiKeys',
    tag: 'API keys',
    summary: { en: 'List keys, newest first', zh: '列出密钥，从新到旧' },
    scope: 'manage',
    gives: [200, pageOf(refTo('ApiKey')), 'All of them: there are few.'],
    problems: [],
    examples: { all: { answer: lastPage(API_KEY, FIRST_API_KEY) } },
  },
);
const get = operation(
  { params: IdParams },
  {
    operationId: 'getApiKey',
    tag: 'API keys',
    summary: { en: 'Look at a key', zh: '查看一个密钥' },
    scope: 'manage',
    gives: [200, refTo('ApiKey'), 'The key, without its secret.'],
    problems: ['api_key_not_found'],
    examples: { look: { params: { id: API_KEY.id }, answer: API_KEY } },
  },
);
const revoke = operation(
  { params: IdParams },
  {
    operationId: 'revokeApiKey',
    tag: 'API keys',
    summary: { en: 'End a key at once', zh: '立即吊销一个密钥' },
    scope: 'manage',
    gives: [200, refTo('ApiKey'), 'The key as it ended; again, the same.'],
    problems: ['api_key_not_found'],
    examples: { revoke: { params: { id: API_KEY.id }, answer: REVOKED_API_KEY } },
  },
);

export async function apiKeyRoutes(
  server: FastifyInstance,
  { deps }: { readonly deps: Deps },
): Promise<void> {
  const app = server.withTypeProvider<ShapeProvider>();

  app.post('/v2/api_keys', create, (request, reply) =>
    makeOnce(deps, request, reply, (keep) =>
      createKey(deps, callerOf(request), request.body, keep),
    ),
  );
  app.get('/v2/api_keys', list, (request) => listKeys(deps, callerOf(request)));
  app.get('/v2/api_keys/:id', get, (request) => getKey(deps, callerOf(request), request.params.id));
  app.post('/v2/api_keys/:id/revoke', revoke, (request) =>
    revokeKey(deps, callerOf(request), request.params.id),
  );
}
