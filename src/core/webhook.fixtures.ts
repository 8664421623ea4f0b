/** A webhook endpoint as tests need one: enabled, hearing everything, of all merchants. A test sets only what matters to it. */
import type { WebhookEndpoint } from './webhook.ts';

export function anEndpoint(changes: Partial<WebhookEndpoint> = {}): WebhookEndpoint {
  return {
    endpointNo: 'aaaaaaaaaaaaaaaa',
    merchantId: null,
    url: 'https://pms.example/',
    types: [],
    description: null,
    sealedSecret: 'sealed',
    older: null,
    state: 'enabled',
    failingSinceMs: null,
    notBeforeMs: 0,
    createdAtMs: 1,
    deletedAtMs: null,
    version: 1,
    ...changes,
  };
}
