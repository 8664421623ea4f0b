/**
 * `/f2f/company/add`, `/query` and `/update`: shops and their keys. The private key leaves the gateway in no answer; its
 * field always holds the published sentence.
 */
import { CONTROL_PATTERN, TEXT_LIMITS } from '../../core/limits.ts';
import type { MerchantWithApp } from '../../core/merchant.ts';
import { shanghaiText } from '../../core/time.ts';
import { addMerchant } from '../../flows/add-merchant.ts';
import type { Deps } from '../../flows/deps.ts';
import { viewOf, type MerchantView } from '../../flows/merchant-view.ts';
import { updateMerchant, type MerchantChange } from '../../flows/update-merchant.ts';
import { findVisibleMerchant } from '../../store/merchants.ts';
import type { V1Answer } from './envelope.ts';
import { invalid, V1Error } from './errors.ts';
import {
  flag,
  optionalMatch,
  optionalPublicKey,
  optionalSignType,
  optionalText,
  requiredMatch,
  requiredText,
  RULES,
} from './fields.ts';
import type { JsonObject } from './json.ts';

const PRIVATE_KEY_TEXT = '如果需要请联系工作人员!';
const UPDATE_RESULT_KEY = '更新后的结果:';
/** Longest number of a shop that anybody could ask for. */
const NUMBER_LENGTH_MAX = 64;

export async function addCompany(
  deps: Deps,
  dongleNo: string,
  data: JsonObject,
): Promise<V1Answer> {
  const result = await addMerchant(deps, dongleNo, {
    shopNo: requiredMatch(data, 'storeDogNo', RULES.shopNo),
    sellerId: requiredMatch(data, 'cpiPid', RULES.sellerId),
    appId: requiredMatch(data, 'cpiAppid', RULES.appId),
    alipayPublicKey: optionalPublicKey(data, 'cpiAlipubKey'),
    mayReplaceAlipayKey: true,
    signType: optionalSignType(data, 'signType'),
    name: optionalText(data, 'cpiName', TEXT_LIMITS.merchantName),
  });
  if (result.kind === 'shop_no_taken') throw new V1Error('DOGNO_ALREADY_EXISTS');
  if (result.kind === 'other_sign_type') {
    throw invalid('signType', `该应用已使用${result.signType},请用company/update修改`);
  }
  if (result.kind === 'has_certificates') {
    throw invalid('cpiAlipubKey', '该应用已使用证书,请不填写');
  }
  if (result.kind === 'other_alipay_key') throw new Error('v1 replaces the key');
  const { merchant } = result.view;
  return { data: JSON.stringify(companyData(result.view, merchant.createdAtMs)) };
}

export async function queryCompany(
  deps: Deps,
  dongleNo: string,
  data: JsonObject,
): Promise<V1Answer> {
  const cpiNo = optionalText(data, 'cpiNo', NUMBER_LENGTH_MAX);
  const storeNo = optionalText(data, 'storeNo', NUMBER_LENGTH_MAX);
  const shopNo = optionalText(data, 'storeDogNo', NUMBER_LENGTH_MAX);
  const reference = cpiNo ?? shopNo;
  if (reference === undefined) throw invalid('cpiNo', '与storeDogNo至少填一项');
  const merchant = await findVisibleMerchant(deps.db, reference, dongleNo);
  const isAsked =
    merchant !== undefined &&
    (storeNo === undefined || merchant.storeNo === storeNo) &&
    (shopNo === undefined || merchant.shopNo === shopNo);
  if (!isAsked) throw new V1Error('RESULT_NOT_EXISTS');
  const view = await viewOf(deps, merchant);
  return { data: JSON.stringify(companyData(view, shanghaiText(merchant.createdAtMs))) };
}

/** What an application's certificates forbid, by the field that asks for it. */
const FORBIDDEN = {
  sign_type: () => invalid('signType', '证书模式下须为RSA2'),
  alipay_key: () => invalid('cpiAlipubKey', '该应用已使用证书,请不填写'),
  key_pair: () => invalid('cpiPriKey', '该应用已使用证书,请联系运营方更换密钥'),
} as const;

