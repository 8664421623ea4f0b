/**
 * What the client's generator makes of a document: each operation of today has its place, one that was never seen gets one from
 * its own words, and what cannot be named or typed ends the generator instead of being left out. That the committed files are
 * what it makes is tested in `test/docs.test.ts`; that they compile, by the compiler.
 */
import { describe, expect, expectTypeOf, test } from 'vitest';
import { createClient, type Client, type Event, type Payment } from '../../client/client.ts';
import type { ProblemCode } from '../../client/client.ts';
import type { ProblemCode as ServedCode } from '../../src/api/v2/problem-table.ts';
import { nameOf, operationsOf, type OpenapiDocument } from '../../tools/client-document.ts';
import { isDownload, operationsText } from '../../tools/client-operations.ts';
import { shapesText, typeOf } from '../../tools/client-shapes.ts';
import { OPERATIONS } from '../v2/document.ts';
import document from '../../docs/openapi.json' with { type: 'json' };

const current = document as unknown as OpenapiDocument;

describe('each operation of the document', () => {
  test('is a method of the client, unless it gives a file', () => {
    const client: Readonly<Record<string, object>> = createClient({
      url: 'http://gateway.test',
      apiKey: 'f2f_x',
    });
    const all = operationsOf(current);
    expect(all).toHaveLength(OPERATIONS.length);
    const files = all.filter(isDownload).map(({ operationId }) => operationId);
    expect(files).toEqual(['exportPayments']);
    const planned = all.filter((operation) => !isDownload(operation));
    for (const { resource, action } of planned) {
      expect(client[resource], `${resource}.${action}`).toHaveProperty(
        action,
        expect.any(Function),
      );
    }
  });

  test.each([
    ['createPayment', '/v2/payments', 'payments.create'],
    ['listPayments', '/v2/payments', 'payments.list'],
    ['getPayment', '/v2/payments/{id}', 'payments.get'],
    ['cancelPayment', '/v2/payments/{id}/cancel', 'payments.cancel'],
    ['createRefund', '/v2/payments/{id}/refunds', 'refunds.create'],
    ['listRefunds', '/v2/payments/{id}/refunds', 'refunds.list'],
    ['getRefund', '/v2/refunds/{id}', 'refunds.get'],
    ['changeMerchant', '/v2/merchants/{id}', 'merchants.change'],
    ['testMerchant', '/v2/merchants/{id}/test', 'merchants.test'],
    [
      'rotateWebhookSecret',
      '/v2/webhook_endpoints/{id}/rotate_secret',
      'webhookEndpoints.rotateSecret',
    ],
    ['redeliverWebhooks', '/v2/webhook_endpoints/{id}/redeliver', 'webhookEndpoints.redeliver'],
    ['redeliverWebhook', '/v2/webhook_deliveries/{id}/redeliver', 'webhookDeliveries.redeliver'],
    ['revokeApiKey', '/v2/api_keys/{id}/revoke', 'apiKeys.revoke'],
    // Not there today.
    ['suspendMerchant', '/v2/merchants/{id}/suspend', 'merchants.suspend'],
    ['streamPayment', '/v2/payments/{id}/stream', 'payments.stream'],
    ['setMerchantAlipayKey', '/v2/merchants/{id}/alipay_key', 'merchants.setAlipayKey'],
    ['listMerchantKeys', '/v2/merchants/{id}/keys', 'merchants.listKeys'],
    ['revokeMerchantKey', '/v2/merchants/{id}/keys/{key}/revoke', 'merchants.revokeKey'],
    ['listSettlements', '/v2/settlements', 'settlements.list'],
    ['getSettlementFile', '/v2/settlements/{id}/file', 'settlements.getFile'],
  ])('%s at %s is %s', (id, path, expected) => {
    const { resource, action } = nameOf(id, path);
    expect(`${resource}.${action}`).toBe(expected);
  });

  test('that no rule names ends the generator', () => {
    for (const [id, path] of [
      ['payments', '/v2/payments'],
      ['createBill', '/v2/payments'],
      ['createPayment', '/v3/payments'],
      ['renewSecret', '/v2/webhook_endpoints/{id}/rotate_secret'],
    ] as const) {
      expect(() => nameOf(id, path)).toThrow(`client: no name for ${id} at ${path}`);
    }
  });

  test('that would have the name of another ends it, too', async () => {
    const paths = {
      '/v2/payments/{id}/refunds': { get: anOperation('listRefunds') },
      '/v2/refunds': { get: anOperation('listRefund') },
    };
    await expect(operationsText(documentOf(paths))).rejects.toThrow(
      'client: listRefunds and listRefund would both be refunds.list: rename one of them',
    );
  });
});

