/**
 * What people are told of payments: the timeline is the command line's, in both languages and masked; "check now" asks Alipay once
 * however often it is clicked, and stores what that taught; refunds of all payments are found; an incident is resolved once, with a
 * name and a note.
 */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { seeConcern } from '../../src/store/incidents.ts';
import { findPaymentByNo } from '../../src/store/payments.ts';
import { NoResponse } from '../../src/system/http.ts';
import { createWorld, type World } from '../support/world.ts';
import { aPayment, clientWith, firstMerchant, v2Client, type V2Client } from './client.ts';

const SECOND = 1000;

let world: World;
let operator: V2Client;
let merchant: string;
beforeEach(async () => {
  world = await createWorld();
  operator = await v2Client(world);
  merchant = await firstMerchant(world);
});
afterEach(() => world.close());

const silence = (): never => {
  throw new NoResponse('timeout', 'nothing came');
};

type Begun = { id: string; no: string };

/** A payment; the last four digits of its code say what the guest does. */
async function begin(reference: string, code = '9999'): Promise<Begun> {
  const auth = { merchant_reference: reference, auth_code: `28085193210827${code}` };
  const { body } = await operator.post('/v2/payments', aPayment(merchant, auth));
  return { id: String(body['id']), no: String(body['id']).slice('pay_'.length) };
}

const queries = (): number =>
  world.calls.filter(({ method }) => method === 'alipay.trade.query').length;

type Both = { en: string; zh: string };
type Entry = { kind: string; title: Both; text: Both; moved: string | null; detail: object };

async function timeline(id: string) {
  const { body } = await operator.get(`/v2/payments/${id}/timeline`);
  return body as unknown as { why: Both; next: Both | null; entries: Entry[] };
}

describe('a timeline', () => {
  test('tells every step in order, in both languages, and why the payment is paid', async () => {
    const { id, no } = await begin('1');
    await operator.post(`/v2/payments/${id}/refunds`, { amount: 800 });
    const { entries, why, next } = await timeline(id);
    expect(next).toBeNull();
    expect(entries.map(({ kind, moved }) => [kind, moved])).toEqual([
      ['gateway', 'created'],
      ['request', null],
      ['answer', 'created -> paid'],
      ['notification', null],
      ['refund', null],
      ['refund', null],
      ['request', null],
      ['answer', null],
      ['notification', null],
    ]);
    expect(entries[1]?.text.en).toBe(`alipay.trade.pay, out_trade_no ${no}`);
    expect(entries[4]?.text).toEqual({
      en: expect.stringContaining('asked for: 8.00 yuan, reserved'),
      zh: expect.stringContaining('8.00 元，金额已预留'),
    });
    expect(entries[7]?.detail).toMatchObject({ event: 'refund_fact', fact: 'done', code: '10000' });
    for (const { title } of entries) expect(title.zh).toMatch(/[一-鿿]/);
    expect(why.en).toMatch(/^paid: a verified answer of Alipay says so/);
    expect(why.zh).toMatch(/^paid：/);
  });

  test('of a payment that waits says what happens next', async () => {
    const { id } = await begin('1', '0002');
    const { next } = await timeline(id);
    expect(next?.en).toMatch(/^next Alipay is asked \(alipay\.trade\.query\) /);
    expect(next?.zh).toContain('查询支付宝');
  });

  test('masks what a person wrote freely, and shows no payment code', async () => {
    const { id, no } = await begin('1');
    const payment = (await findPaymentByNo(world.db, no))!;
    const late = { reason: 'late_payment', requestNo: null } as const;
    const incident = await seeConcern(world.db, payment, late, world.clock.nowMs());
    const note = 'called li.lei@example.com on 13800138000';
    await operator.post(`/v2/incidents/inc_${incident}/resolve`, { note });
    const text = JSON.stringify(await timeline(id));
    expect(text).toContain('138****8000');
    for (const secret of ['13800138000', 'li.lei@example.com', '280851932108279999']) {
      expect(text).not.toContain(secret);
    }
  });
});

