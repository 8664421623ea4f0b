/**
 * What guests and other systems do at Alipay, outside the gateway: pay, decline, scan a code, and pay at a till of an
 * older system under the same app. They act through the simulator's control API and Alipay's own calls.
 */
import { createAlipayClient } from '../../src/alipay/client.ts';
import { fen } from '../../src/core/money.ts';
import { keyPair, privateKey } from './keys.ts';
import { createPublicKey } from 'node:crypto';
import type { Bill } from './ledger.ts';
import type { Network, WireCall } from './network.ts';
import { SIMULATOR_URL } from './swarm.ts';
import type { Timeline } from './timeline.ts';

export type Guests = {
  /** `act` runs when Alipay first asks the guest of this payment code. */
  whenAsked(authCode: string, act: (outTradeNo: string) => void): void;
  /** To be told of each call that reached Alipay. */
  onArrival(call: WireCall): void;
  pay(outTradeNo: string): void;
  decline(outTradeNo: string): void;
  /** The number of the trade that the scan made; undefined when the code is not honoured any more. */
  scan(qrCode: string): string | undefined;
  /** Pays a bill at a till that this gateway knows nothing of; returns its number at Alipay. */
  payElsewhere(bill: Bill): Promise<string>;
};

export function createGuests(network: Network, timeline: Timeline): Guests {
  const asked = new Map<string, (outTradeNo: string) => void>();
  const elsewhere = createAlipayClient({
    send: network.calmSend,
    clock: { nowMs: () => timeline.nowMs },
    gatewayUrl: `${SIMULATOR_URL}/gateway.do`,
    timeoutMs: 10_000,
  });
  const { publicKey } = keyPair('alipay');
  return {
    whenAsked: (authCode, act) => void asked.set(authCode, act),
    onArrival: ({ method, content, outTradeNo }) => {
      if (method !== 'alipay.trade.pay') return;
      const authCode = content['auth_code'] ?? '';
      const act = asked.get(authCode);
      asked.delete(authCode);
      act?.(outTradeNo);
    },
    pay: (outTradeNo) => void network.control('POST', `/simulator/trades/${outTradeNo}/pay`),
    decline: (outTradeNo) =>
      void network.control('POST', `/simulator/trades/${outTradeNo}/decline`),
    scan: (qrCode) => {
      const { status, json } = network.control('POST', '/simulator/scan', { qrCode });
      return status === 200 ? String(json['outTradeNo']) : undefined;
    },
    payElsewhere: async ({ shop, localNo, amountFen, name }) => {
      const paymentNo = `OLD${localNo}`;
      const app = {
        appId: shop.appId,
        signType: 'RSA2' as const,
        privateKey: privateKey('app'),
        alipayPublicKey: createPublicKey({
          key: Buffer.from(publicKey, 'base64'),
          format: 'der',
          type: 'spki',
        }),
      };
      const outcome = await elsewhere.pay(app, {
        paymentNo,
        authCode: `25${localNo.padStart(16, '0')}`,
        amountFen: fen(amountFen),
        subject: name,
        timeoutMinutes: 5,
      });
      if (outcome.kind !== 'paid')
        throw new Error(`an older system could not pay: ${outcome.kind}`);
      return paymentNo;
    },
  };
}
