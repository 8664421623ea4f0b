/**
 * What an operator does with a merchant and its application over the years: suspends it, changes its key pair without a gap,
 * takes it over to certificates. Each answers with the merchant as it is then.
 */
import type { Caller } from '../../core/caller.ts';
import type { MerchantState, MerchantWithApp } from '../../core/merchant.ts';
import { dropNextKey, makeNextKey, proveNextKey, takeOverNextKey } from '../../flows/change-key.ts';
import type { Deps } from '../../flows/deps.ts';
import { installCertificates, type InstallResult } from '../../flows/install-certificates.ts';
import { detailsOf, viewOf, type MerchantDetails } from '../../flows/merchant-view.ts';
import { requestCertificate } from '../../flows/request-certificate.ts';
import { updateMerchant } from '../../flows/update-merchant.ts';
import { merchantOf } from './caller.ts';
import type {
  CertificateRequestCreate,
  CertificateRequestResource,
  CertificatesUpload,
  KeyTest,
  NextKeyCreate,
} from './merchant-schemas.ts';
import { finding, notProven, requireOperator } from './merchants.ts';
import { invalidField, Problem } from './problems.ts';

/** The merchant with this id, for an operator alone. */
async function operated(deps: Deps, caller: Caller, id: string): Promise<MerchantWithApp> {
  const merchant = await merchantOf(deps, caller, id);
  requireOperator(caller);
  return merchant;
}

export async function setState(
  deps: Deps,
  caller: Caller,
  id: string,
  state: MerchantState,
): Promise<MerchantDetails> {
  const { merchantId } = await operated(deps, caller, id);
  const nothingElse = {
    appId: undefined,
    sellerId: undefined,
    newKeyPair: false,
    alipayPublicKey: undefined,
    signType: undefined,
    name: undefined,
  };
  const result = await updateMerchant(deps, merchantId, { ...nothingElse, state });
  if (result.kind !== 'updated') throw new Error(`A state needs no key: ${result.kind}`);
  return detailsOf(deps, result.view);
}

export async function nextKey(
  deps: Deps,
  caller: Caller,
  id: string,
  { sign_type: signType }: NextKeyCreate,
): Promise<MerchantDetails> {
  const { merchantId } = await operated(deps, caller, id);
  return detailsOf(deps, await makeNextKey(deps, merchantId, signType));
}

export async function withoutNextKey(
  deps: Deps,
  caller: Caller,
  id: string,
): Promise<MerchantDetails> {
  const { merchantId } = await operated(deps, caller, id);
  return detailsOf(deps, await dropNextKey(deps, merchantId));
}

export async function tryNextKey(deps: Deps, caller: Caller, id: string): Promise<KeyTest> {
  const proof = await proveNextKey(deps, await viewOf(deps, await operated(deps, caller, id)));
  if (proof.kind === 'no_next_key') throw new Problem('no_next_key');
  const ok = proof.kind === 'absent';
  return { object: 'key_test', ok, query: finding(proof, ok) };
}

export async function activateNextKey(
  deps: Deps,
  caller: Caller,
  id: string,
): Promise<MerchantDetails> {
  const { merchantId } = await operated(deps, caller, id);
  const result = await takeOverNextKey(deps, merchantId);
  if (result.kind === 'not_proven') throw notProven(result.proof);
  return detailsOf(deps, result.view);
}

export async function makeRequest(
  deps: Deps,
  caller: Caller,
  id: string,
  wanted: CertificateRequestCreate,
): Promise<CertificateRequestResource> {
  const view = await viewOf(deps, await operated(deps, caller, id));
  const { organization, common_name: commonName = view.app.appId } = wanted;
  const request = await requestCertificate(deps, view, { organization, commonName });
  if (request.kind === 'key_too_short') throw new Problem('key_too_short');
  return { object: 'certificate_request', pem: request.pem };
}

/** The field of the request that each certificate came in. */
const FIELDS = {
  appCertificate: 'app_certificate',
  alipayCertificate: 'alipay_certificate',
  rootCertificates: 'alipay_root_certificate',
} as const;

type Fault = Extract<InstallResult, { kind: 'unusable' }>['fault'];

const FAULTS: Readonly<Record<Fault['problem'], readonly [en: string, zh: string]>> = {
  not_pem: ['must be a certificate file (PEM)', '须为证书文件（PEM）'],
  unreadable: ['is damaged: a certificate in it cannot be read', '已损坏：其中的证书无法读取'],
  not_rsa: ['must be an RSA certificate', '须为 RSA 证书'],
  not_yet_valid: ['is not valid yet', '尚未生效'],
  expired: ['has expired', '已过期'],
  no_rsa_root: [
    'must hold Alipay’s RSA roots: upload alipayRootCert.crt',
    '须含支付宝 RSA 根证书：请上传 alipayRootCert.crt',
  ],
  not_of_root: [
    'does not lead up to one of the roots: upload alipayCertPublicKey_RSA2.crt as it came',
    '不能追溯到根证书：请原样上传 alipayCertPublicKey_RSA2.crt',
  ],
};

export async function putCertificates(
  deps: Deps,
  caller: Caller,
  id: string,
  uploaded: CertificatesUpload,
): Promise<MerchantDetails> {
  const { merchantId } = await operated(deps, caller, id);
  const result = await installCertificates(deps, merchantId, {
    appCertificate: uploaded.app_certificate,
    alipayCertificate: uploaded.alipay_certificate,
    rootCertificates: uploaded.alipay_root_certificate,
  });
  switch (result.kind) {
    case 'installed':
      return detailsOf(deps, result.view);
    case 'unusable':
      throw invalidField(FIELDS[result.fault.which], ...FAULTS[result.fault.problem]);
    case 'not_our_key':
      throw invalidField(
        'app_certificate',
        'is not for a key pair of this application: make it from the certificate request',
        '不是本应用密钥的证书：请用本网关给出的证书请求申请',
      );
    case 'not_proven':
      throw notProven(result.proof);
    default:
      return result satisfies never;
  }
}