export async function updateCompany(
  deps: Deps,
  dongleNo: string,
  data: JsonObject,
): Promise<V1Answer> {
  const reference = requiredText(data, 'cpiNo', NUMBER_LENGTH_MAX);
  const merchant = await findVisibleMerchant(deps.db, reference, dongleNo);
  if (merchant === undefined) throw new V1Error('THE_CPINO_ERROR');
  const result = await updateMerchant(deps, merchant.merchantId, readChange(data));
  if (result.kind === 'key_too_short') {
    throw invalid('signType', `${result.signType}需要2048位密钥,请同时重新生成密钥对`);
  }
  if (result.kind === 'has_certificates') throw FORBIDDEN[result.forbid]();
  if (result.kind === 'not_proven') throw new Error('v1 takes over nothing that is proven first');
  if (result.kind === 'authorization_needed') {
    throw invalid('cpiPid', '该商户由服务商代调用,请联系运营方更改');
  }
  if (result.kind === 'outdated') throw new Error('v1 names no version');
  return { data: JSON.stringify({ [UPDATE_RESULT_KEY]: updatedData(result.view) }) };
}

function readChange(data: JsonObject): MerchantChange {
  const newPrivate = flag(data, 'cpiPriKey');
  const newPublic = flag(data, 'cpiPubKey');
  if (newPrivate !== newPublic) throw invalid('cpiPriKey', '与cpiPubKey须同时为"true"或同时不填');
  return {
    appId: optionalMatch(data, 'cpiAppid', RULES.appId),
    sellerId: optionalMatch(data, 'cpiPid', RULES.sellerId),
    newKeyPair: newPrivate,
    alipayPublicKey: optionalPublicKey(data, 'cpiAlipubKey'),
    signType: optionalSignType(data, 'signType'),
    name: optionalText(data, 'cpiName', TEXT_LIMITS.merchantName),
  };
}

/** The merchant a call names by its cpi number or its shop number; throws when the caller may not see one. */
export async function requireMerchant(
  deps: Deps,
  dongleNo: string,
  reference: string,
): Promise<MerchantWithApp> {
  // A path may hold anything; a database is not asked for what no shop can have.
  const isNumber = !CONTROL_PATTERN.test(reference);
  const merchant = isNumber && (await findVisibleMerchant(deps.db, reference, dongleNo));
  if (!merchant) throw new V1Error('THE_CPI_ISNT_EXISTS');
  return merchant;
}

/** The shop named by `cpiNo` in `data`. */
export function merchantOf(
  deps: Deps,
  dongleNo: string,
  data: JsonObject,
): Promise<MerchantWithApp> {
  return requireMerchant(deps, dongleNo, requiredText(data, 'cpiNo', NUMBER_LENGTH_MAX));
}

/** Keys in the published order. */
function companyData({ merchant, app, key }: MerchantView, createTime: number | string): object {
  return {
    cpiId: merchant.merchantId,
    cpiType: 'f2f',
    storeNo: merchant.storeNo,
    cpiAppid: merchant.appId,
    cpiPid: merchant.sellerId,
    cpiPubKey: key.publicKey,
    createTime,
    cpiPriKey: PRIVATE_KEY_TEXT,
    storeDogNo: merchant.shopNo,
    cpiNo: merchant.cpiNo,
    cpiAlipubKey: app.alipayPublicKey,
  };
}

function updatedData({ merchant, app, key }: MerchantView): object {
  return {
    cpiAlipubKey: app.alipayPublicKey,
    cpiAppid: merchant.appId,
    cpiId: merchant.merchantId,
    cpiNo: merchant.cpiNo,
    cpiPid: merchant.sellerId,
    cpiPriKey: PRIVATE_KEY_TEXT,
    cpiPubKey: key.publicKey,
    cpiType: 'f2f',
    createTime: shanghaiText(merchant.createdAtMs),
  };
}
