/**
 * The routes of what happens to a merchant and its application over the years. What they do is in `merchant-lifecycle.ts`.
 */
import type { FastifyInstance } from 'fastify';
import type { Deps } from '../../flows/deps.ts';
import { callerOf } from './caller.ts';
import {
  activateNextKey,
  makeRequest,
  nextKey,
  putCertificates,
  setState,
  tryNextKey,
  withoutNextKey,
} from './merchant-lifecycle.ts';
import { CertificateRequestCreate, CertificatesUpload, NextKeyCreate } from './merchant-schemas.ts';
import { etagOf, merchantView } from './merchants.ts';
import {
  CERTIFICATES,
  CERTIFIED,
  KEY_TEST,
  RE_KEYED,
  RENAMED,
  REQUEST,
  SUSPENDED,
  WITH_NEXT_KEY,
} from './merchant-samples.ts';
import { operation, type Description } from './operation.ts';
import { MERCHANT as SHOP } from './samples.ts';
import { IdParams, refTo } from './schemas.ts';
import type { ShapeProvider } from './shape.ts';

const MERCHANT: Pick<Description, 'tag' | 'scope'> = { tag: 'Merchants', scope: 'manage' };
const ID = { id: SHOP.id };
const AS_IT_IS_NOW: Description['gives'] = [200, refTo('Merchant'), 'The merchant as it is now.'];

const suspend = operation(
  { params: IdParams },
  {
    ...MERCHANT,
    operationId: 'suspendMerchant',
    summary: {
      en: 'Begin no more payments; what began is settled as ever',
      zh: '不再发起支付，已发起的照常结清',
    },
    examples: { suspend: { params: ID, answer: SUSPENDED } },
    gives: AS_IT_IS_NOW,
    problems: ['merchant_not_found'],
  },
);
const resume = operation(
  { params: IdParams },
  {
    ...MERCHANT,
    operationId: 'resumeMerchant',
    summary: { en: 'Take payments again', zh: '恢复收款' },
    examples: { resume: { params: ID, answer: RENAMED } },
    gives: AS_IT_IS_NOW,
    problems: ['merchant_not_found'],
  },
);
const makeKey = operation(
  { params: IdParams, body: NextKeyCreate },
  {
    ...MERCHANT,
    operationId: 'createNextKey',
    summary: {
      en: 'Make the key pair that is to take over, and show its public key',
      zh: '生成待启用的密钥对，并给出公钥',
    },
    examples: { make: { params: ID, body: {}, answer: WITH_NEXT_KEY } },
    gives: [200, refTo('Merchant'), 'The merchant; upload `app.next_key.public_key` to Alipay.'],
    problems: ['merchant_not_found'],
  },
);
const dropKey = operation(
  { params: IdParams },
  {
    ...MERCHANT,
    operationId: 'deleteNextKey',
    summary: { en: 'Give the next key pair up', zh: '放弃待启用的密钥对' },
    examples: { drop: { params: ID, answer: RE_KEYED } },
    gives: AS_IT_IS_NOW,
    problems: ['merchant_not_found'],
  },
);
const tryKey = operation(
  { params: IdParams },
  {
    ...MERCHANT,
    operationId: 'testNextKey',
    summary: {
      en: 'Ask Alipay a question that the next key pair signs; changes nothing',
      zh: '用待启用的密钥签名向支付宝提问，不作更改',
    },
    examples: { test: { params: ID, answer: KEY_TEST } },
    gives: [200, refTo('KeyTest'), 'What Alipay said.'],
    problems: ['merchant_not_found', 'no_next_key'],
  },
);
const activateKey = operation(
  { params: IdParams },
  {
    ...MERCHANT,
    operationId: 'activateNextKey',
    summary: {
      en: 'Prove the next key pair at Alipay, and sign with it from now on',
      zh: '在支付宝验证待启用的密钥对，此后用它签名',
    },
    examples: { activate: { params: ID, answer: RE_KEYED } },
    gives: AS_IT_IS_NOW,
    problems: [
      'merchant_not_found',
      'no_next_key',
      'merchant_not_configured',
      'credentials_not_proven',
    ],
  },
);
const request = operation(
  { params: IdParams, body: CertificateRequestCreate },
  {
    ...MERCHANT,
    operationId: 'createCertificateRequest',
    summary: {
      en: 'Make the request (CSR) that Alipay issues the application’s certificate for',
      zh: '生成证书请求（CSR），支付宝凭它签发应用证书',
    },
    examples: {
      request: { params: ID, body: { organization: '湖畔茶馆有限公司' }, answer: REQUEST },
    },
    gives: [200, refTo('CertificateRequest'), 'For the next key pair, if there is one.'],
    problems: ['merchant_not_found', 'key_too_short'],
  },
);
const certify = operation(
  { params: IdParams, body: CertificatesUpload },
  {
    ...MERCHANT,
    operationId: 'putCertificates',
    summary: {
      en: 'Prove the three certificates at Alipay, and go over to them',
      zh: '在支付宝验证三个证书，并启用证书模式',
    },
    examples: { install: { params: ID, body: CERTIFICATES, answer: CERTIFIED } },
    gives: AS_IT_IS_NOW,
    problems: ['merchant_not_found', 'credentials_not_proven'],
  },
);

export async function merchantLifecycleRoutes(
  server: FastifyInstance,
  { deps }: { readonly deps: Deps },
): Promise<void> {
  const app = server.withTypeProvider<ShapeProvider>();

  app.post('/v2/merchants/:id/suspend', suspend, async (call, reply) => {
    const details = await setState(deps, callerOf(call), call.params.id, 'suspended');
    return reply.header('etag', etagOf(details)).send(merchantView(details));
  });
  app.post('/v2/merchants/:id/resume', resume, async (call, reply) => {
    const details = await setState(deps, callerOf(call), call.params.id, 'active');
    return reply.header('etag', etagOf(details)).send(merchantView(details));
  });
  app.post('/v2/merchants/:id/next_key', makeKey, async (call, reply) => {
    const details = await nextKey(deps, callerOf(call), call.params.id, call.body);
    return reply.header('etag', etagOf(details)).send(merchantView(details));
  });
  app.delete('/v2/merchants/:id/next_key', dropKey, async (call, reply) => {
    const details = await withoutNextKey(deps, callerOf(call), call.params.id);
    return reply.header('etag', etagOf(details)).send(merchantView(details));
  });
  app.post('/v2/merchants/:id/next_key/test', tryKey, (call) =>
    tryNextKey(deps, callerOf(call), call.params.id),
  );
  app.post('/v2/merchants/:id/next_key/activate', activateKey, async (call, reply) => {
    const details = await activateNextKey(deps, callerOf(call), call.params.id);
    return reply.header('etag', etagOf(details)).send(merchantView(details));
  });
  app.post('/v2/merchants/:id/certificate_request', request, (call) =>
    makeRequest(deps, callerOf(call), call.params.id, call.body),
  );
  app.put('/v2/merchants/:id/certificates', certify, async (call, reply) => {
    const details = await putCertificates(deps, callerOf(call), call.params.id, call.body);
    return reply.header('etag', etagOf(details)).send(merchantView(details));
  });
}
