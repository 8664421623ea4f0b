/**
 * What Alipay does to a call in a scripted path: it fails at the first call of a method, or gives a true answer, signed by
 * its own key, that the simulator would not give by itself.
 */
import { envelopeBytes, nodeName, type Fields } from '../../simulator/wire/envelope.ts';
import { NoResponse, type HttpResponse } from '../../src/system/http.ts';
import type { MoneyPath, Pass, Stage } from './crash-points.ts';
import { privateKey } from './keys.ts';
import type { WireCall } from './moments.ts';

const REFUSED: Fields = { code: '40004', msg: 'Business Failed' };
export const NO_MONEY_OF_THE_GUEST: Fields = {
  ...REFUSED,
  sub_code: 'ACQ.BUYER_BALANCE_NOT_ENOUGH',
  sub_msg: '买家余额不足',
};
export const NO_MONEY_OF_THE_SHOP: Fields = {
  ...REFUSED,
  sub_code: 'ACQ.SELLER_BALANCE_NOT_ENOUGH',
  sub_msg: '卖家余额不足',
};

/** Alipay fails at the first call of this method. */
export function faultAtFirst(
  method: string,
  kind: string,
  more?: object,
): NonNullable<MoneyPath['meet']> {
  return (stage, met, pass) => {
    if (met.method === method && stage.isFirst(method)) stage.fault(method, kind, more);
    return pass();
  };
}

/** The call is under way for longer than anybody waits for it. */
export function arriveLate(
  { world: { timeline, swarm } }: Stage,
  pass: Pass,
  afterMs: number,
): Promise<HttpResponse> {
  return new Promise((_resolve, reject) => {
    timeline.after(afterMs, () => void pass());
    timeline.after(swarm.settings.alipayTimeoutMs, () =>
      reject(new NoResponse('timeout', 'no answer in time')),
    );
  });
}

/** The fields of an answer, to be told otherwise. */
export function fieldsOf({ method }: WireCall, { body }: HttpResponse): Fields {
  const answer = JSON.parse(Buffer.from(body).toString('utf8')) as Record<string, Fields>;
  return answer[nodeName(`alipay.trade.${method}`)] ?? {};
}

/** An answer of Alipay that its simulator would not give. */
export function answerOf({ method, paymentNo }: WireCall, fields: Fields): HttpResponse {
  const envelope = {
    node: nodeName(`alipay.trade.${method}`),
    fields: { ...fields, out_trade_no: paymentNo },
    charset: 'utf-8',
    signType: 'RSA2',
  } as const;
  const body = envelopeBytes(envelope, privateKey('alipay'));
  return { status: 200, headers: { 'content-type': 'text/html;charset=utf-8' }, body };
}
