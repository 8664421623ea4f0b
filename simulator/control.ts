/**
 * The control API under `/simulator/`: what a test or a person does to the simulated Alipay from
 * behind its counter (the contract's table "Control API"). Bodies are checked strictly; errors are
 * `{"error": "…"}`. Who may call it is checked in `./server.ts`.
 */
import { nextSequence, putApp, putPaymentCode, touch, touchMeta } from './book/book.ts';
import type { Book } from './book/book.ts';
import { FAULT_KINDS } from './book/entities.ts';
import type { App, Fault, FaultKind, Trade } from './book/entities.ts';
import { randomBelow, randomText } from './book/random.ts';
import { WALLETS } from './buyers.ts';
import { issueCertificates } from './certificates.ts';
import {
  bodyProblem,
  buyerIn,
  buyerRule,
  fail,
  flag,
  ok,
  oneOf,
  text,
  textAt,
  whole,
} from './control-rules.ts';
import type { Body, ControlAnswer, Route, Visit } from './control-rules.ts';
import { scan } from './methods/precreate.ts';
import { chargeBuyer, closeTrade, findTrade, orderKey } from './trades.ts';
import { viewTrade, viewTrades } from './trade-view.ts';
import { WALLET_ROUTES } from './wallet-calls.ts';
import { parseRecord } from './wire/json.ts';
import { isSignType, publicKeyText, readPublicKey, SIGN_TYPES } from './wire/signing.ts';
import { DAY_MS, MINUTE_MS, timeText } from './wire/time.ts';

export type ControlRequest = { method: string; path: string; query: string; body: Buffer };

const PAYMENT_CODE_LIFE_MS = MINUTE_MS;
const KEYS_MAX = 16;
const AUTHORIZATIONS_MAX = 1000;
const ADVANCE_MS_MAX = 20 * 366 * DAY_MS;
const DELAY_MS_MAX = 10 * MINUTE_MS;
const FAULTS_MAX = 10_000;
const TIMES_MAX = 1_000_000;

/** A shop number for an app registered without one. */
function newPid(book: Book): string {
  const sequence = String(nextSequence(book)).padStart(6, '0').slice(-6);
  return `2088${String(randomBelow(book.random, 1_000_000)).padStart(6, '0')}${sequence}`;
}

function registerApp({ book, body }: Visit): ControlAnswer {
  const key = readPublicKey(textAt(body, 'appPublicKey') ?? '');
  if (key === undefined) {
    return fail(
      400,
      '"appPublicKey" must be an RSA public key of at least 1024 bits, as PEM or base64 DER',
    );
  }
  const publicKey = publicKeyText(key);
  const appId = textAt(body, 'appId') ?? '';
  const signType = textAt(body, 'signType');
  const known = book.app.get(appId);
  const pid = textAt(body, 'pid') ?? known?.pid ?? newPid(book);
  const others = (known?.keys ?? []).filter((other) => other.publicKey !== publicKey);
  const added =
    signType !== undefined && isSignType(signType) ? { publicKey, signType } : { publicKey };
  const app: App = {
    ...known,
    appId,
    pid,
    scope: known?.scope ?? scopeOf(book, pid),
    keys: [...others, added].slice(-KEYS_MAX),
  };
  putApp(book, app);
  return ok({ appId, pid, alipayPublicKey: book.alipayPublicKey });
}

/** As at Alipay: the request (CSR) is for a key of the app's owner, and the app goes over to certificates. */
function certifyApp({ book, nowMs, body, name }: Visit): ControlAnswer {
  const app = book.app.get(name);
  if (app === undefined) return fail(404, 'no app has this id');
  const issued = issueCertificates(book, nowMs, app, textAt(body, 'csr') ?? '');
  return issued === undefined
    ? fail(400, '"csr" must be a certificate request (PKCS #10) in PEM, signed by its key')
    : ok(issued);
}

/**
 * As when a merchant authorises a service provider's app: a token that opens the merchant's account to it. Authorised again,
 * the token of before is none any more.
 */
function authorizeApp({ book, body, name }: Visit): ControlAnswer {
  const app = book.app.get(name);
  if (app === undefined) return fail(404, 'no app has this id');
  const pid = textAt(body, 'pid') ?? '';
  const sequence = String(nextSequence(book)).padStart(8, '0');
  const token = `201510BB${randomText(book.random, 24, '0123456789abcdef')}${sequence}`;
  const authorization = { token, pid, scope: scopeOf(book, pid) };
  const others = (app.authorizations ?? []).filter((other) => other.pid !== pid);
  putApp(book, {
    ...app,
    authorizations: [...others, authorization].slice(-AUTHORIZATIONS_MAX),
  });
  return ok({ appId: app.appId, pid, appAuthToken: token });
}

/** Apps of one shop share its order numbers (protocol 4.7). */
function scopeOf(book: Book, pid: string): string {
  return [...book.app.values()].find((app) => app.pid === pid)?.scope ?? pid;
}

