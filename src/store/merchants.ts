/**
 * SQL of merchants and of the grants that let further dongles use them. A merchant that a dongle may not see is, for
 * that dongle, not there: every read on its behalf goes through `findVisibleMerchant`.
 */
import type { Merchant, MerchantWithApp } from '../core/merchant.ts';
import { joinedApp, JOINED_APP_COLUMNS, type JoinedApp } from './apps.ts';
import { rowsAtMost, type Queryable } from './database.ts';
import { prepared } from './prepared.ts';
import type { MerchantTable } from './schema.ts';
import { columnsOf } from './tables.ts';

const MERCHANT_COLUMNS = columnsOf('merchant');

/** A merchant (as `m`) and its app: nearly every call of a shop needs both. */
function selectWithApp(db: Queryable) {
  return db
    .selectFrom('merchant as m')
    .innerJoin('alipay_app as a', (join) =>
      join.onRef('a.owner', '=', 'm.owner').onRef('a.app_id', '=', 'm.app_id'),
    )
    .select(MERCHANT_COLUMNS.map((name) => `m.${name}` as const))
    .select(JOINED_APP_COLUMNS);
}

/** The merchant with this cpi number or, failing that, this shop number, if the dongle owns it or was granted it. */
export async function findVisibleMerchant(
  db: Queryable,
  reference: string,
  dongleNo: string,
): Promise<MerchantWithApp | undefined> {
  const { rows } = await selectVisible(db, { reference, dongleNo });
  return preferCpiNo(rows, reference);
}

type Visible = { readonly reference: string; readonly dongleNo: string };

const selectVisible = prepared((db, { reference, dongleNo }: Visible) =>
  selectWithApp(db)
    .where((eb) => eb.or([eb('m.cpi_no', '=', reference), eb('m.shop_no', '=', reference)]))
    .where((eb) =>
      eb.or([
        eb('m.owner', '=', dongleNo),
        eb.exists(
          eb
            .selectFrom('merchant_grant as g')
            .select('g.dongle_no')
            .whereRef('g.merchant_id', '=', 'm.merchant_id')
            .where('g.dongle_no', '=', dongleNo),
        ),
      ]),
    ),
);

export async function findMerchantById(
  db: Queryable,
  merchantId: number,
): Promise<Merchant | undefined> {
  const row = await db
    .selectFrom('merchant')
    .select(MERCHANT_COLUMNS)
    .where('merchant_id', '=', merchantId)
    .executeTakeFirst();
  return row && toMerchant(row);
}

export async function findMerchantWithApp(
  db: Queryable,
  merchantId: number,
): Promise<MerchantWithApp | undefined> {
  const { rows } = await selectById(db, { merchantId });
  const row = rows[0];
  return row && { ...toMerchant(row), app: joinedApp(row.owner, row.app_id, row) };
}

const selectById = prepared((db, { merchantId }: Pick<Merchant, 'merchantId'>) =>
  selectWithApp(db).where('m.merchant_id', '=', merchantId),
);

/** The merchant's number that the API names it by; undefined when there is no such merchant. */
export async function findCpiNo(db: Queryable, merchantId: number): Promise<string | undefined> {
  const row = await db
    .selectFrom('merchant')
    .select('cpi_no')
    .where('merchant_id', '=', merchantId)
    .executeTakeFirst();
  return row?.cpi_no;
}

/** What a merchant is called. */
export type MerchantName = { readonly cpiNo: string; readonly name: string | null };

/** What these merchants are called, by their ids. */
export async function findMerchantNames(
  db: Queryable,
  merchantIds: readonly number[],
): Promise<ReadonlyMap<number, MerchantName>> {
  if (merchantIds.length === 0) return new Map();
  const rows = await db
    .selectFrom('merchant')
    .select(['merchant_id', 'cpi_no', 'name'])
    .where('merchant_id', 'in', merchantIds)
    .execute();
  return new Map(rows.map((row) => [row.merchant_id, { cpiNo: row.cpi_no, name: row.name }]));
}

/** For operators: whatever merchant has this cpi number, also as the id of v2, or, failing that, this shop number. */
export async function findAnyMerchant(
  db: Queryable,
  reference: string,
): Promise<MerchantWithApp | undefined> {
  const cpiNo = reference.replace(/^mch_/, '');
  const rows = await selectWithApp(db)
    .where((eb) => eb.or([eb('m.cpi_no', '=', cpiNo), eb('m.shop_no', '=', reference)]))
    .execute();
  return preferCpiNo(rows, cpiNo);
}

export async function isShopNoTaken(db: Queryable, shopNo: string): Promise<boolean> {
  const row = await db
    .selectFrom('merchant')
    .select('merchant_id')
    .where('shop_no', '=', shopNo)
    .executeTakeFirst();
  return row !== undefined;
}

export async function listMerchants(db: Queryable): Promise<readonly Merchant[]> {
  const rows = await db
    .selectFrom('merchant')
    .select(MERCHANT_COLUMNS)
    .orderBy('merchant_id')
    .execute();
  return rows.map(toMerchant);
}

export type MerchantPage = {
  /** This one alone; null for all. */
  readonly merchantId: number | null;
  readonly shopNo?: string | undefined;
  readonly afterId: number;
  readonly limit: number;
};