describe('check now', () => {
  test('stores what Alipay says, and answers with the payment as it is then', async () => {
    const { id, no } = await begin('1', '0002');
    world.loseNotifications(Infinity);
    world.control('POST', `/simulator/trades/${no}/pay`, {});
    const { status, body } = await operator.post(`/v2/payments/${id}/check`);
    expect([status, body['id'], body['state']]).toEqual([200, id, 'paid']);
    expect((await findPaymentByNo(world.db, no))?.state).toBe('paid');
  });

  test('twenty impatient clicks are one question, and later ones another', async () => {
    const { id } = await begin('1');
    const before = queries();
    const click = () => operator.ask({ method: 'POST', path: `/v2/payments/${id}/check` });
    const answers = await Promise.all(Array.from({ length: 20 }, click));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200));
    expect(queries() - before).toBe(1);
    await world.clock.advance(2 * SECOND);
    await click();
    expect(queries() - before).toBe(1);
    await world.clock.advance(2 * SECOND);
    await click();
    expect(queries() - before).toBe(2);
  });

  test('of one payment is no answer for another', async () => {
    const [one, other] = [await begin('1'), await begin('2', '1111')];
    const before = queries();
    await operator.post(`/v2/payments/${one.id}/check`);
    const { body } = await operator.post(`/v2/payments/${other.id}/check`);
    expect([body['id'], queries() - before]).toEqual([other.id, 2]);
  });

  test('without an answer says so, and leaves the payment and its next question alone', async () => {
    const { id, no } = await begin('1', '0002');
    const before = await findPaymentByNo(world.db, no);
    world.onRequest(silence);
    const { status, body } = await operator.post(`/v2/payments/${id}/check`);
    expect([status, body['code'], body['payment']]).toEqual([502, 'alipay_silent', id]);
    expect(body['detail']).not.toContain('QR');
    expect(await findPaymentByNo(world.db, no)).toEqual(before);
  });
});

describe('refunds of all payments', () => {
  test('are listed newest first, in pages, by state, time, merchant and payment', async () => {
    const [one, two] = [await begin('1'), await begin('2', '1111')];
    const made: string[] = [];
    for (const { id } of [one, two, one]) {
      const { body } = await operator.post(`/v2/payments/${id}/refunds`, { amount: 100 });
      made.unshift(String(body['id']));
      await world.clock.advance(60 * SECOND);
    }
    const ids = async (query: string): Promise<string[]> => {
      const { body } = await operator.get(`/v2/refunds${query}`);
      return (body['data'] as { id: string }[]).map(({ id }) => id);
    };
    expect(await ids('')).toEqual(made);
    const first = (await operator.get('/v2/refunds?limit=2')).body;
    expect((first['data'] as unknown[]).length).toBe(2);
    expect(await ids(`?limit=2&cursor=${String(first['next_cursor'])}`)).toEqual(made.slice(2));
    expect(await ids('?state=succeeded')).toEqual(made);
    expect(await ids('?state=pending')).toEqual([]);
    expect(await ids(`?payment=${two.id}`)).toEqual([made[1]]);
    expect(await ids(`?merchant=${merchant}`)).toEqual(made);
    const [newest] = (await operator.get('/v2/refunds')).body['data'] as { created_at: string }[];
    const at = encodeURIComponent(newest!.created_at);
    expect(await ids(`?created_from=${at}`)).toEqual(made.slice(0, 1));
    expect(await ids(`?created_before=${at}`)).toEqual(made.slice(1));
    const bad = await operator.get('/v2/refunds?cursor=x');
    expect([bad.status, bad.body['field']]).toEqual([400, 'cursor']);
  });

  test('go on after a refund whose number a till chose', async () => {
    const { no } = await begin('1');
    for (const number of ['退款 一', '退款 二']) {
      const refund = { cpiNo: merchant.slice(4), outTradeNo: no, refundAmount: '1.00' };
      await world.ask('/f2f/refund', { ...refund, outRequestNo: number });
      await world.clock.advance(10 * SECOND);
    }
    const first = (await operator.get('/v2/refunds?limit=1')).body;
    const rest = await operator.get(`/v2/refunds?cursor=${String(first['next_cursor'])}`);
    expect(rest.body['data']).toHaveLength(1);
    expect(rest.body['data']).not.toEqual(first['data']);
  });
});

