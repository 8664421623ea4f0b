/**
 * The routes of webhook endpoints and deliveries. What they do is in `webhooks.ts`.
 */
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance } from 'fastify';
import type { Deps } from '../../flows/deps.ts';
import { callerOf, requireScope } from './caller.ts';
import { operation, type Description } from './operation.ts';
import { IdParams, pageOf, refTo } from './schemas.ts';
import {
  DeliveryQuery,
  EndpointChange,
  EndpointCreate,
  Redelivery,
  RedeliveryResult,
} from './webhook-schemas.ts';
import {
  changeOne,
  createEndpoint,
  endpointOf,
  endpointView,
  getDelivery,
  listAll,
  listDeliveries,
  newSecret,
  sendAgain,
  sendRange,
  tryOne,
} from './webhooks.ts';

const COMMON = { tag: 'Webhooks', scope: 'manage' } as const;
const Endpoint = refTo('WebhookEndpoint');
const Delivery = refTo('WebhookDelivery');

function ofEndpoint(more: Pick<Description, 'operationId' | 'summary' | 'gives'>): Description {
  return { ...COMMON, ...more, problems: ['webhook_endpoint_not_found'] };
}

const create = operation(
  { body: EndpointCreate },
  {
    ...COMMON,
    operationId: 'createWebhookEndpoint',
    summary: 'Have a program called when something happens',
    gives: [201, Endpoint, 'The endpoint, with its `secret`: nobody can read that again.'],
    problems: ['merchant_not_found', 'too_many_webhook_endpoints'],
  },
);
const list = operation(
  {},
  {
    ...COMMON,
    operationId: 'listWebhookEndpoints',
    summary: 'List endpoints, oldest first',
    gives: [200, pageOf(Endpoint), 'All of them: there are few.'],
    problems: [],
  },
);
const get = operation(
  { params: IdParams },
  ofEndpoint({
    operationId: 'getWebhookEndpoint',
    summary: 'Look at an endpoint',
    gives: [200, Endpoint, 'The endpoint, without its secret.'],
  }),
);
const change = operation(
  { params: IdParams, body: EndpointChange },
  ofEndpoint({
    operationId: 'changeWebhookEndpoint',
    summary: 'Change what is given, and leave the rest',
    gives: [200, Endpoint, 'The endpoint as it is now.'],
  }),
);
const rotate = operation(
  { params: IdParams },
  ofEndpoint({
    operationId: 'rotateWebhookSecret',
    summary: 'Make a new secret; the older one signs beside it for a day',
    gives: [200, Endpoint, 'The endpoint, with its new `secret`.'],
  }),
);
const tryOut = operation(
  { params: IdParams },
  ofEndpoint({
    operationId: 'testWebhookEndpoint',
    summary: 'Send a signed test, which is no event',
    gives: [200, refTo('WebhookTest'), 'What the program answered.'],
  }),
);
const range = operation(
  { params: IdParams, body: Redelivery },
  ofEndpoint({
    operationId: 'redeliverWebhooks',
    summary: 'Send again what happened in a range of time',
    gives: [200, RedeliveryResult, 'How many; with `next_cursor`, ask again.'],
  }),
);
const deliveries = operation(
  { querystring: DeliveryQuery },
  ofEndpoint({
    operationId: 'listWebhookDeliveries',
    summary: 'List what an endpoint is or was owed, newest first',
    gives: [200, pageOf(Delivery), 'A page of deliveries; one is kept for 30 days after it ended.'],
  }),
);
const delivery = operation(
  { params: IdParams },
  {
    ...COMMON,
    operationId: 'getWebhookDelivery',
    summary: 'Look at a delivery and every attempt at it',
    gives: [200, Delivery, 'The delivery, with its `attempts`.'],
    problems: ['webhook_delivery_not_found'],
  },
);
const again = operation(
  { params: IdParams },
  {
    ...COMMON,
    operationId: 'redeliverWebhook',
    summary: 'Send a delivery again',
    gives: [200, Delivery, 'The delivery, which is pending again.'],
    problems: ['webhook_delivery_not_found'],
  },
);

export async function webhookRoutes(
  server: FastifyInstance,
  { deps }: { readonly deps: Deps },
): Promise<void> {
  const app = server.withTypeProvider<TypeBoxTypeProvider>();
  // Whoever has events sent somewhere reads them.
  app.addHook('onRequest', async (request) => requireScope(callerOf(request), 'read'));

  app.post('/v2/webhook_endpoints', create, async (request, reply) =>
    reply.code(201).send(await createEndpoint(deps, callerOf(request), request.body)),
  );
  app.get('/v2/webhook_endpoints', list, (request) => listAll(deps, callerOf(request)));
  app.get('/v2/webhook_endpoints/:id', get, async (request) =>
    endpointView(deps, await endpointOf(deps, callerOf(request), request.params.id)),
  );
  app.patch('/v2/webhook_endpoints/:id', change, async (request) =>
    changeOne(deps, await endpointOf(deps, callerOf(request), request.params.id), request.body),
  );
  app.post('/v2/webhook_endpoints/:id/rotate_secret', rotate, async (request) =>
    newSecret(deps, await endpointOf(deps, callerOf(request), request.params.id)),
  );
  app.post('/v2/webhook_endpoints/:id/test', tryOut, async (request) =>
    tryOne(deps, await endpointOf(deps, callerOf(request), request.params.id)),
  );
  app.post('/v2/webhook_endpoints/:id/redeliver', range, async (request) =>
    sendRange(deps, await endpointOf(deps, callerOf(request), request.params.id), request.body),
  );
  app.get('/v2/webhook_deliveries', deliveries, (request) =>
    listDeliveries(deps, callerOf(request), request.query),
  );
  app.get('/v2/webhook_deliveries/:id', delivery, (request) =>
    getDelivery(deps, callerOf(request), request.params.id),
  );
  app.post('/v2/webhook_deliveries/:id/redeliver', again, (request) =>
    sendAgain(deps, callerOf(request), request.params.id),
  );
}
