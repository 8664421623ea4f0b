/**
 * The acquiring bill: when there is one, how long its link lives, and the zip read back byte by
 * byte.
 */
import { crc32, inflateRawSync } from 'node:zlib';

import iconv from 'iconv-lite';
import { describe, expect, test } from 'vitest';

import { handle } from './simulator.ts';
import { openDesk, PID, readAnswer, SHAPES, signedParams } from './testing/client.ts';
import type { Desk, Json } from './testing/client.ts';
import { DAY_MS, HOUR_MS } from './wire/time.ts';

const BILL = 'alipay.data.dataservice.bill.downloadurl.query';

function aDesk(): Desk {
  const desk = openDesk();
  const pay = (number: string, amount: string, code: string, fields: Json = {}): unknown =>
    desk.call('alipay.trade.pay', {
      out_trade_no: number,
      total_amount: amount,
      subject: '房费，标间',
      auth_code: `28${code}`,
      ...fields,
    });
  pay('B1', '100.00', '1111111111111111', { store_id: 'S1', operator_id: 'O1', body: '备注' });
  pay('B2', '0.01', '2222222222222222');
  pay('B3', '5.00', '3333333333330002');
  desk.nowMs += HOUR_MS;
  for (const [number, amount] of [
    ['R1', '0.84'],
    ['R2', '0.84'],
    ['R3', '98.32'],
  ]) {
    desk.call('alipay.trade.refund', {
      out_trade_no: 'B1',
      refund_amount: amount,
      out_request_no: number,
    });
  }
  desk.nowMs += DAY_MS;
  return desk;
}

const ask = (desk: Desk, biz: Json = {}): Json =>
  desk.call(BILL, { bill_type: 'trade', bill_date: '2026-03-01', ...biz });

function download(desk: Desk, url: unknown): { status: number; body: Buffer } {
  const { answer } = handle(desk.book, desk.nowMs, {
    method: 'GET',
    url: String(url),
    body: Buffer.alloc(0),
  });
  if (answer.kind !== 'reply') throw new Error('downloads are always answered');
  return answer;
}

/** Reads the central directory, as unzip programs do. */
function unzip(bytes: Buffer): { name: Buffer; flags: number; text: string }[] {
  const end = bytes.lastIndexOf(Buffer.from('504b0506', 'hex'));
  let at = bytes.readUInt32LE(end + 16);
  return Array.from({ length: bytes.readUInt16LE(end + 10) }, () => {
    const nameLength = bytes.readUInt16LE(at + 28);
    const name = bytes.subarray(at + 46, at + 46 + nameLength);
    const local = bytes.readUInt32LE(at + 42);
    const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
    const packed = bytes.subarray(start, start + bytes.readUInt32LE(at + 20));
    const flags = bytes.readUInt16LE(at + 8);
    const content = inflateRawSync(packed);
    expect(bytes.readUInt32LE(at + 16)).toBe(crc32(content));
    expect(bytes.readUInt32LE(at + 24)).toBe(content.length);
    // What stands before the file repeats the directory.
    expect(bytes.subarray(local + 4, local + 30)).toEqual(bytes.subarray(at + 6, at + 32));
    at += 46 + nameLength + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
    return { name, flags, text: iconv.decode(content, 'gbk') };
  });
}

describe('when there is a bill', () => {
  test.each([
    [{ bill_date: '2026-03-01' }, '10000', undefined],
    [{ bill_date: '2026-03-02' }, '40004', 'isp.bill_not_exist'],
    [{ bill_date: '2026-02-28' }, '40004', 'isp.bill_not_exist'],
    [{ bill_date: '2026-03' }, '40004', 'isp.bill_not_exist'],
    [{ bill_date: '2026-02-30' }, '40004', 'invalid_arguments'],
    [{ bill_date: 'yesterday' }, '40004', 'invalid_arguments'],
    [{ bill_date: undefined }, '40004', 'invalid_arguments'],
    [{ bill_type: undefined }, '40004', 'invalid_arguments'],
    [{ bill_type: 'x' }, '40004', 'invalid_arguments'],
    [{ bill_type: 'signcustomer' }, '40004', 'TYPE_NOT_SUPPORTED'],
  ])('%j', (biz, code, subCode) => {
    const answer = ask(aDesk(), biz);
    expect([answer['code'], answer['sub_code']]).toEqual([code, subCode]);
  });

  test('of a month, when it is over', () => {
    const desk = aDesk();
    desk.nowMs += 31 * DAY_MS;
    expect(ask(desk, { bill_date: '2026-03' })).toMatchObject({ code: '10000' });
  });

  test('only of the own shop', () => {
    const desk = aDesk();
    const appPublicKey = [...desk.book.app.values()][0]?.keys[0]?.publicKey;
    desk.control('POST', '/simulator/apps', { appId: '9', appPublicKey });
    const biz = { bill_type: 'trade', bill_date: '2026-03-01' };
    expect(desk.call(BILL, biz, { appId: '9' })).toMatchObject({ sub_code: 'isp.bill_not_exist' });
  });
});