const CONTENT = { 'application/json': { schema: { $ref: '#/components/schemas/Payment' } } };

function anOperation(operationId: string, more: object = {}) {
  const responses = { '200': { description: 'It.', content: CONTENT } };
  return { operationId, summary: operationId, responses, ...more };
}

function documentOf(paths: object): OpenapiDocument {
  return { ...current, paths: paths as OpenapiDocument['paths'] };
}

async function methodsOf(paths: object): Promise<string> {
  const text = await operationsText(documentOf(paths));
  return text.slice(text.indexOf('export ')).replaceAll(/\s+/g, ' ');
}

describe('an operation that was never seen', () => {
  test('comes with its parameters, its options, its body and its key', async () => {
    const header = (name: string) => ({ in: 'header', name, schema: { type: 'string' } });
    const suspend = anOperation('suspendMerchant', {
      parameters: [
        { in: 'query', name: 'dry_run', schema: { type: 'boolean' }, description: 'Only look.' },
        { ...header('idempotency-key'), required: true },
        header('if-match'),
        { in: 'path', name: 'id', required: true, schema: { type: 'string' } },
      ],
      requestBody: {
        required: true,
        content: {
          'application/json': {
            schema: {
              type: 'object',
              required: ['reason'],
              properties: { reason: { type: 'string' }, until: { type: 'string' } },
            },
          },
        },
      },
    });
    const text = await methodsOf({ '/v2/merchants/{id}/suspend': { post: suspend } });
    expect(text).toContain(
      'export type SuspendMerchantBody = { readonly reason: string; readonly until?: string | undefined; };',
    );
    expect(text).toContain(
      'export type SuspendMerchantOptions = KeyedOptions & { /** Only look. */ readonly dry_run?: boolean | undefined; readonly ifMatch?: string | undefined; };',
    );
    expect(text).toContain(
      'suspend: ( id: string, body: SuspendMerchantBody, options: SuspendMerchantOptions = {}, ): Promise<Payment> =>',
    );
    expect(text).toContain(
      "method: 'POST', path: '/v2/merchants/{id}/suspend', query: ['dry_run'], headers: { ifMatch: 'if-match' }, isKeyed: true,",
    );
  });

  test('that answers with nothing answers with nothing', async () => {
    const text = await methodsOf({
      '/v2/merchants/{id}': {
        delete: anOperation('deleteMerchant', { responses: { '204': { description: 'Gone.' } } }),
      },
    });
    expect(text).toContain('delete: (id: string, options: CallOptions = {}): Promise<void> =>');
  });

  test('whose answer goes on gives what its events hold, and comes back by itself', async () => {
    const stream = (description: string) => ({
      '200': {
        description: 'Each.',
        content: { 'text/event-stream': { schema: { type: 'string', description } } },
      },
      '204': { description: 'No more.' },
    });
    const lastEventId = { in: 'header', name: 'last-event-id', schema: { type: 'string' } };
    const pathOf = (description: string) => ({
      '/v2/payments/{id}/stream': {
        get: anOperation('streamPayment', {
          responses: stream(description),
          parameters: [lastEventId],
        }),
      },
    });
    const text = await methodsOf(pathOf('Each has a `Refund` as JSON in `data`.'));
    expect(text).toContain(
      "stream: (id: string, options: CallOptions = {}): AsyncGenerator<Refund, void, undefined> => listen({ method: 'GET', path: '/v2/payments/{id}/stream' }, { path: [id], options }),",
    );
    expect(text).toContain('operationsWith({ listen }: Transport)');
    const vague = operationsText(documentOf(pathOf('Text.')));
    await expect(vague).rejects.toThrow(
      'client: the description of what streamPayment gives must name one shape',
    );
  });

  test.each([
    [
      'whose body is no JSON',
      { requestBody: { content: { 'text/csv': {} } } },
      'the body of listMerchants is no JSON',
    ],
    [
      'whose answer is no JSON',
      { responses: { '200': { description: '', content: { 'text/csv': {} } } } },
      'listMerchants answers with text/csv',
    ],
    [
      'without a success',
      { responses: {} },
      'listMerchants must have one success that says something',
    ],
    [
      'with an option of ours',
      { parameters: [{ in: 'query', name: 'signal', schema: { type: 'string' } }] },
      'listMerchants has two options named signal',
    ],
    [
      'with a shape that it does not know',
      { parameters: [{ in: 'query', name: 'x', schema: { not: { type: 'string' } } }] },
      'no type for the keyword not',
    ],
  ])('%s ends the generator', async (_name, more, message) => {
    const paths = { '/v2/merchants': { get: anOperation('listMerchants', more) } };
    await expect(operationsText(documentOf(paths))).rejects.toThrow(`client: ${message}`);
  });
});

