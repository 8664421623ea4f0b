/**
 * `/f2f/test`, `/f2f/qrcode`, `/f2f/hb_barcode`, `/f2f/query` and `/f2f/refund`: a shop's calls. Alipay's answers pass
 * through word by word; a payment or refund in doubt is never reported as a failure.
 */
import { TEXT_LIMITS } from '../../core/limits.ts';
import type { Payment } from '../../core/payment.ts';
import {
  barcodeAnswer,
  mayTellPaid,
  merchantSuspended,
  notConfigured,
  queryFindsNothing,
  refundAnswer,
  tradeStatusOf,
} from '../../flows/answer-till.ts';
import { chargeBarcode } from '../../flows/charge-barcode.ts';
import { createQrPayment } from '../../flows/create-qr-payment.ts';
import type { Deps } from '../../flows/deps.ts';
import { queryTrade, type TradeView } from '../../flows/query-trade.ts';
import { refundPayment } from '../../flows/refund-payment.ts';
import type { ChargeInput } from '../../flows/start-charge.ts';
import { testMerchant } from '../../flows/test-merchant.ts';
import { merchantOf, requireMerchant } from './companies.ts';
import type { V1Answer } from './envelope.ts';
import { V1Error } from './errors.ts';
import { optionalText, requiredAmount, requiredMatch, requiredText, RULES } from './fields.ts';
import type { JsonObject } from './json.ts';

type NoVerdict = Extract<Extract<TradeView, { kind: 'asked' }>['outcome'], { kind: 'unknown' }>;

export async function test(deps: Deps, dongleNo: string, cpiNo: string): Promise<V1Answer> {
  const merchant = await requireMerchant(deps, dongleNo, cpiNo);
  const outcome = await testMerchant(deps, merchant);
  switch (outcome.kind) {
    case 'ok':
      return { data: JSON.stringify({ code: '10000', msg: '同步心跳信息成功' }) };
    case 'refused':
      throw new V1Error('TEST_FAILED', outcome.answer.raw);
    case 'not_configured':
      throw new V1Error('TEST_FAILED', notConfigured());
    case 'unknown':
      throw unreachable('TEST_FAILED', outcome);
    default:
      return outcome satisfies never;
  }
}

export async function qrcode(deps: Deps, dongleNo: string, data: JsonObject): Promise<V1Answer> {
  const merchant = await merchantOf(deps, dongleNo, data);
  const result = await createQrPayment(deps, merchant, readCharge(data));
  switch (result.kind) {
    case 'issued':
      return { data: result.payment.answer ?? '{}', re: '1' };
    case 'refused':
      throw new V1Error('QRCODE_FAILED', result.payment.answer ?? '{}');
    case 'not_configured':
      throw new V1Error('QRCODE_FAILED', notConfigured());
    case 'suspended':
      throw new V1Error('QRCODE_FAILED', merchantSuspended());
    case 'no_answer':
      throw new V1Error('ALIPAY_UNREACHABLE');
    case 'local_no_taken':
      throw localNoTaken(result.payment);
    default:
      return result satisfies never;
  }
}

export async function hbBarcode(deps: Deps, dongleNo: string, data: JsonObject): Promise<V1Answer> {
  const merchant = await merchantOf(deps, dongleNo, data);
  const result = await chargeBarcode(deps, merchant, {
    ...readCharge(data),
    authCode: requiredMatch(data, 'authCode', RULES.authCode),
  });
  switch (result.kind) {
    case 'payment':
      return { re: barcodeAnswer(result.payment) };
    case 'not_configured':
      return { re: notConfigured() };
    case 'suspended':
      return { re: merchantSuspended() };
    case 'local_no_taken':
      throw localNoTaken(result.payment);
    default:
      return result satisfies never;
  }
}

export async function query(deps: Deps, dongleNo: string, data: JsonObject): Promise<V1Answer> {
  const merchant = await merchantOf(deps, dongleNo, data);
  const paymentNo = requiredMatch(data, 'outTradeNo', RULES.tradeNo);
  const view = await queryTrade(deps, merchant, paymentNo);
  if (view.kind === 'not_yours') throw new V1Error('QUERY_FAILED', queryFindsNothing(paymentNo));
  if (view.kind === 'not_configured') throw new V1Error('QUERY_FAILED', notConfigured());
  const { outcome, payment } = view;
  // "Paid", and our row is not: a cancel is on its way or was faster, late money goes back by itself, or the number names
  // another trade. Whoever told the till so might be wrong in a second; the next question knows.
  const isUnsettled = outcome.kind === 'paid' && payment !== undefined && !mayTellPaid(payment);
  if (isUnsettled) throw new V1Error('ALIPAY_UNREACHABLE');
  if (outcome.kind === 'unknown') throw unreachable('QUERY_FAILED', outcome);
  const isFailure = outcome.kind === 'absent' || outcome.kind === 'refused';
  if (isFailure) throw new V1Error('QUERY_FAILED', outcome.answer.raw);
  return { data: outcome.answer.raw };
}

export async function refund(deps: Deps, dongleNo: string, data: JsonObject): Promise<V1Answer> {
  const merchant = await merchantOf(deps, dongleNo, data);
  const input = {
    paymentNo: requiredMatch(data, 'outTradeNo', RULES.tradeNo),
    requestNo: requiredText(data, 'outRequestNo', TEXT_LIMITS.requestNo),
    amountFen: requiredAmount(data, 'refundAmount'),
    reason: optionalText(data, 'refundReason', TEXT_LIMITS.refundReason) ?? null,
    storeId: optionalText(data, 'storeId', TEXT_LIMITS.storeId) ?? null,
  };
  const { kind, answer } = refundAnswer(input, await refundPayment(deps, merchant, input));
  if (kind === 'refused') throw new V1Error('REFUND_FAILED', answer);
  return { data: answer };
}

function readCharge(data: JsonObject): ChargeInput {
  return {
    localNo: requiredText(data, 'localNo', TEXT_LIMITS.localNo),
    amountFen: requiredAmount(data, 'totalAmount'),
    subject: requiredText(data, 'subject', TEXT_LIMITS.subject),
    body: optionalText(data, 'body', TEXT_LIMITS.body) ?? null,
    operatorId: optionalText(data, 'operatorId', TEXT_LIMITS.operatorId) ?? null,
    storeId: optionalText(data, 'storeId', TEXT_LIMITS.storeId) ?? null,
    metadata: null,
  };
}

/**
 * Without a verified answer Alipay was not reached. A verified failure under a code that no table of ours has teaches us
 * nothing about the trade, but it is Alipay's answer, and the till gets it.
 */
function unreachable(failure: 'QUERY_FAILED' | 'TEST_FAILED', outcome: NoVerdict): V1Error {
  const { reason, answer } = outcome;
  return reason === 'unknown_code' && answer?.code === '40004'
    ? new V1Error(failure, answer.raw)
    : new V1Error('ALIPAY_UNREACHABLE');
}

function localNoTaken(payment: Payment): V1Error {
  return new V1Error(
    'LOCALNO_ALREADY_EXISTS',
    JSON.stringify({ out_trade_no: payment.paymentNo, trade_status: tradeStatusOf(payment) }),
  );
}
