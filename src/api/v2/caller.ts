/**
 * Who calls the v2 API: the key in the Authorization header or else whoever signed in, what they may do, and which merchants
 * they are for. Whoever is for one merchant finds nothing of the others, as if they were not there.
 */
import type { FastifyRequest } from 'fastify';
import type { Actor } from '../../core/audit.ts';
import type { Scope } from '../../core/api-key.ts';
import type { Caller } from '../../core/caller.ts';
import type { MerchantWithApp } from '../../core/merchant.ts';
import type { Payment } from '../../core/payment.ts';
import { scopesOf } from '../../core/user.ts';
import type { Deps } from '../../flows/deps.ts';
import { authenticateApiKey } from '../../flows/manage-api-keys.ts';
import { authenticateSession, type SignedIn } from '../../flows/sessions.ts';
import { DatabaseUnavailable } from '../../store/database.ts';
import { findAnyMerchant, findCpiNo, findMerchantWithApp } from '../../store/merchants.ts';
import { findPayment, findPaymentByNo } from '../../store/payments.ts';
import { apiKeyId, cpiNoOf, paymentNoOf, userId } from './ids.ts';
import { invalidField, Problem } from './problems.ts';
import { requireOwnPage, sessionSecretOf } from './session-cookie.ts';

const callers = new WeakMap<FastifyRequest, Caller>();
const sessions = new WeakMap<FastifyRequest, SignedIn>();

/** Finds out who calls, before anything else is looked at. Throws the problem of one who may not. A key goes before a session. */
export async function identify(deps: Deps, request: FastifyRequest): Promise<void> {
  const secret = bearerOf(request);
  if (secret === undefined) {
    await identifySession(deps, request);
    return;
  }
  const apiKey = await authenticateApiKey(deps, secret);
  if (apiKey === undefined) throw new Problem('api_key_invalid');
  const { keyNo, name, merchantId, scopes } = apiKey;
  const id = apiKeyId(keyNo);
  callers.set(request, { kind: 'api_key', id, name, merchantId, scopes, role: null });
}

async function identifySession(deps: Deps, request: FastifyRequest): Promise<void> {
  const secret = sessionSecretOf(request);
  const signedIn = secret === undefined ? undefined : await authenticateSession(deps, secret);
  if (signedIn === undefined) throw new Problem('authentication_required');
  requireOwnPage(deps, request, signedIn);
  const { userNo, name, merchantId, role } = signedIn.user;
  const scopes = scopesOf(signedIn.user);
  callers.set(request, { kind: 'user', id: userId(userNo), name, merchantId, scopes, role });
  sessions.set(request, signedIn);
}

/** A call that goes on is looked at so often: as many as there may be are some hundred reads of a row in a second. */
const LOOK_EVERY_MS = 5000;

/**
 * Tells of a call that goes on for long whether its caller may still make it: a key that was revoked, or a session that ended, hears
 * nothing more.
 */
export function watchCaller(deps: Deps, request: FastifyRequest): () => Promise<boolean> {
  let lookedMs = deps.clock.monotonicMs();
  return async () => {
    const nowMs = deps.clock.monotonicMs();
    if (nowMs - lookedMs < LOOK_EVERY_MS) return true;
    lookedMs = nowMs;
    try {
      await identify(deps, request);
      return true;
    } catch (error) {
      // Nobody knows just now, and nothing can be read either.
      if (error instanceof DatabaseUnavailable) return true;
      if (error instanceof Problem) return false;
      throw error;
    }
  };
}

/** Whoever signed in. Throws `authentication_required` for a key: it has no password. */
export function signedInOf(request: FastifyRequest): SignedIn {
  const signedIn = sessions.get(request);
  if (signedIn === undefined) throw new Problem('authentication_required');
  return signedIn;
}

/** The key as it was sent; undefined when there is none. */
export function bearerOf({ headers }: FastifyRequest): string | undefined {
  return /^Bearer +(?<secret>[^\s]+) *$/i.exec(headers.authorization ?? '')?.groups?.['secret'];
}

export function callerOf(request: FastifyRequest): Caller {
  const caller = callers.get(request);
  if (caller === undefined) throw new Error('A v2 call runs after its caller was identified');
  return caller;
}

/** Who calls, as the audit log and what he makes name him. */
export function actorOf(request: FastifyRequest): Actor {
  const caller = callers.get(request);
  if (caller === undefined) return { kind: 'nobody', id: 'nobody', name: '' };
  const { kind, id, name } = caller;
  return { kind, id, name };
}

/** Throws `permission_denied` when the caller lacks the scope. */
export function requireScope(caller: Caller, scope: Scope): void {
  if (caller.scopes.includes(scope)) return;
  const [en, zh] =
    caller.kind === 'user' ? ['Your role', '您的角色'] : ['This API key', '此 API 密钥'];
  throw new Problem('permission_denied', {
    detail: { en: `${en} lacks the scope "${scope}".`, zh: `${zh}没有 "${scope}" 权限。` },
  });
}

/** The merchant that the call is for: the key's own, or the one that it names. */
export async function merchantOf(
  { db }: Pick<Deps, 'db'>,
  caller: Pick<Caller, 'merchantId'>,
  named: string | undefined,
): Promise<MerchantWithApp> {
  if (caller.merchantId === null && named === undefined) {
    throw invalidField(
      'merchant',
      'is required of whoever is for all merchants',
      '面向所有商户的密钥或用户须填写',
    );
  }
  const merchant =
    named === undefined
      ? await findMerchantWithApp(db, caller.merchantId ?? 0)
      : await findNamed(db, named);
  const isTheirs = caller.merchantId === null || merchant?.merchantId === caller.merchantId;
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
  { merchantId }: Caller,
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
