/**
 * The routes of merchants. What they do is in `merchants.ts`.
 */
import type { FastifyInstance } from 'fastify';
import type { Deps } from '../../flows/deps.ts';
import { callerOf, merchantOf } from './caller.ts';
import {
  IfMatchHeaders,
  MerchantChange,
  MerchantCreate,
  MerchantQuery,
} from './merchant-schemas.ts';
import {
  changeMerchant,
  createMerchant,
  etagOf,
  getMerchant,
  listMerchants,
  merchantView,
  tryMerchant,
} from './merchants.ts';
import { operation } from './operation.ts';
import { IdParams, pageOf, refTo } from './schemas.ts';
import type { ShapeProvider } from './shape.ts';

const create = operation(
  { body: MerchantCreate },
  {
    operationId: 'createMerchant',
    tag: 'Merchants',
    summary: 'Register a shop',
    scope: 'manage',
    gives: [201, refTo('Merchant'), 'The merchant, with the public key to give to Alipay.'],
    problems: ['shop_no_taken'],
  },
);
const list = operation(
  { querystring: MerchantQuery },
  {
    operationId: 'listMerchants',
    tag: 'Merchants',
    summary: 'List merchants, oldest first',
    scope: 'read',
    gives: [200, pageOf(refTo('Merchant')), 'A page of merchants.'],
    problems: [],
  },
);
const get = operation(
  { params: IdParams },
  {
    operationId: 'getMerchant',
    tag: 'Merchants',
    summary: 'Look at a merchant',
    scope: 'read',
    gives: [200, refTo('Merchant'), 'The merchant; its ETag names what was read.'],
    problems: ['merchant_not_found'],
  },
);
const change = operation(
  { params: IdParams, body: MerchantChange, headers: IfMatchHeaders },
  {
    operationId: 'changeMerchant',
    tag: 'Merchants',
    summary: 'Change what is given, and leave the rest',
    scope: 'manage',
    gives: [200, refTo('Merchant'), 'The merchant as it is now.'],
    problems: ['merchant_not_found', 'precondition_failed'],
  },
);
const tryOut = operation(
  { params: IdParams },
  {
    operationId: 'testMerchant',
    tag: 'Merchants',
    summary: 'Prove keys, contract and network at Alipay; moves nothing',
    scope: 'manage',
    gives: [200, refTo('MerchantTest'), 'What Alipay said.'],
    problems: ['merchant_not_found'],
  },
);

export async function merchantRoutes(
  server: FastifyInstance,
  { deps }: { readonly deps: Deps },
): Promise<void> {
  const app = server.withTypeProvider<ShapeProvider>();

  app.post('/v2/merchants', create, async (request, reply) => {
    const view = await createMerchant(deps, callerOf(request), request.body);
    return reply.code(201).header('etag', etagOf(view)).send(merchantView(view));
  });
  app.get('/v2/merchants', list, (request) =>
    listMerchants(deps, callerOf(request), request.query),
  );
  app.get('/v2/merchants/:id', get, async (request, reply) => {
    const view = await getMerchant(deps, callerOf(request), request.params.id);
    return reply.header('etag', etagOf(view)).send(merchantView(view));
  });
  app.patch('/v2/merchants/:id', change, async (request, reply) => {
    const { body, headers, params } = request;
    const caller = callerOf(request);
    const merchant = await merchantOf(deps, caller, params.id);
    const view = await changeMerchant(deps, caller, merchant, body, headers['if-match']);
    return reply.header('etag', etagOf(view)).send(merchantView(view));
  });
  app.post('/v2/merchants/:id/test', tryOut, async (request) =>
    tryMerchant(deps, await merchantOf(deps, callerOf(request), request.params.id)),
  );
}
