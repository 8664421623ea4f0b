/**
 * The routes of webhook endpoints and deliveries. What they do is in `webhooks.ts`.
 */
import type { FastifyInstance } from 'fastify';
import type { Deps } from '../../flows/deps.ts';
import { callerOf, requireScope } from './caller.ts';
import { makeOnce } from './made-once.ts';
import { operation, type Description } from './operation.ts';
import {
  DELIVERY,
  DELIVERY_WITH_ATTEMPTS,
  DISABLED_ENDPOINT,
  ENDPOINT,
  ENDPOINT_TEST,
  NEW_ENDPOINT,
  PENDING_DELIVERY,
  ROTATED_ENDPOINT,
  lastPage,
} from './samples.ts';
import { IdParams, IfMatchHeaders, MayRepeatHeaders, pageOf, refTo } from './schemas.ts';
import type { ShapeProvider } from './shape.ts';
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
  deleteOne,
  endpointOf,
  etagOf,
  getDelivery,
  getOne,
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
/** In the examples. */
const OF_ENDPOINT = { params: { id: ENDPOINT.id } };

function ofEndpoint(
  more: Pick<Description, 'operationId' | 'summary' | 'gives' | 'examples'> &
    Partial<Pick<Description, 'problems'>>,
): Description {
  const problems = ['webhook_endpoint_not_found', ...(more.problems ?? [])] as const;
  return { ...COMMON, ...more, problems };
}

const create = operation(
  { body: EndpointCreate, headers: MayRepeatHeaders },
  {
    ...COMMON,
    operationId: 'createWebhookEndpoint',
    summary: { en: 'Have a program called when something happens', zh: '有事情发生时调用一个程序' },
    gives: [201, Endpoint, 'The endpoint, with its `secret`: nobody can read that again.'],
    problems: ['merchant_not_found', 'too_many_webhook_endpoints'],
    examples: {
      desk: {
        body: {
          url: 'https://pms.example.com/hook',
          types: ['payment.paid', 'refund.succeeded'],
          description: 'Front desk',
        },
        answer: NEW_ENDPOINT,
      },
    },
  },
);
const list = operation(
  {},
  {
    ...COMMON,
    operationId: 'listWebhookEndpoints',
    summary: { en: 'List endpoints, oldest first', zh: '列出端点，从旧到新' },
    gives: [200, pageOf(Endpoint), 'All of them: there are few.'],
    problems: [],
    examples: { all: { answer: lastPage(ENDPOINT) } },
  },
);
const get = operation(
  { params: IdParams },
  ofEndpoint({
    operationId: 'getWebhookEndpoint',
    summary: { en: 'Look at an endpoint', zh: '查看一个端点' },
    gives: [200, Endpoint, 'The endpoint, without its secret; its ETag names what was read.'],
    examples: { look: { ...OF_ENDPOINT, answer: ENDPOINT } },
  }),
);
const change = operation(
  { params: IdParams, body: EndpointChange, headers: IfMatchHeaders },
  ofEndpoint({
    problems: ['precondition_failed'],
    operationId: 'changeWebhookEndpoint',
    summary: { en: 'Change what is given, and leave the rest', zh: '修改所给的内容，其余不变' },
    gives: [200, Endpoint, 'The endpoint as it is now.'],
    examples: { disable: { ...OF_ENDPOINT, body: { enabled: false }, answer: DISABLED_ENDPOINT } },
  }),
);
const remove = operation(
  { params: IdParams },
  ofEndpoint({
    operationId: 'deleteWebhookEndpoint',
    summary: {
      en: 'Delete an endpoint; what it was sent can be looked at for 30 days',
      zh: '删除一个端点；已发送的内容 30 天内仍可查看',
    },
    gives: [200, Endpoint, 'As it was last: nothing more is sent, and what it was owed has ended.'],
    examples: { gone: { ...OF_ENDPOINT, answer: DISABLED_ENDPOINT } },
  }),
);
const rotate = operation(
  { params: IdParams, headers: MayRepeatHeaders },
  ofEndpoint({
    operationId: 'rotateWebhookSecret',
    summary: {
      en: 'Make a new secret; those before it sign beside it for a day',
      zh: '更换密钥；一天之内旧密钥同时签名',
    },
    gives: [200, Endpoint, 'The endpoint, with its new `secret`.'],
    examples: { rotate: { ...OF_ENDPOINT, answer: ROTATED_ENDPOINT } },
  }),
);
const tryOut = operation(
  { params: IdParams },
  ofEndpoint({
    operationId: 'testWebhookEndpoint',
    summary: { en: 'Send a signed test, which is no event', zh: '发送一个签名的测试，它不是事件' },
    gives: [200, refTo('WebhookTest'), 'What the program answered.'],
    examples: { test: { ...OF_ENDPOINT, answer: ENDPOINT_TEST } },
  }),
);
const range = operation(
  { params: IdParams, body: Redelivery },
  ofEndpoint({
    operationId: 'redeliverWebhooks',
    summary: { en: 'Send again what happened in a range of time', zh: '重发一段时间内发生的事件' },
    gives: [200, RedeliveryResult, 'How many; with `next_cursor`, ask again.'],
    examples: {
      day: {
        ...OF_ENDPOINT,
        body: { from: '2026-11-23T00:00:00+08:00', until: '2026-11-24T00:00:00+08:00' },
        answer: { object: 'webhook_redelivery', count: 2, next_cursor: null },
      },
    },
  }),
);
const deliveries = operation(
  { querystring: DeliveryQuery },
  ofEndpoint({
    operationId: 'listWebhookDeliveries',
    summary: {
      en: 'List what an endpoint is or was owed, newest first',
      zh: '列出一个端点应得的投递，从新到旧',
    },
    gives: [200, pageOf(Delivery), 'A page of deliveries; one is kept for 30 days after it ended.'],
    examples: {
      delivered: {
        query: { endpoint: ENDPOINT.id, state: 'delivered' },
        answer: lastPage(DELIVERY),
      },
    },
  }),
);
const delivery = operation(
  { params: IdParams },
  {
    ...COMMON,
    operationId: 'getWebhookDelivery',
    summary: { en: 'Look at a delivery and every attempt at it', zh: '查看一次投递及其每次尝试' },
    gives: [200, Delivery, 'The delivery, with its `attempts`.'],
    problems: ['webhook_delivery_not_found'],
    examples: { look: { params: { id: DELIVERY.id }, answer: DELIVERY_WITH_ATTEMPTS } },
  },
);
const again = operation(
  { params: IdParams },
  {
    ...COMMON,
    operationId: 'redeliverWebhook',
    summary: { en: 'Send a delivery again', zh: '重发一次投递' },
    gives: [200, Delivery, 'The delivery, which is pending again.'],
    problems: ['webhook_delivery_not_found'],
    examples: { again: { params: { id: DELIVERY.id }, answer: PENDING_DELIVERY } },
  },
);

