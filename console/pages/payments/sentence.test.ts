/** The state's code is taken off, and nothing else. */
import { expect, test } from 'vitest';
import { sentenceOf } from './sentence.ts';

test('the code of the state does not stand before a sentence', () => {
  expect(sentenceOf('awaiting_buyer: the QR code is out.')).toBe('The QR code is out.');
  expect(sentenceOf('paid：支付宝的应答表明已付款。')).toBe('支付宝的应答表明已付款。');
  expect(sentenceOf('next Alipay is asked (alipay.trade.query) at 12:00.')).toBe(
    'Next Alipay is asked (alipay.trade.query) at 12:00.',
  );
});
