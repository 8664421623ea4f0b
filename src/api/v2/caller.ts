/**
 * Who calls the v2 API: the key in the Authorization header, what it may do, and which merchants it is for. A merchant's key
 * finds nothing of the others, as if they were not there.
 */
import type { FastifyRequest } from 'fastify';
import type { ApiKey, Scope } from '../../core/api-key.ts';
import type { MerchantWithApp } from '../../core/merchant.ts';
import type { Payment } from '../../core/payment.ts';
import type { Deps } from '../../flows/deps.ts';
import { authenticateApiKey } from '../../flows/manage-api-keys.ts';
import { findAnyMerchant, findCpiNo, findMerchantWithApp } from '../../store/merchants.ts';
import { findPayment, findPaymentByNo } from '../../store/payments.ts';
import { cpiNoOf, paymentNoOf } from './ids.ts';
import { invalidField, Problem } from './problems.ts';

const callers = new WeakMap<FastifyRequest, ApiKey>();

/** Finds out who calls, before anything else is looked at. Throws the problem of one who may not. */
export async function identify(deps: Deps, request: FastifyRequest): Promise<void> {
  const secret = bearerOf(request);
  if (secret === undefined) throw new Problem('authentication_required');
  const apiKey = await authenticateApiKey(deps, secret);
  if (apiKey === undefined) throw new Problem('api_key_invalid');
  callers.set(request, apiKey);
}

/** The key as it was sent; undefined when there is none. */
export function bearerOf({ headers }: FastifyRequest): string | undefined {
  return /^Bearer +(?<secret>[^\s]+) *$/i.exec(headers.authorization ?? '')?.groups?.['secret'];
}

export function callerOf(request: FastifyRequest): ApiKey {
  const apiKey = callers.get(request);
  if (apiKey === undefined) throw new Error('A v2 call runs after its caller was identified');
  return apiKey;
}

/** Throws `permission_denied` when the key lacks the scope. */
export function requireScope(apiKey: ApiKey, scope: Scope): void {
  if (apiKey.scopes.includes(scope)) return;
  throw new Problem('permission_denied', {
    detail: {
      en: `This API key lacks the scope "${scope}".`,
      zh: `此 API 密钥没有 "${scope}" 权限。`,
    },
  });
}

/** The merchant that the call is for: the key's own, or the one that it names. */
export async function merchantOf(
  { db }: Pick<Deps, 'db'>,
  apiKey: Pick<ApiKey, 'merchantId'>,
  named: string | undefined,
): Promise<MerchantWithApp> {
  if (apiKey.merchantId === null && named === undefined) {
    throw invalidField(
      'merchant',
      'is required with an operator’s key',
      '使用运营方密钥时不能为空',
    );
  }
  const merchant =
    named === undefined
      ? await findMerchantWithApp(db, apiKey.merchantId ?? 0)
      : await findNamed(db, named);
  const isTheirs = apiKey.merchantId === null || merchant?.merchantId === apiKey.merchantId;
  if (merchant === undefined || !isTheirs)
    throw new Problem('merchant_not_found', { field: 'merchant' });
  return merchant;
}

/** The number that a stored merchant is named by: whatever refers to one refers to one that is there. */
export async function cpiNoOfMerchant(
  { db }: Pick<Deps, 'db'>,
  merchantId: number,
): Promise<string> {
  const cpiNo = await findCpiNo(db, merchantId);
  if (cpiNo === undefined) throw new Error(`Merchant ${merchantId} is missing`);
  return cpiNo;
}

async function findNamed(db: Deps['db'], id: string): Promise<MerchantWithApp | undefined> {
  const cpiNo = cpiNoOf(id);
  const merchant = cpiNo === undefined ? undefined : await findAnyMerchant(db, cpiNo);
  // A shop's own number names it in v1 only.
  return merchant?.cpiNo === cpiNo ? merchant : undefined;
}

/** The payment with this id, if the key may see it. Throws `payment_not_found`. */
export async function paymentOf(
  { db }: Pick<Deps, 'db'>,
  { merchantId }: ApiKey,
  id: string,
): Promise<Payment> {
  const paymentNo = paymentNoOf(id);
  if (paymentNo === undefined) throw new Problem('payment_not_found');
  const payment = await (merchantId === null
    ? findPaymentByNo(db, paymentNo)
    : findPayment(db, merchantId, paymentNo));
  if (payment === undefined) throw new Problem('payment_not_found');
  return payment;
}
