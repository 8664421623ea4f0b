/**
 * The one envelope of every v1 answer, keys in the published order. `data` and `re` come in as JSON text, so that
 * Alipay's answers pass through word by word: nothing is parsed and written again.
 */
import { V1_ERRORS, type V1Error } from './errors.ts';

export const V1_VERSION = '1.2.1';
export const V1_CONTENT_TYPE = 'application/json;charset=utf-8';

/** What a call answers when it worked: JSON texts. */
export type V1Answer = { readonly data?: string; readonly re?: string };

export function successEnvelope({ data = '{}', re = '{}' }: V1Answer): string {
  return envelope(data, 'nothing', 'success', re, 200);
}

export function errorEnvelope(error: V1Error): string {
  return envelope(error.data, error.code, error.msg, '{}', V1_ERRORS[error.code].statusNo);
}

function envelope(data: string, err: string, msg: string, re: string, statusNo: number): string {
  return `{"data":${data},"err":"${err}","msg":${JSON.stringify(msg)},"re":${re},"reErr":{},"statusNo":${statusNo},"version":"${V1_VERSION}"}`;
}