describe('an incident', () => {
  async function raise(reason: 'late_payment' | 'alipay_stays_silent', { no }: Begun) {
    const payment = (await findPaymentByNo(world.db, no))!;
    const concern = { reason, requestNo: null };
    return `inc_${await seeConcern(world.db, payment, concern, world.clock.nowMs())}`;
  }

  test('is listed while it is open, and says what a person can do', async () => {
    const [one, two] = [await begin('1'), await begin('2', '1111')];
    const [first, second] = [await raise('late_payment', one), await raise('late_payment', two)];
    const ids = async (query: string): Promise<string[]> => {
      const { body } = await operator.get(`/v2/incidents${query}`);
      return (body['data'] as { id: string }[]).map(({ id }) => id);
    };
    expect(await ids('?state=open')).toEqual([second, first]);
    expect(await ids(`?payment=${one.id}`)).toEqual([first]);
    const page = (await operator.get('/v2/incidents?limit=1')).body;
    expect(await ids(`?limit=1&cursor=${String(page['next_cursor'])}`)).toEqual([first]);
    await operator.post(`/v2/incidents/${first}/resolve`, { note: 'done' });
    expect(await ids('?state=open')).toEqual([second]);
    expect(await ids('?state=resolved')).toEqual([first]);
    expect(await ids(`?merchant=${merchant}`)).toEqual([second, first]);
    const { body } = await operator.get(`/v2/incidents/${second}`);
    expect(body).toMatchObject({
      payment: two.id,
      refund: null,
      title: { en: 'Money came late', zh: '款项晚到' },
      advice: { en: expect.stringContaining('Ask the till'), zh: expect.stringContaining('询问') },
      state: 'open',
      seen_count: 1,
      resolved_by: null,
    });
  });

  test('is resolved by the name of whoever calls, once; the first note stays', async () => {
    const id = await raise('late_payment', await begin('1'));
    const resolve = (note: string) =>
      operator.ask({ method: 'POST', path: `/v2/incidents/${id}/resolve`, body: { note } });
    const answers = await Promise.all([resolve('one'), resolve('two'), resolve('three')]);
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409, 409]);
    const won = answers.find(({ status }) => status === 200)!.body;
    expect(won).toMatchObject({ state: 'resolved', resolved_by: 'test' });
    expect((await operator.get(`/v2/incidents/${id}`)).body).toEqual(won);
  });

  test('cannot be resolved as if the gateway had done it, nor without a note', async () => {
    const id = await raise('late_payment', await begin('1'));
    const key = { name: 'Gateway', scopes: ['read', 'manage'] };
    const { secret } = (await operator.post('/v2/api_keys', key)).body as { secret: string };
    const blank = await operator.post(`/v2/incidents/${id}/resolve`, { note: ' ' });
    expect([blank.status, blank.body['field']]).toEqual([400, 'note']);
    const by = await clientWith(world, secret).post(`/v2/incidents/${id}/resolve`, { note: 'x' });
    expect(by.body['resolved_by']).toBe('"Gateway"');
  });
});

describe('a dongle', () => {
  const NO = 'A'.repeat(32);
  const row = () =>
    world.db.selectFrom('dongle').selectAll().where('dongle_no', '=', NO).executeTakeFirst();

  test('is registered, granted a merchant, revoked and registered anew', async () => {
    const made = await operator.post('/v2/dongles', { number: NO });
    expect([made.status, made.body['state'], made.body['allow_listed']]).toEqual([
      201,
      'registered',
      true,
    ]);
    const path = `/v2/dongles/${NO}`;
    const granted = await operator.post(`${path}/merchants/${merchant}`);
    expect(granted.body['granted_merchants']).toEqual([merchant]);
    expect((await operator.post(`${path}/merchants/${merchant}`)).body).toEqual(granted.body);
    // It uses the merchant over v1.
    const test = { cpiNo: merchant.slice(4) };
    expect((await world.send('/f2f/company/query', test, NO)).statusNo).toBe(200);
    const taken = await operator.ask({ method: 'DELETE', path: `${path}/merchants/${merchant}` });
    expect(taken.body['granted_merchants']).toEqual([]);
    expect((await world.send('/f2f/company/query', test, NO)).statusNo).not.toBe(200);
    expect((await operator.post(`${path}/revoke`)).body['state']).toBe('revoked');
    expect(await row()).toMatchObject({ state: 'revoked', secret_hash: null });
    expect(
      await world.db.selectFrom('token').where('dongle_no', '=', NO).selectAll().execute(),
    ).toEqual([]);
    expect((await operator.post('/v2/dongles', { number: NO })).body['state']).toBe('registered');
  });

  test('is listed by number, in pages, with the merchants that it registered', async () => {
    for (const letter of ['C', 'D'])
      await operator.post('/v2/dongles', { number: letter.repeat(32) });
    const first = (await operator.get('/v2/dongles?limit=1')).body;
    expect(first['data']).toEqual([
      expect.objectContaining({ own_merchants: [merchant], state: 'issued', allow_listed: false }),
    ]);
    const rest = await operator.get(`/v2/dongles?cursor=${String(first['next_cursor'])}`);
    const numbers = (rest.body['data'] as { number: string }[]).map(({ number }) => number);
    expect(numbers).toEqual(['C'.repeat(32), 'D'.repeat(32)]);
    const short = await operator.post('/v2/dongles', { number: 'short' });
    expect([short.status, short.body['field']]).toEqual([400, 'number']);
  });
});