describe('a shape', () => {
  test.each([
    [{ type: 'integer', minimum: 1 }, 'number'],
    [{ type: 'string', enum: ['a', 'b'] }, '"a" | "b"'],
    [{ const: 3 }, '3'],
    [{ anyOf: [{ type: 'string', description: 'x' }, { type: 'null' }] }, 'string | null'],
    [{ type: ['string', 'null'] }, 'string | null'],
    [{ type: 'array', items: { type: 'string' } }, 'readonly (string)[]'],
    [{ type: 'object' }, 'Readonly<Record<string, unknown>>'],
    [
      { type: 'object', additionalProperties: { type: 'string' } },
      'Readonly<Record<string, string>>',
    ],
    [
      { allOf: [{ $ref: '#/components/schemas/A' }, { $ref: '#/components/schemas/B' }] },
      '(A) & (B)',
    ],
    [{ type: 'string', examples: ['a'], 'x-note': 1 }, 'string'],
    [{}, 'unknown'],
  ])('%j', (schema, expected) => {
    expect(typeOf(schema)).toBe(expected);
  });

  test('of an event whose subject has no shape ends the generator', async () => {
    const { Event: event, ...schemas } = current.components.schemas;
    const type = { type: 'string', enum: ['payment.paid', 'settlement.ready'] };
    const other = { ...event, properties: { ...event?.properties, type } };
    const changed = { ...current, components: { schemas: { ...schemas, Event: other } } };
    await expect(shapesText(changed)).rejects.toThrow(
      'client: no shape of the data of settlement.…',
    );
  });
});

test('types say what the gateway does', () => {
  expectTypeOf<ProblemCode>().toEqualTypeOf<ServedCode>();
  expectTypeOf<Client['payments']['get']>().returns.resolves.toEqualTypeOf<Payment>();
  const dataOf = (event: Event) => (event.type === 'payment.paid' ? event.data : undefined);
  expectTypeOf(dataOf).returns.toEqualTypeOf<Payment | undefined>();
  // @ts-expect-error -- an amount is needed
  const noAmount: Parameters<Client['refunds']['create']>[1] = { reason: 'cold' };
  expect(noAmount).toBeDefined();
});
