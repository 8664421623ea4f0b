/** One call to Alipay, ours against the official SDK's: each signs, sends, verifies and reads. */
import { createAlipayClient } from '../../src/alipay/client.ts';
import { parsePrivateKey, parsePublicKey } from '../../src/alipay/sign.ts';
import { fen } from '../../src/core/money.ts';
import { realClock } from '../../src/system/clock.ts';
import { createHttpSend } from '../../src/system/http.ts';
import { makeRealKeyPair } from '../../src/system/key-pairs.ts';
import { startSimulator } from '../../test/support/gateway-process.ts';
import { anAppId } from '../../test/support/v1-client.ts';
import type { CallsPlan, CallsResult } from '../calls.ts';
import type { Scene } from '../scene.ts';
import { runProcess } from '../stage.ts';

const CALLS_A_ROUND = 600;
const PAYMENT_NO = 'BENCH1';
const AMOUNT_FEN = 8800;

export const calls: Scene = {
  name: 'calls',
  measure: async ({ rounds, progress }) => {
    const simulator = await startSimulator({});
    try {
      progress(`${rounds} rounds of ${CALLS_A_ROUND} calls each`);
      const shop = await payOnce(simulator.url);
      const plan: CallsPlan = { ...shop, rounds, callsPerRound: CALLS_A_ROUND };
      const { oursMs, sdkMs } = await runProcess<CallsResult>('calls.ts', plan);
      return {
        bareCallMs: oursMs,
        sdkCallMs: sdkMs,
        bareCall: oursMs.map((ms, round) => (sdkMs[round] ?? NaN) / ms),
      };
    } finally {
      await simulator.stop();
    }
  },
};

/** An app that the simulator knows, and a trade of it that is paid. */
async function payOnce(simulatorUrl: string): Promise<Omit<CallsPlan, 'rounds' | 'callsPerRound'>> {
  const appId = anAppId();
  const pair = await makeRealKeyPair(2048);
  const answer = await fetch(`${simulatorUrl}/simulator/apps`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ appId, appPublicKey: pair.publicKey }),
  });
  const { alipayPublicKey } = (await answer.json()) as { alipayPublicKey: string };
  const gatewayUrl = `${simulatorUrl}/gateway.do`;
  const http = createHttpSend();
  const client = createAlipayClient({
    send: http.send,
    clock: realClock,
    gatewayUrl,
    timeoutMs: 10_000,
  });
  const [ours, alipays] = [parsePrivateKey(pair.privateKey), parsePublicKey(alipayPublicKey)];
  if (!ours.ok || !alipays.ok) throw new Error('the keys cannot be read');
  const app = {
    appId,
    signType: 'RSA2',
    privateKey: ours.key,
    alipayPublicKey: alipays.key,
  } as const;
  const outcome = await client.pay(app, {
    paymentNo: PAYMENT_NO,
    authCode: '250000000000000001',
    amountFen: fen(AMOUNT_FEN),
    subject: 'bench',
  });
  await http.close();
  if (outcome.kind !== 'paid') throw new Error(`the trade is ${outcome.kind}`);
  return {
    gatewayUrl,
    appId,
    privateKey: pair.privateKey,
    alipayPublicKey,
    paymentNo: PAYMENT_NO,
    amountFen: AMOUNT_FEN,
  };
}
