/**
 * The routes of dongles. What they do is in `dongles.ts`.
 */
import type { FastifyInstance } from 'fastify';
import type { Deps } from '../../flows/deps.ts';
import { callerOf } from './caller.ts';
import {
  addMerchant,
  createDongle,
  listDongles,
  removeMerchant,
  reopenOne,
  revokeOne,
} from './dongles.ts';
import { DongleCreate, DongleQuery, GrantParams, NumberParams } from './dongle-schemas.ts';
import { makeOnce } from './made-once.ts';
import { operation, type Description } from './operation.ts';
import { lastPage, MERCHANT } from './samples.ts';
import { MayRepeatHeaders, pageOf, refTo } from './schemas.ts';
import type { ShapeProvider } from './shape.ts';
import { DONGLE, GRANTED_DONGLE, REVOKED_DONGLE } from './story-samples.ts';

const COMMON: Pick<Description, 'tag' | 'scope'> = { tag: 'Dongles', scope: 'manage' };
const NO = { no: DONGLE.number };
const AS_IT_IS_NOW: Description['gives'] = [200, refTo('Dongle'), 'The dongle as it is now.'];

const list = operation(
  { querystring: DongleQuery },
  {
    ...COMMON,
    operationId: 'listDongles',
    summary: {
      en: 'List dongles by number, with the merchants of each',
      zh: '按编号列出加密狗及各自可用的商户',
    },
    gives: [200, pageOf(refTo('Dongle')), 'A page of dongles.'],
    problems: [],
    examples: { all: { answer: lastPage(DONGLE) } },
  },
);
const create = operation(
  { body: DongleCreate, headers: MayRepeatHeaders },
  {
    ...COMMON,
    operationId: 'createDongle',
    summary: { en: 'Let a dongle ask for its secret key', zh: '登记加密狗，允许它领取密钥' },
    gives: [201, refTo('Dongle'), 'The dongle; one that was revoked is registered anew.'],
    problems: ['dongle_registered'],
    examples: { register: { body: { number: DONGLE.number }, answer: DONGLE } },
  },
);
const reopen = operation(
  { params: NumberParams },
  {
    ...COMMON,
    operationId: 'reopenDongle',
    summary: {
      en: 'Let a dongle that lost its secret key ask for a new one',
      zh: '允许丢失密钥的加密狗重新领取',
    },
    gives: AS_IT_IS_NOW,
    problems: ['dongle_not_found'],
    examples: { lost: { params: NO, answer: DONGLE } },
  },
);
const revoke = operation(
  { params: NumberParams },
  {
    ...COMMON,
    operationId: 'revokeDongle',
    summary: {
      en: 'End a dongle’s key and all its tokens at once',
      zh: '立即吊销加密狗的密钥和全部令牌',
    },
    gives: AS_IT_IS_NOW,
    problems: ['dongle_not_found'],
    examples: { stolen: { params: NO, answer: REVOKED_DONGLE } },
  },
);
const add = operation(
  { params: GrantParams },
  {
    ...COMMON,
    operationId: 'addDongleMerchant',
    summary: { en: 'Let a dongle use a merchant', zh: '授权加密狗使用一个商户' },
    gives: AS_IT_IS_NOW,
    problems: ['dongle_not_found', 'merchant_not_found'],
    examples: { grant: { params: { ...NO, merchant: MERCHANT.id }, answer: GRANTED_DONGLE } },
  },
);
const remove = operation(
  { params: GrantParams },
  {
    ...COMMON,
    operationId: 'removeDongleMerchant',
    summary: {
      en: 'Take that back; what a dongle registered stays its own',
      zh: '取消授权；加密狗自己登记的商户不受影响',
    },
    gives: AS_IT_IS_NOW,
    problems: ['dongle_not_found', 'merchant_not_found'],
    examples: { withdraw: { params: { ...NO, merchant: MERCHANT.id }, answer: DONGLE } },
  },
);

export async function dongleRoutes(
  server: FastifyInstance,
  { deps }: { readonly deps: Deps },
): Promise<void> {
  const app = server.withTypeProvider<ShapeProvider>();

  app.get('/v2/dongles', list, (call) => listDongles(deps, callerOf(call), call.query));
  app.post('/v2/dongles', create, (call, reply) =>
    makeOnce(deps, call, reply, (keep) => createDongle(deps, callerOf(call), call.body, keep)),
  );
  app.post('/v2/dongles/:no/reopen', reopen, (call) =>
    reopenOne(deps, callerOf(call), call.params.no),
  );
  app.post('/v2/dongles/:no/revoke', revoke, (call) =>
    revokeOne(deps, callerOf(call), call.params.no),
  );
  app.post('/v2/dongles/:no/merchants/:merchant', add, (call) =>
    addMerchant(deps, callerOf(call), call.params.no, call.params.merchant),
  );
  app.delete('/v2/dongles/:no/merchants/:merchant', remove, (call) =>
    removeMerchant(deps, callerOf(call), call.params.no, call.params.merchant),
  );
}