/** A page of merchants, oldest first: those after `afterId`. */
export async function pageMerchants(
  db: Queryable,
  page: MerchantPage,
): Promise<readonly Merchant[]> {
  let query = db
    .selectFrom('merchant')
    .select(MERCHANT_COLUMNS)
    .where('merchant_id', '>', page.afterId);
  if (page.merchantId !== null) query = query.where('merchant_id', '=', page.merchantId);
  if (page.shopNo !== undefined) query = query.where('shop_no', '=', page.shopNo);
  const rows = await query.orderBy('merchant_id').limit(rowsAtMost(page.limit)).execute();
  return rows.map(toMerchant);
}

/** Returns false when there is a shop of this number already. */
export async function insertMerchant(db: Queryable, merchant: Merchant): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('merchant')
    .values({
      merchant_id: merchant.merchantId,
      cpi_no: merchant.cpiNo,
      shop_no: merchant.shopNo,
      store_no: merchant.storeNo,
      owner: merchant.owner,
      app_id: merchant.appId,
      seller_id: merchant.sellerId,
      name: merchant.name,
      state: merchant.state,
      barcode_product: merchant.barcodeProduct,
      qr_product: merchant.qrProduct,
      authorization_id: merchant.authorizationId,
      created_at_ms: merchant.createdAtMs,
      version: merchant.version,
    })
    .onConflict((conflict) => conflict.column('shop_no').doNothing())
    .executeTakeFirstOrThrow();
  return numInsertedOrUpdatedRows === 1n;
}

/** Writes what may change of a merchant read at `version - 1`; false when somebody else changed it since. */
export async function saveMerchant(db: Queryable, merchant: Merchant): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('merchant')
    .set({
      app_id: merchant.appId,
      seller_id: merchant.sellerId,
      name: merchant.name,
      state: merchant.state,
      barcode_product: merchant.barcodeProduct,
      qr_product: merchant.qrProduct,
      authorization_id: merchant.authorizationId,
      version: merchant.version,
    })
    .where('merchant_id', '=', merchant.merchantId)
    .where('version', '=', merchant.version - 1)
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

export async function insertGrant(
  db: Queryable,
  grant: { merchantId: number; dongleNo: string; createdAtMs: number },
): Promise<void> {
  await db
    .insertInto('merchant_grant')
    .values({
      merchant_id: grant.merchantId,
      dongle_no: grant.dongleNo,
      created_at_ms: grant.createdAtMs,
    })
    .onConflict((conflict) => conflict.columns(['merchant_id', 'dongle_no']).doNothing())
    .execute();
}

/** False when there was none. */
export async function deleteGrant(
  db: Queryable,
  grant: { readonly merchantId: number; readonly dongleNo: string },
): Promise<boolean> {
  const { numDeletedRows } = await db
    .deleteFrom('merchant_grant')
    .where('merchant_id', '=', grant.merchantId)
    .where('dongle_no', '=', grant.dongleNo)
    .executeTakeFirstOrThrow();
  return numDeletedRows > 0n;
}

/** The cpi numbers of the merchants that a dongle registered, and of those that it was granted; each oldest first. */
export async function listMerchantsOfDongle(
  db: Queryable,
  dongleNo: string,
): Promise<{ readonly owned: readonly string[]; readonly granted: readonly string[] }> {
  const owned = await db
    .selectFrom('merchant')
    .select('cpi_no')
    .where('owner', '=', dongleNo)
    .orderBy('merchant_id')
    .execute();
  const granted = await db
    .selectFrom('merchant_grant as g')
    .innerJoin('merchant as m', 'm.merchant_id', 'g.merchant_id')
    .select('m.cpi_no')
    .where('g.dongle_no', '=', dongleNo)
    .orderBy('g.merchant_id')
    .execute();
  return {
    owned: owned.map(({ cpi_no }) => cpi_no),
    granted: granted.map(({ cpi_no }) => cpi_no),
  };
}

export async function listGrants(db: Queryable, merchantId: number): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('merchant_grant')
    .select('dongle_no')
    .where('merchant_id', '=', merchantId)
    .orderBy('dongle_no')
    .execute();
  return rows.map(({ dongle_no }) => dongle_no);
}

/** One merchant's shop number may be another's cpi number: that one is meant. */
function preferCpiNo(
  rows: readonly (MerchantTable & JoinedApp)[],
  reference: string,
): MerchantWithApp | undefined {
  const row = rows.find(({ cpi_no }) => cpi_no === reference) ?? rows[0];
  return row && { ...toMerchant(row), app: joinedApp(row.owner, row.app_id, row) };
}

function toMerchant(row: MerchantTable): Merchant {
  return {
    merchantId: row.merchant_id,
    cpiNo: row.cpi_no,
    shopNo: row.shop_no,
    storeNo: row.store_no,
    owner: row.owner,
    appId: row.app_id,
    sellerId: row.seller_id,
    name: row.name,
    state: row.state,
    barcodeProduct: row.barcode_product,
    qrProduct: row.qr_product,
    authorizationId: row.authorization_id,
    createdAtMs: row.created_at_ms,
    version: row.version,
  };
}
