/** The canonical string: Alipay's own example, and the few rules as a table. */
import { describe, expect, test } from 'vitest';
import { canonicalNotification, canonicalRequest, type Parameter } from './canonical.ts';

describe('canonicalRequest', () => {
  test('the example of the pages, from parameters in any order', () => {
    const parameters: Parameter[] = [
      ['version', '1.0'],
      ['timestamp', '2014-07-24 03:07:50'],
      ['sign_type', 'RSA2'],
      ['method', 'alipay.trade.query'],
      ['format', 'JSON'],
      ['charset', 'utf-8'],
      ['biz_content', '{"out_trade_no":"20150320010101001"}'],
      ['app_id', '2014072300007148'],
    ];
    const expected =
      'app_id=2014072300007148&biz_content={"out_trade_no":"20150320010101001"}&charset=utf-8&format=JSON&method=alipay.trade.query&sign_type=RSA2&timestamp=2014-07-24 03:07:50&version=1.0';
    expect(canonicalRequest(parameters)).toBe(expected);
    expect(canonicalRequest(parameters.toReversed())).toBe(expected);
  });

  const rules: [string, Parameter[], string][] = [
    [
      'sign is left out',
      [
        ['sign', 'x'],
        ['a', '1'],
      ],
      'a=1',
    ],
    [
      'sign_type stays',
      [
        ['sign_type', 'RSA2'],
        ['a', '1'],
      ],
      'a=1&sign_type=RSA2',
    ],
    [
      'empty values are left out',
      [
        ['b', ''],
        ['a', '1'],
      ],
      'a=1',
    ],
    [
      'a blank is a value',
      [
        ['b', ' '],
        ['a', '1'],
      ],
      'a=1&b= ',
    ],
    ['values are raw', [['a', '100% &=+/中文']], 'a=100% &=+/中文'],
    [
      'capitals come before small letters',
      [
        ['a', '1'],
        ['B', '2'],
      ],
      'B=2&a=1',
    ],
    [
      'a prefix comes first',
      [
        ['app_id', '2'],
        ['app', '1'],
      ],
      'app=1&app_id=2',
    ],
    [
      '_ comes between capitals and small letters',
      [
        ['ab', '1'],
        ['a_', '2'],
        ['aB', '3'],
      ],
      'aB=3&a_=2&ab=1',
    ],
    ['nothing is nothing', [], ''],
  ];
  test.each(rules)('%s', (_rule, parameters, expected) => {
    expect(canonicalRequest(parameters)).toBe(expected);
  });
});

test('a notification is signed without sign_type', () => {
  const parameters: Parameter[] = [
    ['trade_no', '1'],
    ['sign_type', 'RSA2'],
    ['sign', 'x'],
    ['body', ''],
    ['app_id', '2'],
  ];
  expect(canonicalNotification(parameters)).toBe('app_id=2&trade_no=1');
});
