/** Words for what went wrong where the API has no sentence of its own. */
import type { WordTable } from './words.ts';

export const FAILURES = {
  noAnswer: {
    en: 'The gateway does not answer. Check the network, then try again.',
    zh: '网关没有应答。请检查网络后重试。',
  },
  signedOut: {
    en: 'You are not signed in any more. Sign in again, then repeat this.',
    zh: '登录已失效，请重新登录后再试。',
  },
  fault: {
    en: 'The page met a fault of its own. Please reload it.',
    zh: '页面自身出错，请刷新。',
  },
} satisfies WordTable;