export async function webhookRoutes(
  server: FastifyInstance,
  { deps }: { readonly deps: Deps },
): Promise<void> {
  const app = server.withTypeProvider<ShapeProvider>();
  // Whoever has events sent somewhere reads them.
  app.addHook('onRequest', async (request) => requireScope(callerOf(request), 'read'));

  app.post('/v2/webhook_endpoints', create, (request, reply) =>
    makeOnce(deps, request, reply, (keep) =>
      createEndpoint(deps, callerOf(request), request.body, keep),
    ),
  );
  app.get('/v2/webhook_endpoints', list, (request) => listAll(deps, callerOf(request)));
  app.get('/v2/webhook_endpoints/:id', get, async (request, reply) => {
    const { endpoint, view } = await getOne(deps, callerOf(request), request.params.id);
    return reply.header('etag', etagOf(endpoint)).send(view);
  });
  app.patch('/v2/webhook_endpoints/:id', change, async (request, reply) => {
    const { body, headers, params } = request;
    const before = await endpointOf(deps, callerOf(request), params.id);
    const { endpoint, view } = await changeOne(deps, before, body, headers['if-match']);
    return reply.header('etag', etagOf(endpoint)).send(view);
  });
  app.delete('/v2/webhook_endpoints/:id', remove, async (request) =>
    deleteOne(deps, await endpointOf(deps, callerOf(request), request.params.id)),
  );
  app.post('/v2/webhook_endpoints/:id/rotate_secret', rotate, (request, reply) =>
    makeOnce(deps, request, reply, async (keep) =>
      newSecret(deps, await endpointOf(deps, callerOf(request), request.params.id), keep),
    ),
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
