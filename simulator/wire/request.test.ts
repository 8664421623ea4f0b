/** Requests to parameters: each shape of the contract's table, and the odd ones. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { formText, readParams, targetOf } from './request.ts';
import type { WireRequest } from './request.ts';

const FORM = 'application/x-www-form-urlencoded';

function aRequest(request: Partial<WireRequest> & { text?: string }): WireRequest {
  const { text = '', ...rest } = request;
  return {
    method: 'POST',
    url: '/gateway.do',
    contentType: FORM,
    body: Buffer.from(text),
    ...rest,
  };
}

const read = (request: Partial<WireRequest> & { text?: string }): Record<string, string> =>
  Object.fromEntries(readParams(aRequest(request)).params);

describe('parameters', () => {
  test.each([
    {
      name: 'query and body merge',
      request: { url: '/gateway.do?charset=utf-8&a=1', text: 'b=2' },
      params: { charset: 'utf-8', a: '1', b: '2' },
    },
    {
      name: 'the query wins',
      request: { url: '/gateway.do?charset=utf-8&a=1', text: 'a=2&charset=GBK' },
      params: { charset: 'utf-8', a: '1' },
    },
    {
      name: 'an empty one in the query does not win',
      request: { url: '/gateway.do?charset=utf-8&a=', text: 'a=2' },
      params: { charset: 'utf-8', a: '2' },
    },
    {
      name: 'the first of two wins',
      request: { url: '/gateway.do?charset=utf-8&a=1&a=2' },
      params: { charset: 'utf-8', a: '1' },
    },
    {
      name: 'escapes, plus signs and a lonely percent',
      request: { url: '/gateway.do?charset=utf-8&a=1+%2B%20%E6%88%BF&b=100%&c=%zz' },
      params: { charset: 'utf-8', a: '1 + 房', b: '100%', c: '%zz' },
    },
    {
      name: 'multipart fields; files are left out',
      request: {
        url: '/gateway.do?charset=utf-8',
        contentType: 'multipart/form-data; boundary="a b"',
        text: '--a b\r\nContent-Disposition: form-data; name="x"\r\n\r\n房\r\n1\r\n--a b\r\nContent-Disposition: form-data; name="f"; filename="f.txt"\r\n\r\nfile\r\n--a b--\r\n',
      },
      params: { charset: 'utf-8', x: '房\r\n1' },
    },
    {
      name: 'JSON bodies hold none',
      request: {
        url: '/gateway.do?charset=utf-8',
        contentType: 'application/json',
        text: '{"a":1}',
      },
      params: { charset: 'utf-8' },
    },
    {
      name: 'names of object properties are names',
      request: { text: '__proto__=1' },
      params: { ['__proto__']: '1' },
    },
  ])('$name', ({ request, params }) => {
    expect(read(request)).toEqual(params);
  });

  test('without charset in the query the body is GBK, whatever it says itself', () => {
    const body = 'charset=utf-8&a=%E6%88%BF';
    expect(read({ text: body })['a']).toBe('鎴�');
    expect(read({ text: 'a=%B7%BF' })['a']).toBe('房');
    expect(readParams(aRequest({ text: body }))).toMatchObject({
      charsetInQuery: undefined,
      bodyBeyondAscii: true,
    });
  });

  test('anything can be read', () => {
    fc.assert(
      fc.property(fc.string(), fc.uint8Array(), fc.option(fc.string()), (url, body, type) => {
        const contentType = type ?? 'multipart/form-data; boundary=x';
        const bytes = Buffer.from(body);
        expect(readParams({ method: 'POST', url, contentType, body: bytes }).params).toBeDefined();
      }),
    );
  });
});

describe('request targets', () => {
  test.each([
    ['/gateway.do?a=1', { path: '/gateway.do', query: 'a=1' }],
    ['http://h:1/gateway.do?a=?', { path: '/gateway.do', query: 'a=?', host: 'h:1' }],
    ['HTTPS://h', { path: '/', query: '', host: 'h' }],
    ['', { path: '/', query: '' }],
    ['*', { path: '*', query: '' }],
  ])('%j', (url, target) => {
    expect(targetOf(url)).toEqual(target);
  });
});

test('forms are written as Java writes them', () => {
  const pairs = [['a', '1 + 房%*_-.~']] as const;
  expect(formText(pairs, (text) => Buffer.from(text))).toBe('a=1+%2B+%E6%88%BF%25*_-.%7E');
});
