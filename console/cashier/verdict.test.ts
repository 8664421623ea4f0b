/** Which errors prove that there is no payment. The rule: whatever leaves a doubt is one. */
import { expect, test } from 'vitest';
import { ApiError, NoAnswerError } from '../../client/client.ts';
import { verdictOf } from './verdict.ts';

function refusal(code: string, status: number, isInDoubt = false): ApiError {
  const body = { code, status, detail: 'No.', detail_zh: '否。', request_id: 'req_1' };
  return new ApiError({ status, body, retryAfterS: undefined }, { isInDoubt, idempotencyKey: 'k' });
}

test.each([
  ['merchant_suspended', 409, 'refused'],
  ['permission_denied', 403, 'refused'],
  ['invalid_request', 400, 'refused'],
  ['rate_limited', 429, 'refused'],
  ['alipay_silent', 502, 'refused'],
  ['merchant_reference_taken', 409, 'exists'],
  ['authentication_required', 401, 'signed_out'],
  ['idempotency_key_reused', 422, 'doubt'],
  ['internal_error', 500, 'doubt'],
  ['database_unavailable', 503, 'doubt'],
  ['a_fault_of_tomorrow', 500, 'doubt'],
])('%s (%d): %s', (code, status, kind) => {
  expect(verdictOf(refusal(code, status)).kind).toBe(kind);
});

test('a no that came after an attempt without an answer proves nothing', () => {
  expect(verdictOf(refusal('merchant_suspended', 409, true)).kind).toBe('doubt');
});

test('neither does a proxy’s page, silence, or a fault of the page', () => {
  const page = new ApiError(
    { status: 404, body: undefined, retryAfterS: undefined },
    { isInDoubt: false, idempotencyKey: 'k' },
  );
  expect(verdictOf(page).kind).toBe('doubt');
  const silence = new NoAnswerError(new Error('reset'), 3, {
    isInDoubt: true,
    idempotencyKey: 'k',
  });
  expect(verdictOf(silence).kind).toBe('doubt');
  expect(verdictOf(new TypeError('x is undefined')).kind).toBe('doubt');
});
