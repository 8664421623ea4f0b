/**
 * Dongles over v2, for an operator: the credential holders of v1, and which merchants each may use. They are the command line's
 * flows. What a dongle's secret is, no answer tells: it is given to the dongle alone.
 */
import type { Caller } from '../../core/caller.ts';
import type { Dongle } from '../../core/merchant.ts';
import { rfc3339 } from '../../core/time.ts';
import type { Deps } from '../../flows/deps.ts';
import {
  grantMerchant,
  isDongleNo,
  registerDongle,
  reopenDongle,
  revokeDongle,
  withdrawMerchant,
} from '../../flows/manage-dongles.ts';
import { findDongle, pageDongles } from '../../store/dongles.ts';
import { listMerchantsOfDongle } from '../../store/merchants.ts';
import { merchantOf, requireScope } from './caller.ts';
import { fromTextCursor, toTextCursor } from './cursor.ts';
import type { DongleCreate, DongleQuery, DongleResource } from './dongle-schemas.ts';
import { merchantId } from './ids.ts';
import type { Keep } from './made-once.ts';
import { invalidField, Problem } from './problems.ts';
import { PAGE_DEFAULT } from './schemas.ts';

/** Throws `permission_denied`: a dongle may use merchants of several owners. */
function requireOperator(caller: Caller): void {
  if (caller.merchantId === null) return;
  throw new Problem('permission_denied', {
    detail: {
      en: 'Dongles are an operator’s: one may use the merchants of several owners.',
      zh: '加密狗由运营方管理：一个加密狗可以使用多个商户。',
    },
  });
}

/** What a dongle may do with its merchants, over v1. */
const DONGLE_SCOPES = ['read', 'charge', 'refund'] as const;

/** Whoever lets a dongle in, or at a merchant, gives these away: nobody gives away what he lacks. */
function requireGiver(caller: Caller): void {
  requireOperator(caller);
  for (const scope of DONGLE_SCOPES) requireScope(caller, scope);
}

/** What is no number is no dongle's; a database may not even be asked about it. */
function requireNumber(no: string): void {
  if (!isDongleNo(no)) throw new Problem('dongle_not_found');
}

/** By number. */
export async function listDongles(deps: Deps, caller: Caller, query: DongleQuery) {
  requireOperator(caller);
  const limit = query.limit ?? PAGE_DEFAULT;
  const afterNo = query.cursor === undefined ? undefined : fromTextCursor(query.cursor);
  const found = await pageDongles(deps.db, { afterNo, limit: limit + 1 });
  const page = found.slice(0, limit);
  const last = found.length > limit ? page.at(-1) : undefined;
  return {
    object: 'list' as const,
    data: await Promise.all(page.map((dongle) => viewOf(deps, dongle))),
    next_cursor: last === undefined ? null : toTextCursor(last.dongleNo),
  };
}

export async function createDongle(
  deps: Deps,
  caller: Caller,
  { number }: DongleCreate,
  keep: Keep,
): Promise<void> {
  requireGiver(caller);
  if (!isDongleNo(number)) {
    throw invalidField('number', 'must have 32 characters', '须为 32 个字符');
  }
  const isNew = await registerDongle(deps, number, async (tx, dongle) =>
    keep(tx, { status: 201, body: await viewOf({ db: tx }, dongle) }),
  );
  if (!isNew) throw new Problem('dongle_registered');
}

/** Lets one that lost its secret key ask for another. */
export async function reopenOne(deps: Deps, caller: Caller, no: string) {
  requireGiver(caller);
  return changed(deps, no, reopenDongle);
}

export async function revokeOne(deps: Deps, caller: Caller, no: string) {
  requireOperator(caller);
  return changed(deps, no, revokeDongle);
}

async function changed(
  deps: Deps,
  no: string,
  /** False when there is no such dongle. */
  change: (deps: Deps, no: string) => Promise<boolean>,
) {
  requireNumber(no);
  if (!(await change(deps, no))) throw new Problem('dongle_not_found');
  return dongleNamed(deps, no);
}

/** Lets the dongle use a merchant; again, the same. */
export async function addMerchant(deps: Deps, caller: Caller, no: string, id: string) {
  const merchant = await merchantOf(deps, caller, id);
  requireGiver(caller);
  requireNumber(no);
  if (!(await grantMerchant(deps, merchant, no))) throw new Problem('dongle_not_found');
  return dongleNamed(deps, no);
}

export async function removeMerchant(deps: Deps, caller: Caller, no: string, id: string) {
  const merchant = await merchantOf(deps, caller, id);
  requireOperator(caller);
  requireNumber(no);
  if (!(await withdrawMerchant(deps, merchant, no))) throw new Problem('dongle_not_found');
  return dongleNamed(deps, no);
}

async function dongleNamed(deps: Deps, no: string): Promise<DongleResource> {
  const dongle = await findDongle(deps.db, no);
  if (dongle === undefined) throw new Error(`Dongle ${no} is missing`);
  return viewOf(deps, dongle);
}

async function viewOf({ db }: Pick<Deps, 'db'>, dongle: Dongle): Promise<DongleResource> {
  const { owned, granted } = await listMerchantsOfDongle(db, dongle.dongleNo);
  return {
    object: 'dongle',
    number: dongle.dongleNo,
    state: dongle.state,
    allow_listed: dongle.isRegistered,
    own_merchants: owned.map(merchantId),
    granted_merchants: granted.map(merchantId),
    created_at: rfc3339(dongle.createdAtMs),
  };
}