/** 18 digits beginning 28; the last four never are those of a magic code. */
function issuePaymentCode({ book, nowMs, body }: Visit): ControlAnswer {
  const sequence = nextSequence(book);
  const middle = String(sequence % 100_000_000).padStart(8, '0');
  const noise = String(randomBelow(book.random, 10_000)).padStart(4, '0');
  const code = `28${middle}${noise}${1000 + randomBelow(book.random, 9000)}`;
  const expiresAtMs = nowMs + PAYMENT_CODE_LIFE_MS;
  const buyer = buyerIn(body);
  const asks = body['asksFirst'] === true ? ({ asksFirst: true } as const) : {};
  putPaymentCode(book, { code, sequence, buyer, expiresAtMs, ...asks });
  return ok({ authCode: code });
}

function scanCode({ book, nowMs, body }: Visit): ControlAnswer {
  const scanned = scan(book, nowMs, textAt(body, 'qrCode') ?? '', buyerIn(body));
  if ('trade' in scanned) {
    const { order, status } = scanned.trade;
    return ok({ outTradeNo: order.outTradeNo, tradeStatus: status });
  }
  return scanned.problem === 'unknown'
    ? fail(404, 'no QR code like this can be scanned: it is unknown or expired')
    : fail(409, 'the trade of this QR code is not open to this buyer');
}

/** The trades of a number, one at most per shop. */
function tradesNumbered({ book, nowMs }: Visit, outTradeNo: string): Trade[] {
  const scopes = new Set(
    [...book.app.values()].flatMap(({ scope, authorizations = [] }) => [
      scope,
      ...authorizations.map((authorization) => authorization.scope),
    ]),
  );
  return [...scopes].flatMap((scope) => findTrade(book, nowMs, orderKey(scope, outTradeNo)) ?? []);
}

function listTrades(visit: Visit): ControlAnswer {
  const outTradeNo = visit.query.get('outTradeNo');
  const trades =
    outTradeNo === null
      ? viewTrades(visit.book, visit.nowMs)
      : tradesNumbered(visit, outTradeNo).map(viewTrade);
  return ok({ trades });
}

function onOpenTrade(
  visit: Visit,
  act: (trade: Trade) => ControlAnswer | undefined,
): ControlAnswer {
  const trades = tradesNumbered(visit, visit.name);
  const open = trades.find(({ status }) => status === 'WAIT_BUYER_PAY');
  if (trades.length === 0) return fail(404, 'no trade has this number');
  if (open === undefined) return fail(409, 'the trade is not open');
  return act(open) ?? ok(viewTrade(open));
}

function payTrade(visit: Visit): ControlAnswer {
  return onOpenTrade(visit, (trade) => {
    if (!WALLETS[trade.buyer].canPay) return fail(409, 'the buyer has no money');
    if (visit.body['when'] === 'cancel') {
      trade.paysAtCancel = true;
      touch(visit.book, 'trade', trade.key);
      return undefined;
    }
    chargeBuyer(visit.book, visit.nowMs, trade);
    return undefined;
  });
}

function declineTrade(visit: Visit): ControlAnswer {
  return onOpenTrade(visit, (trade) => {
    closeTrade(visit.book, visit.nowMs, trade, 'buyer');
    return undefined;
  });
}

function addFault({ book, body }: Visit): ControlAnswer {
  const kind: FaultKind | undefined = FAULT_KINDS.find((known) => known === body['kind']);
  if (kind === undefined) return fail(400, '"kind" is missing');
  if ((kind === 'delay') !== (body['ms'] !== undefined)) {
    return fail(400, '"ms" belongs to "delay", and "delay" needs it');
  }
  if (book.faults.length >= FAULTS_MAX)
    return fail(409, `${FAULTS_MAX} faults are waiting already`);
  const [method, outTradeNo] = [textAt(body, 'method'), textAt(body, 'outTradeNo')];
  const fault: Fault = {
    id: `fault-${nextSequence(book)}`,
    kind,
    ...(method === undefined ? {} : { method }),
    ...(outTradeNo === undefined ? {} : { outTradeNo }),
    times: Number(body['times'] ?? 1),
    executed: body['executed'] !== false,
    delayMs: Number(body['ms'] ?? 0),
  };
  book.faults = [...book.faults, fault];
  return ok({ id: fault.id });
}

/** Those that still wait for a call, in the order in which they are tried. */
function listFaults({ book }: Visit): ControlAnswer {
  const faults = book.faults.map(({ delayMs, ...fault }) => ({
    ...fault,
    ...(fault.kind === 'delay' ? { ms: delayMs } : {}),
  }));
  return ok({ faults });
}

function endFaults({ book }: Visit): ControlAnswer {
  book.faults = [];
  return ok({});
}

