/**
 * The routes of merchants. What they do is in `merchants.ts`.
 */
import type { FastifyInstance } from 'fastify';
import type { Deps } from '../../flows/deps.ts';
import { callerOf, merchantOf } from './caller.ts';
import { MerchantChange, MerchantCreate, MerchantQuery } from './merchant-schemas.ts';
import {
  changeMerchant,
  createMerchant,
  etagOf,
  getMerchant,
  listMerchants,
  merchantView,
  tryMerchant,
} from './merchants.ts';
import { makeOnce } from './made-once.ts';
import { operation } from './operation.ts';
import { MERCHANT, MERCHANT_TEST, lastPage } from './samples.ts';
import { IdParams, IfMatchHeaders, MayRepeatHeaders, pageOf, refTo } from './schemas.ts';
import type { ShapeProvider } from './shape.ts';

const create = operation(
  { body: MerchantCreate, headers: MayRepeatHeaders },
  {
    operationId: 'createMerchant',
    tag: 'Merchants',
    summary: { en: 'Register a shop', zh: '登记一家店' },
    scope: 'manage',
    gives: [201, refTo('Merchant'), 'The merchant, with the public key to give to Alipay.'],
    problems: ['shop_no_taken'],
    examples: {
      shop: {
        body: {
          shop_no: 'TEA-1',
          name: 'Tea house',
          seller_id: '2088102146225135',
          app_id: '2016022901171807',
        },
        answer: MERCHANT,
      },
    },
  },
);
const list = operation(
  { querystring: MerchantQuery },
  {
    operationId: 'listMerchants',
    tag: 'Merchants',
    summary: { en: 'List merchants, oldest first', zh: '列出商户，从旧到新' },
    scope: 'read',
    gives: [200, pageOf(refTo('Merchant')), 'A page of merchants.'],
    problems: [],
    examples: {
      first: { query: { limit: 10 }, answer: lastPage(MERCHANT) },
      shop: { query: { shop_no: MERCHANT.shop_no }, answer: lastPage(MERCHANT) },
    },
  },
);
const get = operation(
  { params: IdParams },
  {
    operationId: 'getMerchant',
    tag: 'Merchants',
    summary: { en: 'Look at a merchant', zh: '查看一个商户' },
    scope: 'read',
    gives: [200, refTo('Merchant'), 'The merchant; its ETag names what was read.'],
    problems: ['merchant_not_found'],
    examples: { look: { params: { id: MERCHANT.id }, answer: MERCHANT } },
  },
);
const change = operation(
  { params: IdParams, body: MerchantChange, headers: IfMatchHeaders },
  {
    operationId: 'changeMerchant',
    tag: 'Merchants',
    summary: { en: 'Change what is given, and leave the rest', zh: '修改所给的内容，其余不变' },
    scope: 'manage',
    gives: [200, refTo('Merchant'), 'The merchant as it is now.'],
    problems: ['merchant_not_found', 'precondition_failed', 'credentials_not_proven'],
    examples: {
      name: {
        params: { id: MERCHANT.id },
        body: { name: 'Tea house at the lake' },
        answer: { ...MERCHANT, name: 'Tea house at the lake' },
      },
    },
  },
);
const tryOut = operation(
  { params: IdParams },
  {
    operationId: 'testMerchant',
    tag: 'Merchants',
    summary: {
      en: 'Prove keys, contract and network at Alipay; moves nothing',
      zh: '在支付宝验证密钥、签约和网络，不涉及资金',
    },
    scope: 'manage',
    gives: [200, refTo('MerchantTest'), 'What Alipay said.'],
    problems: ['merchant_not_found'],
    examples: { test: { params: { id: MERCHANT.id }, answer: MERCHANT_TEST } },
  },
);

export async function merchantRoutes(
  server: FastifyInstance,
  { deps }: { readonly deps: Deps },
): Promise<void> {
  const app = server.withTypeProvider<ShapeProvider>();

  app.post('/v2/merchants', create, (request, reply) =>
    makeOnce(deps, request, reply, (keep) =>
      createMerchant(deps, callerOf(request), request.body, keep),
    ),
  );
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
