/** The envelope, byte for byte: the published examples come out as they went in, but for the version. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import examples from '../../../test/api/v1-examples.json' with { type: 'json' };
import { errorEnvelope, successEnvelope, V1_CONTENT_TYPE } from './envelope.ts';
import { invalid, V1Error, type V1ErrorCode } from './errors.ts';

test('keys are in the published order', () => {
  expect(successEnvelope({})).toBe(
    '{"data":{},"err":"nothing","msg":"success","re":{},"reErr":{},"statusNo":200,"version":"1.2.1"}',
  );
  expect(errorEnvelope(new V1Error('ALIPAY_UNREACHABLE'))).toBe(
    '{"data":{},"err":"ALIPAY_UNREACHABLE","msg":"支付宝网关无响应,请稍后查询!","re":{},"reErr":{},"statusNo":502,"version":"1.2.1"}',
  );
});

test('the content type is the published one', () => {
  expect(V1_CONTENT_TYPE).toBe('application/json;charset=utf-8');
});

describe.each(examples.calls)('the examples of $path', (call) => {
  const ofOurVersion = (answer: object): string => JSON.stringify({ ...answer, version: '1.2.1' });

  test('a success', () => {
    const { data, re } = call.success;
    expect(successEnvelope({ data: JSON.stringify(data), re: JSON.stringify(re) })).toBe(
      ofOurVersion(call.success),
    );
  });

  test('the failures', () => {
    for (const failure of call.failures) {
      const error = new V1Error(failure.err as V1ErrorCode, JSON.stringify(failure.data));
      expect(errorEnvelope(error)).toBe(ofOurVersion(failure));
    }
  });
});

test("Alipay's answers pass through word by word", () => {
  const data = String.raw`{ "qr_code":"https:\/\/qr.alipay.com\/bax", "total_amount":0.10,"b":1,"a":2}`;
  expect(successEnvelope({ data, re: '1' })).toContain(`{"data":${data},"err"`);
  expect(successEnvelope({ re: data })).toContain(`"re":${data},"reErr"`);
});

test('whatever field and rule an error names, the envelope is JSON', () => {
  // Any UTF-16 unit, halves of pairs included.
  const unit = fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code));
  const anyText = fc.oneof(
    fc.string(),
    fc.array(unit).map((units) => units.join('')),
  );
  fc.assert(
    fc.property(anyText, anyText, (field, rule) => {
      const { msg, statusNo }: { msg: unknown; statusNo: unknown } = JSON.parse(
        errorEnvelope(invalid(field, rule)),
      );
      expect(msg).toBe(`参数错误: ${field} ${rule}`);
      expect(statusNo).toBe(400);
    }),
  );
});
