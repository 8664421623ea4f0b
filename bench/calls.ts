/**
 * The bare call: what one question to Alipay costs in processor time, asked by our client and by the official SDK, in turns
 * in one process. Both sign, send, verify and read the same question and answer. A process of its own: its plan comes on
 * stdin, its samples go to stdout.
 */
import { createPrivateKey, createPublicKey } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { AlipaySdk } from 'alipay-sdk';
import { createAlipayClient, type AlipayApp } from '../src/alipay/client.ts';
import { fen } from '../src/core/money.ts';
import { realClock } from '../src/system/clock.ts';
import { createHttpSend } from '../src/system/http.ts';

export type CallsPlan = {
  readonly gatewayUrl: string;
  readonly appId: string;
  /** PKCS#8 and SPKI, base64 DER. */
  readonly privateKey: string;
  readonly alipayPublicKey: string;
  /** A paid trade, and its amount. */
  readonly paymentNo: string;
  readonly amountFen: number;
  readonly rounds: number;
  readonly callsPerRound: number;
};

export type CallsResult = { readonly oursMs: readonly number[]; readonly sdkMs: readonly number[] };

const DEADLINE_MS = 10_000;

async function measure(plan: CallsPlan): Promise<CallsResult> {
  const http = createHttpSend();
  const der = (key: string): Buffer => Buffer.from(key, 'base64');
  const app: AlipayApp = {
    appId: plan.appId,
    signType: 'RSA2',
    privateKey: createPrivateKey({ key: der(plan.privateKey), format: 'der', type: 'pkcs8' }),
    alipayPublicKey: createPublicKey({
      key: der(plan.alipayPublicKey),
      format: 'der',
      type: 'spki',
    }),
  };
  const client = createAlipayClient({
    send: http.send,
    clock: realClock,
    gatewayUrl: plan.gatewayUrl,
    timeoutMs: DEADLINE_MS,
  });
  const sdk = new AlipaySdk({
    appId: plan.appId,
    privateKey: plan.privateKey,
    keyType: 'PKCS8',
    alipayPublicKey: plan.alipayPublicKey,
    gateway: plan.gatewayUrl,
    timeout: DEADLINE_MS,
  });
  const question = { paymentNo: plan.paymentNo, amountFen: fen(plan.amountFen) };
  const ours = async (): Promise<void> => {
    const outcome = await client.query(app, question);
    if (outcome.kind !== 'paid') throw new Error(`our client found the trade ${outcome.kind}`);
  };
  const theirs = async (): Promise<void> => {
    const result = await sdk.exec(
      'alipay.trade.query',
      { bizContent: { out_trade_no: plan.paymentNo } },
      { validateSign: true },
    );
    if (result['tradeStatus'] !== 'TRADE_SUCCESS') throw new Error('the SDK found no paid trade');
  };
  const [oursMs, sdkMs]: [number[], number[]] = [[], []];
  // The first round makes the machine code, and does not count.
  for (let round = 0; round <= plan.rounds; round += 1) {
    oursMs.push(await cpuMsOfCalls(ours, plan.callsPerRound));
    sdkMs.push(await cpuMsOfCalls(theirs, plan.callsPerRound));
  }
  return { oursMs: oursMs.slice(1), sdkMs: sdkMs.slice(1) };
}

async function cpuMsOfCalls(call: () => Promise<void>, calls: number): Promise<number> {
  const before = process.cpuUsage();
  for (let count = 0; count < calls; count += 1) await call();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / calls;
}

if (import.meta.main) {
  const plan: CallsPlan = JSON.parse(await text(process.stdin));
  process.stdout.write(JSON.stringify(await measure(plan)), () => process.exit(0));
}