function showClock({ book, nowMs }: Visit): ControlAnswer {
  return ok({ now: timeText(nowMs), aheadMs: book.meta.clockOffsetMs });
}

function advanceClock({ book, nowMs, body }: Visit): ControlAnswer {
  const advancedMs = Number(body['advanceMs']);
  book.meta.clockOffsetMs += advancedMs;
  touchMeta(book);
  return { ...ok({ now: timeText(nowMs + advancedMs) }), advancedMs };
}

const numberRule = { check: text(/^\S{1,64}$/, 'must be 1 to 64 characters without spaces') };

const ROUTES: readonly Route[] = [
  {
    method: 'POST',
    path: /^\/simulator\/apps$/,
    rules: {
      appId: {
        check: text(/^[\w-]{1,32}$/, 'must be 1 to 32 letters, digits, "_" or "-"'),
        required: true,
      },
      pid: { check: text(/^\w{1,32}$/, 'must be 1 to 32 letters or digits') },
      appPublicKey: { check: text(/^[^]{1,8192}$/, 'must be text'), required: true },
      signType: { check: oneOf(SIGN_TYPES) },
    },
    run: registerApp,
  },
  {
    method: 'POST',
    path: /^\/simulator\/apps\/([^/]+)\/certificates$/,
    rules: { csr: { check: text(/^[^]{1,8192}$/, 'must be text'), required: true } },
    run: certifyApp,
  },
  {
    method: 'POST',
    path: /^\/simulator\/apps\/([^/]+)\/authorizations$/,
    rules: { pid: { check: text(/^2088\d{12}$/, 'must be 16 digits from 2088'), required: true } },
    run: authorizeApp,
  },
  {
    method: 'POST',
    path: /^\/simulator\/payment-codes$/,
    rules: { buyer: buyerRule, asksFirst: { check: flag } },
    run: issuePaymentCode,
  },
  {
    method: 'POST',
    path: /^\/simulator\/scan$/,
    rules: {
      qrCode: { check: text(/^\S{1,1024}$/, 'must be the text of a QR code'), required: true },
      buyer: buyerRule,
    },
    run: scanCode,
  },
  {
    method: 'POST',
    path: /^\/simulator\/trades\/([^/]+)\/pay$/,
    rules: { when: { check: oneOf(['now', 'cancel']) } },
    run: payTrade,
  },
  { method: 'POST', path: /^\/simulator\/trades\/([^/]+)\/decline$/, rules: {}, run: declineTrade },
  { method: 'GET', path: /^\/simulator\/trades$/, rules: {}, run: listTrades },
  {
    method: 'POST',
    path: /^\/simulator\/faults$/,
    rules: {
      kind: { check: oneOf(FAULT_KINDS), required: true },
      method: { check: text(/^[\w.]{1,128}$/, 'must be a method name') },
      outTradeNo: numberRule,
      times: { check: whole(1, TIMES_MAX) },
      ms: { check: whole(0, DELAY_MS_MAX) },
      executed: { check: flag },
    },
    run: addFault,
  },
  { method: 'GET', path: /^\/simulator\/faults$/, rules: {}, run: listFaults },
  { method: 'DELETE', path: /^\/simulator\/faults$/, rules: {}, run: endFaults },
  {
    method: 'POST',
    path: /^\/simulator\/clock$/,
    rules: { advanceMs: { check: whole(0, ADVANCE_MS_MAX), required: true } },
    run: advanceClock,
  },
  { method: 'GET', path: /^\/simulator\/clock$/, rules: {}, run: showClock },
  ...WALLET_ROUTES,
];

/** A JSON object; an empty body stands for an empty one. Undefined for anything else. */
function readBody(bytes: Buffer): Body | undefined {
  const json = bytes.toString('utf8').trim();
  return json === '' ? {} : parseRecord(json);
}

function decodedName(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    // A broken escape names no trade; as it stands it will not be found.
    return name;
  }
}

/** Answers one call to the control API. */
export function answerControl(book: Book, nowMs: number, request: ControlRequest): ControlAnswer {
  const routes = ROUTES.filter(({ path }) => path.test(request.path));
  const route = routes.find(({ method }) => method === request.method);
  if (routes.length === 0) return fail(404, 'there is nothing at this path');
  if (route === undefined) {
    return fail(405, `this path takes ${routes.map(({ method }) => method).join(' or ')}`);
  }
  const body = request.method === 'POST' ? readBody(request.body) : {};
  if (body === undefined) return fail(400, 'the body must be a JSON object');
  const query = new URLSearchParams(request.query);
  const problem =
    bodyProblem(body, route.rules) ??
    (route.query && bodyProblem(Object.fromEntries(query), route.query));
  if (problem !== undefined) return fail(400, problem);
  const name = decodedName(route.path.exec(request.path)?.[1] ?? '');
  return route.run({ book, nowMs, body, query, name });
}
