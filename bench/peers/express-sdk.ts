/**
 * The peer: a gateway as one would write it today from the usual parts, Express, the official `alipay-sdk` with its
 * verification on, and `pg`. It does what ours does for a charge and no less: the token, the shop and its app, the intent
 * before the call, the call, the outcome after it, and the notification, verified and stored. What it leaves out is what to
 * do in doubt. A process of its own: its plan comes on stdin, its URL goes to stdout.
 */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { AlipaySdk } from 'alipay-sdk';
import express, { type Request, type Response } from 'express';
import { Pool } from 'pg';

export type PeerPlan = {
  /** A database with the tables of `SCHEMA`, and shops in them. */
  readonly databaseUrl: string;
  readonly alipayGateway: string;
  readonly connectionsMax: number;
};

export const SCHEMA = [
  'create table token (hash text primary key, dongle text not null)',
  `create table shop (
    shop_no text primary key,
    app_id text not null,
    private_key text not null,
    alipay_public_key text not null
  )`,
  'create sequence trade_no',
  `create table trade (
    out_trade_no text primary key,
    shop_no text not null references shop,
    local_no text not null,
    amount_fen bigint not null,
    state text not null,
    trade_no text,
    answer jsonb,
    created_at timestamptz not null default now(),
    notified_at timestamptz,
    unique (shop_no, local_no)
  )`,
];

export const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex');

type Shop = { shop_no: string; app_id: string; private_key: string; alipay_public_key: string };
type Charge = {
  readonly cpiNo: string;
  readonly localNo: string;
  readonly totalAmount: string;
  readonly authCode: string;
  readonly subject: string;
};

/** What its handlers work with. */
type Parts = {
  readonly pool: Pool;
  readonly sdkOf: (shop: Shop) => AlipaySdk;
  notifyUrl: string;
};

async function start(plan: PeerPlan): Promise<void> {
  const pool = new Pool({ connectionString: plan.databaseUrl, max: plan.connectionsMax });
  const parts: Parts = { pool, sdkOf: keepSdks(plan.alipayGateway), notifyUrl: '' };
  const app = express();
  // Express 5 answers 500 for what an async handler throws.
  // oxlint-disable-next-line oxc/no-async-endpoint-handlers -- as the sentence above says
  app.get('/f2f/hb_barcode', (request, response) => charge(parts, request, response));
  const form = express.urlencoded({ extended: false });
  // oxlint-disable-next-line oxc/no-async-endpoint-handlers -- as above
  app.post('/alipay/notify', form, (request, response) => hear(parts, request, response));
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  parts.notifyUrl = `http://127.0.0.1:${port}/alipay/notify`;
  process.stdout.write(`${JSON.stringify({ url: `http://127.0.0.1:${port}` })}\n`);
}

/** One SDK for each app, with its keys. */
function keepSdks(gateway: string): Parts['sdkOf'] {
  const sdks = new Map<string, AlipaySdk>();
  return (shop) => {
    const known = sdks.get(shop.app_id);
    if (known !== undefined) return known;
    const sdk = new AlipaySdk({
      appId: shop.app_id,
      privateKey: shop.private_key,
      keyType: 'PKCS8',
      alipayPublicKey: shop.alipay_public_key,
      gateway,
    });
    sdks.set(shop.app_id, sdk);
    return sdk;
  };
}

async function charge(parts: Parts, request: Request, response: Response): Promise<void> {
  const { pool, sdkOf, notifyUrl } = parts;
  const token = hashOf(queryText(request, 'token'));
  const holder = await pool.query('select dongle from token where hash = $1', [token]);
  if (holder.rowCount !== 1) {
    response.json({ err: 'TOKEN_IS_INVALID', re: {} });
    return;
  }
  const data: Charge = JSON.parse(queryText(request, 'data'));
  const shop = await findShop(pool, data.cpiNo);
  const intent = await pool.query<{ out_trade_no: string }>(
    `insert into trade (out_trade_no, shop_no, local_no, amount_fen, state)
     values ('PEER' || nextval('trade_no'), $1, $2, $3, 'created') returning out_trade_no`,
    [data.cpiNo, data.localNo, Math.round(Number(data.totalAmount) * 100)],
  );
  const outTradeNo = intent.rows[0]?.out_trade_no ?? '';
  const result = await sdkOf(shop).exec(
    'alipay.trade.pay',
    {
      notify_url: notifyUrl,
      bizContent: {
        out_trade_no: outTradeNo,
        scene: 'bar_code',
        auth_code: data.authCode,
        total_amount: data.totalAmount,
        subject: decodeURIComponent(data.subject),
      },
    },
    { validateSign: true },
  );
  const state = result.code === '10000' ? 'paid' : 'open';
  await pool.query(
    'update trade set state = $2, trade_no = $3, answer = $4 where out_trade_no = $1',
    [outTradeNo, state, result['tradeNo'], JSON.stringify(result)],
  );
  response.json({ err: 'nothing', re: { code: result.code, out_trade_no: outTradeNo } });
}

function queryText(request: Request, name: string): string {
  const value = request.query[name];
  return typeof value === 'string' ? value : '';
}

async function hear({ pool, sdkOf }: Parts, request: Request, response: Response): Promise<void> {
  const told = request.body as Record<string, string>;
  const outTradeNo = told['out_trade_no'];
  const { rows } = await pool.query<{ shop_no: string; amount_fen: string }>(
    'select shop_no, amount_fen from trade where out_trade_no = $1',
    [outTradeNo],
  );
  const [trade] = rows;
  const shop = trade && (await findShop(pool, trade.shop_no));
  const isTrue =
    shop !== undefined &&
    told['app_id'] === shop.app_id &&
    Math.round(Number(told['total_amount']) * 100) === Number(trade?.amount_fen) &&
    sdkOf(shop).checkNotifySignV2(told);
  if (isTrue && told['trade_status'] === 'TRADE_SUCCESS') {
    await pool.query(
      "update trade set state = 'paid', notified_at = now() where out_trade_no = $1",
      [outTradeNo],
    );
  }
  response.type('text/plain').send(isTrue ? 'success' : 'fail');
}

async function findShop(pool: Pool, shopNo: string): Promise<Shop> {
  const { rows } = await pool.query<Shop>('select * from shop where shop_no = $1', [shopNo]);
  const [shop] = rows;
  if (shop === undefined) throw new Error(`there is no shop ${shopNo}`);
  return shop;
}

if (import.meta.main) await start(JSON.parse(await text(process.stdin)) as PeerPlan);
