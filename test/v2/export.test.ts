/**
 * Exports as other programs read them, and what becomes of one whose client reads no further: over real connections, because
 * that is what it is about.
 */
import { get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import readXlsxFile from 'read-excel-file/node';
import { runRaw } from '../../src/store/store.fixtures.ts';
import { createWorld, type World } from '../support/world.ts';
import { aPayment, firstMerchant, v2Client, type V2Client } from './client.ts';

let world: World;
let till: V2Client;
let origin: string;
beforeAll(async () => {
  world = await createWorld();
  till = await v2Client(world);
  const merchant = await firstMerchant(world);
  await till.ask({
    method: 'PATCH',
    path: `/v2/merchants/${merchant}`,
    body: { name: '西湖茶馆, "一号"' },
  });
  const charge = (more: object) => till.post('/v2/payments', aPayment(merchant, more));
  const { body } = await charge({ subject: '=HYPERLINK("http://evil.example","龙井")' });
  await till.post(`/v2/payments/${String(body['id'])}/refunds`, { amount: 5 });
  await world.clock.advance(60_000);
  await charge({
    merchant_reference: '-2',
    auth_code: '280851932108280003',
    subject: '乌龙茶，一壶',
    description: '@home',
    metadata: { room: '1203' },
  });
  await world.app.listen({ port: 0, host: '127.0.0.1' });
  origin = `http://127.0.0.1:${(world.app.server.address() as AddressInfo).port}`;
});
afterAll(() => world.close());

const MARK = '\uFEFF';

async function download(query: string): Promise<Response> {
  return fetch(`${origin}/v2/payments/export?${query}`, {
    headers: { authorization: `Bearer ${till.secret}` },
  });
}

test('as CSV: every payment, oldest first, in Chinese', async () => {
  const answer = await download('format=csv');
  expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8');
  expect(answer.headers.get('content-disposition')).toMatch(
    /^attachment; filename="payments-20261123-12\d{4}\.csv"$/,
  );
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(await answer.arrayBuffer());
  expect(text.startsWith(MARK)).toBe(true);
  const rows: Record<string, string>[] = parse(text, { bom: true, columns: true });
  expect(rows).toMatchObject([
    {
      商户名称: '西湖茶馆, "一号"',
      商户单号: 'A-1',
      付款方式: '付款码',
      状态: '已付款',
      '金额（元）': '88.00',
      '已退金额（元）': '0.05',
      '净收金额（元）': '87.95',
      商品: `'=HYPERLINK("http://evil.example","龙井")`,
      发起时间: '2026-11-23 12:00:00',
      支付宝交易号: expect.stringMatching(/^\d{28}$/),
    },
    {
      商户单号: "'-2",
      状态: '已拒绝',
      '净收金额（元）': '0.00',
      商品: '乌龙茶，一壶',
      说明: "'@home",
      付款时间: '',
      备注: '{"room":"1203"}',
    },
  ]);
  // Every cell: none may begin a formula.
  for (const cell of rows.flatMap((row) => Object.values(row)))
    expect(cell).not.toMatch(/^[=+\-@]/);
});

test('as a workbook: amounts are numbers, and a formula is a text', async () => {
  const answer = await download('format=xlsx&language=en');
  const [sheet, ...others] = await readXlsxFile(Buffer.from(await answer.arrayBuffer()));
  expect([sheet?.sheet, others]).toEqual(['Payments', []]);
  const [titles = [], ...rows] = sheet?.data ?? [];
  const table = rows.map((row) =>
    Object.fromEntries(titles.map((title, index) => [String(title), row[index]])),
  );
  expect(table).toMatchObject([
    {
      'Merchant name': '西湖茶馆, "一号"',
      Subject: '=HYPERLINK("http://evil.example","龙井")',
      'Amount (yuan)': 88,
      'Refunded (yuan)': 0.05,
      'Net (yuan)': 87.95,
      State: 'paid',
      'Alipay trade number': expect.stringMatching(/^\d{28}$/),
    },
    { 'Merchant reference': '-2', State: 'declined', 'Net (yuan)': 0 },
  ]);
});

test('of what the filters mean, and of nothing else', async () => {
  const references = async (query: string): Promise<readonly string[]> => {
    const rows: string[][] = parse(await (await download(`format=csv&${query}`)).text(), {
      bom: true,
      from: 2,
    });
    return rows.map((row) => row[4] ?? '');
  };
  expect(await references('state=declined')).toEqual(["'-2"]);
  expect(await references('number=A-1')).toEqual(['A-1']);
  expect(await references('refunded=true')).toEqual(['A-1']);
  expect(await references('amount_to=1')).toEqual([]);
});

describe('of many payments', () => {
  /** Far more than what connections hold between two programs. */
  const MANY = 16_000;
  beforeAll(async () => {
    const [row = {}] = await runRaw(world.db, 'select * from payment limit 1');
    const own: Record<string, string> = {
      payment_no: "'FG' || i",
      local_no: "'many ' || i",
      subject: `'${'茶'.repeat(250)}'`,
      due_at_ms: 'null',
    };
    const columns = Object.keys(row);
    await runRaw(
      world.db,
      `with recursive n (i) as (select 1 union all select i + 1 from n where i < ${MANY})
       insert into payment (${columns.join()})
       select ${columns.map((column) => own[column] ?? column).join()}
       from (select * from payment limit 1) as one, n`,
    );
  });
  // The world looks at every history when it ends.
  afterAll(() => runRaw(world.db, "delete from payment where payment_no like 'FG%'"));

  const NEW = { merchant_reference: 'new', auth_code: '280851932108280009' };

  /** Begins a download, and reads nothing of it. */
  function begin(): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const request = get(
        `${origin}/v2/payments/export?format=csv`,
        { headers: { authorization: `Bearer ${till.secret}` } },
        (answer) => {
          answer.on('error', () => undefined);
          resolve(answer);
        },
      );
      request.on('error', reject);
    });
  }

  test('all of them are there', async () => {
    const lines = (await (await download('format=csv')).text()).split('\r\n');
    expect(new Set(lines.map((line) => line.split(',')[0])).size).toBe(1 + 2 + MANY + 1);
    expect(lines.length).toBe(1 + 2 + MANY + 1);
  });

  test('what begins while it is written is not in it', async () => {
    const { body } = await download('format=csv');
    const text = body!.pipeThrough(new TextDecoderStream()).getReader();
    const parts = [(await text.read()).value];
    await world.clock.advance(1000);
    await till.post('/v2/payments', aPayment(await firstMerchant(world), NEW));
    for (let part = await text.read(); !part.done; part = await text.read()) parts.push(part.value);
    const rows: string[][] = parse(parts.join(''), { bom: true });
    const references = rows.map((row) => row[4]);
    expect(references).toContain(`many ${MANY}`);
    expect(references).not.toContain(NEW.merchant_reference);
  });

  /** Begins one as soon as there is a place for it. */
  async function beginSoon(): Promise<IncomingMessage> {
    for (;;) {
      const answer = await begin();
      if (answer.statusCode === 200) return answer;
      answer.resume();
    }
  }

  test('two clients that read nothing keep a third waiting, until one goes', async () => {
    const [first, second] = [await begin(), await begin()];
    expect([first.statusCode, second.statusCode]).toEqual([200, 200]);
    const third = await begin();
    expect([third.statusCode, third.headers['retry-after']]).toEqual([429, '10']);
    first.destroy();
    const next = await beginSoon();
    // Still two, and no more.
    expect((await begin()).statusCode).toBe(429);
    next.destroy();
    second.destroy();
  });

  test('the stop of the gateway ends those that nobody reads', async () => {
    const answer = await beginSoon();
    const ended = new Promise((resolve) => answer.once('close', resolve));
    world.deps.news.stop();
    answer.resume();
    await ended;
    expect(answer.complete).toBe(false);
  });
});
