/**
 * What went wrong, as a sentence for the person in front of the page: the API's own, in the page's language, or that nothing
 * answered.
 */
import { ApiError, NoAnswerError } from '../../client/client.ts';
import { isSignedOut } from './client.ts';
import { FAILURES } from '../words/failures.ts';
import type { Language } from '../words/words.ts';

export function errorText(error: unknown, language: Language): string {
  // The API's own sentence is for programs, too.
  if (isSignedOut(error)) return FAILURES.signedOut[language];
  if (error instanceof ApiError) {
    const sentence = language === 'zh' ? error.detail_zh : error.detail;
    const alipay = error.alipay?.sub_code ?? error.alipay?.code;
    return alipay === undefined ? sentence : `${sentence} (${alipay})`;
  }
  return FAILURES[error instanceof NoAnswerError ? 'noAnswer' : 'fault'][language];
}

/** For whoever asks an operator about it: the gateway's log has more under this number. */
export function requestIdOf(error: unknown): string | undefined {
  return error instanceof ApiError ? error.requestId : undefined;
}
