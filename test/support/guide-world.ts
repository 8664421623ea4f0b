/**
 * Where the guides are followed: one gateway with the simulator for all of them, a shop with an account of its own for each, and
 * a look at what came of it.
 */
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { runCommand, startGateway, type Gateway } from './gateway-process.ts';
import { simulatorClient, type SimulatorClient } from './simulator-client.ts';
import { anAppId, aPaymentCode } from './v1-client.ts';

/** What tests read of a payment. */
export type Payment = {
  readonly id: string;
  readonly merchant_reference: string;
  readonly attempt: number;
  readonly state: string;
  readonly next_action: { readonly qr_code: string };
  readonly alipay: { readonly out_trade_no: string };
};

type Request = {
  readonly body?: object;
  readonly method?: string;
  /** Its idempotency key. */
  readonly once?: string;
};

/** A shop whose numbers at Alipay are in nobody's way, and a key that may do everything for it. */
export type Shop = {
  readonly id: string;
  readonly shopNo: string;
  readonly key: string;
  /** Of a bill, or all of them; newest first. */
  readonly payments: (bill?: string) => Promise<readonly Payment[]>;
};

export type GuideWorld = {
  readonly gateway: Gateway;
  readonly simulator: SimulatorClient;
  readonly operatorKey: string;
  readonly ask: <Answer>(path: string, key: string, request?: Request) => Promise<Answer>;
  readonly openShop: () => Promise<Shop>;
  readonly keyOf: (merchant: string) => Promise<string>;
  /** Charges a code that pays. */
  readonly charge: (shop: Shop, bill: string) => Promise<Payment>;
  /** How often Alipay charged for these payments. */
  readonly chargesOf: (payments: readonly Payment[]) => Promise<number>;
};

export async function startGuideWorld(): Promise<GuideWorld> {
  const gateway = await startGateway();
  const simulator = simulatorClient(gateway.simulatorUrl());
  const settings = { F2F_DATA_DIR: gateway.dataDir };
  const operatorKey = (await runCommand(['api-key', 'create', 'test'], settings)).stdout.trim();

  const ask = async <Answer>(path: string, key: string, request: Request = {}): Promise<Answer> => {
    const { body, method = body === undefined ? 'GET' : 'POST', once: name } = request;
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
    const response = await fetch(`${gateway.url()}${path}`, {
      method,
      headers: name === undefined ? headers : { ...headers, 'idempotency-key': name },
      ...(body && { body: JSON.stringify(body) }),
    });
    return (await response.json()) as Answer;
  };
  const keyOf = async (merchant: string): Promise<string> => {
    const scopes = ['read', 'charge', 'refund', 'manage'];
    const body = { name: 'guide', merchant, scopes };
    return (await ask<{ secret: string }>('/v2/api_keys', operatorKey, { body })).secret;
  };
  let shops = 0;
  const openShop = async (): Promise<Shop> => {
    shops += 1;
    const shopNo = `TEA-${shops + 100}`;
    const sellerId = `2088${String(shops).padStart(12, '0')}`;
    const body = { shop_no: shopNo, seller_id: sellerId, app_id: anAppId() };
    const { id } = await ask<{ id: string }>('/v2/merchants', operatorKey, { body });
    const key = await keyOf(id);
    const payments = async (bill?: string): Promise<readonly Payment[]> => {
      const query = bill === undefined ? '' : `?merchant_reference=${bill}`;
      return (await ask<{ data: readonly Payment[] }>(`/v2/payments${query}`, key)).data;
    };
    return { id, shopNo, key, payments };
  };
  return {
    gateway,
    simulator,
    operatorKey,
    ask,
    openShop,
    keyOf,
    charge: ({ key }, bill) => {
      const body = {
        method: 'barcode',
        auth_code: aPaymentCode(),
        amount: 8800,
        merchant_reference: bill,
        subject: 'Tea',
      };
      return ask('/v2/payments?wait=30', key, { body, once: bill });
    },
    chargesOf: async (payments) => {
      const trades = await Promise.all(
        payments.map(({ alipay }) => simulator.trade(alipay.out_trade_no)),
      );
      return trades.reduce((sum, trade) => sum + (trade?.chargeCount ?? 0), 0);
    },
  };
}

/** Bill, attempt and state of each. */
export function told(payments: readonly Payment[]): readonly string[] {
  return payments
    .map(({ merchant_reference: bill, attempt, state }) => `${bill} ${attempt} ${state}`)
    .toSorted();
}

/** A program that takes webhooks, and keeps what it was sent. */
export async function listenForWebhooks(): Promise<{
  readonly url: string;
  readonly bodies: readonly string[];
  readonly end: () => void;
}> {
  const bodies: string[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      bodies.push(body);
      response.writeHead(204).end();
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, bodies, end: () => void server.close() };
}

/** As Standard Webhooks says, and not by the gateway's own code. */
export function signWebhook(secret: string, id: string, atS: number, body: string): string {
  const hmac = createHmac('sha256', Buffer.from(secret.replace('whsec_', ''), 'base64'));
  return `v1,${hmac.update(`${id}.${atS}.${body}`).digest('base64')}`;
}