describe('the link', () => {
  test('leads back to this simulator, as the caller calls it', () => {
    const desk = aDesk();
    const params = signedParams(BILL, { bill_type: 'trade', bill_date: '2026-03-01' });
    for (const shape of ['official', 'python'] as const) {
      const { answer } = handle(desk.book, desk.nowMs, SHAPES[shape](params));
      expect(readAnswer(answer).node['bill_download_url']).toMatch(
        /^http:\/\/simulator:8090\/downloadBillFile\.resource\?bizType=trade&userId=20881021462251350156&/,
      );
    }
  });

  test('lives 30 s', () => {
    const desk = aDesk();
    const { bill_download_url: url } = ask(desk);
    desk.nowMs += 29_999;
    expect(download(desk, url).status).toBe(200);
    expect(download(desk, `${String(url)}x`).status).toBe(404);
    desk.nowMs += 1;
    expect(download(desk, url).status).toBe(404);
  });
});

test('the files: GBK names without the UTF-8 flag, 25 columns, TABs, both sums', () => {
  const desk = aDesk();
  const files = unzip(download(desk, ask(desk)['bill_download_url']).body);
  expect(files.map(({ name }) => iconv.decode(name, 'gbk'))).toEqual([
    `${PID}0156_20260301_业务明细.csv`,
    `${PID}0156_20260301_业务明细(汇总).csv`,
  ]);
  expect(files.map(({ flags }) => flags)).toEqual([0, 0]);
  const lines = files[0]?.text.split('\r\n') ?? [];
  expect(lines.slice(0, 3)).toEqual([
    '#支付宝业务明细查询',
    `#账号：[${PID}0156]`,
    '#起始日期：[2026年03月01日 00:00:00]   终止日期：[2026年03月02日 00:00:00]',
  ]);
  const rows = lines
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split(','));
  expect(rows.map((row) => row.length)).toEqual([25, 25, 25, 25, 25, 25]);
  const column = (name: string): (string | undefined)[] =>
    rows.slice(1).map((row) => row[rows[0]?.indexOf(name) ?? -1]?.trim());
  expect(column('商户订单号')).toEqual(['B1', 'B2', 'B1', 'B1', 'B1']);
  expect(column('业务类型')).toEqual(['交易', '交易', '退款', '退款', '退款']);
  expect(column('订单金额（元）')).toEqual(['100.00', '0.01', '-0.84', '-0.84', '-98.32']);
  // The parts of the fee that come back add up to the whole.
  expect(column('服务费（元）')).toEqual(['-0.60', '0.00', '0.01', '0.00', '0.59']);
  expect(column('退款批次号/请求号')).toEqual(['', '', 'R1', 'R2', 'R3']);
  expect(column('完成时间')[2]).toBe('2026-03-01 13:00:00');
  expect(rows[1]?.[0]).toMatch(/^\d{28}\t$/);
  expect(lines).toContain('#交易合计：2笔，商家实收共100.01元，商家优惠共0.00元');
  expect(lines).toContain('#退款合计：3笔，商家实收退款共-100.00元，商家优惠退款共0.00元');
  expect(files[1]?.text).toContain('合计,,2,3,0.01,0.01,0.00,0.00,0.00,0.00,0.00,0.01');
  expect(files[1]?.text).toContain('S1,,1,3,0.00,0.00,');
});
