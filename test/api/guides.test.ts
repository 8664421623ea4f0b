/**
 * The guides, followed as a newcomer would: every line for the shell goes to one, and every program runs in its language, against
 * a gateway with the simulator. What they show as answers is what comes, but for numbers and times; where the money is stands in
 * the simulator's book. That both languages have the same blocks is in `test/docs.test.ts`.
 */
import { execFile } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { runInNewContext } from 'node:vm';
import { EventSource } from 'undici';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  blocksIn,
  differences,
  differentLines,
  LANGUAGES,
  openShell,
  readGuide,
  ROOT,
  setUpBench,
  stepsOf,
  succeeds,
  type Bench,
  type Language,
  type Running,
  type Shell,
  type Step,
} from '../support/guide.ts';
import {
  listenForWebhooks,
  signWebhook,
  startGuideWorld,
  told,
  type GuideWorld,
  type Payment,
  type Shop,
} from '../support/guide-world.ts';
import { runCommand, until } from '../support/gateway-process.ts';
import { lossyProxy } from '../support/lossy-proxy.ts';
import { addShop, aPaymentCode, call, enrol } from '../support/v1-client.ts';

const GUIDES = {
  barcode: readGuide('barcode'),
  qr: readGuide('qr'),
  refunds: readGuide('refunds'),
  events: readGuide('events'),
  fromV1: readGuide('from-v1'),
  goingLive: readGuide('going-live'),
};
/** The same in all of them but the last two; it is run once. */
const [SETTING] = stepsOf(GUIDES.barcode);
/** Nothing that Alipay says verifies with it. */
const SOMEBODYS_KEY = generateKeyPairSync('rsa', { modulusLength: 2048 })
  .publicKey.export({ type: 'spki', format: 'der' })
  .toString('base64');
const hasCurl = await succeeds('curl', '--version');

let world: GuideWorld;
let bench: Bench;
beforeAll(async () => {
  [world, bench] = await Promise.all([startGuideWorld(), setUpBench(Object.values(GUIDES))]);
}, 60_000);
afterAll(async () => {
  bench.end();
  await world.gateway.stop();
});

type Skip = { readonly skip: (note?: string) => never };

/** The key of a shop, and where the gateway is: what each program wants to know. */
function envOf({ key }: Pick<Shop, 'key'>, url = world.gateway.url()) {
  return { GATEWAY: url, KEY: key };
}

function requireLanguage(language: Language, { skip }: Skip): void {
  const missing = bench.missing[language];
  if (missing !== undefined) skip(missing);
}

/** One step after the other; what is shown is what comes. Gives what they wrote. */
async function follow(shell: Shell, steps: readonly Step[]): Promise<readonly string[]> {
  const outputs: string[] = [];
  for (const { command, shown } of steps) {
    const output = await shell.run(command);
    outputs.push(output);
    if (shown === undefined) continue;
    const heard = output.slice(output.lastIndexOf('\n') + 1);
    expect(differences(JSON.parse(shown), JSON.parse(heard), command)).toStrictEqual([]);
  }
  return outputs;
}

describe.concurrent('barcode at a till', { timeout: 60_000 }, () => {
  const steps = stepsOf(GUIDES.barcode).slice(1);
  const [declined = '', cancelled = '', switchedOff = ''] = blocksIn(GUIDES.barcode, 'text');

  test.skipIf(!hasCurl)('in the shell', async () => {
    const { gateway } = world;
    const shop = await world.openShop();
    const proxy = await lossyProxy(gateway.url());
    const shell = openShell(bench.folder, { F2F_DATA_DIR: gateway.dataDir });
    const repeated = steps.findIndex(({ command }) => command.includes('--retry'));
    try {
      await shell.run(`cd ${ROOT}\n${SETTING!.command.replace('TEA-1', shop.shopNo)}`);
      await shell.run(`cd ${bench.folder}\nGATEWAY=${gateway.url()}`);
      await follow(shell, steps.slice(0, repeated));
      await shell.run(`GATEWAY=${proxy.url}`);
      await follow(shell, steps.slice(repeated, repeated + 1));
      await shell.run(`GATEWAY=${gateway.url()}`);
      await follow(shell, steps.slice(repeated + 1));
    } finally {
      shell.end();
      proxy.end();
    }
    expect([...proxy.lost]).toStrictEqual(['bill-4-a']);
    const payments = await shop.payments();
    expect(told(payments)).toStrictEqual([
      'bill-1 1 paid',
      'bill-2 1 declined',
      'bill-2 2 paid',
      'bill-3 1 paid',
      'bill-4 1 paid',
      'bill-5 1 closed',
    ]);
    expect(await world.chargesOf(payments)).toBe(4);
  });

  test.for(LANGUAGES)('in %s', async (language, context) => {
    requireLanguage(language, context);
    const shop = await world.openShop();
    const proxy = await lossyProxy(world.gateway.url());
    const till = (bill: string, scanned: string, patienceS = '45'): Running => {
      const env = { ...envOf(shop, proxy.url), PATIENCE_S: patienceS };
      const program = bench.start(language, 'till', [bill, '8800'], env);
      program.type(scanned);
      return program;
    };
    const first = till('bill-6', `${aPaymentCode('0003')}\n${aPaymentCode()}\n`);
    const second = till('bill-7', `${aPaymentCode('0002')}\n`, '1');
    const third = till('bill-8', `${aPaymentCode('0002')}\n`);
    await third.sees(/waiting/);
    await third.kill();
    const again = till('bill-8', '');
    await again.sees(/waiting/);
    const [open] = await shop.payments('bill-8');
    await world.simulator.pay(open!.alipay.out_trade_no);

    expect(differentLines(declined, await first.finish())).toStrictEqual([]);
    await second.sees(/closed\nscan a code\n/);
    expect(differentLines(cancelled, await second.kill())).toStrictEqual([]);
    expect(differentLines(switchedOff, await again.finish())).toStrictEqual([]);
    proxy.end();
    const payments = await shop.payments();
    expect(told(payments)).toStrictEqual([
      'bill-6 1 declined',
      'bill-6 2 paid',
      'bill-7 1 closed',
      'bill-8 1 paid',
    ]);
    expect(await world.chargesOf(payments)).toBe(2);
    // Four charges and a cancel.
    expect(proxy.lost.size).toBe(5);
  });
});

describe.concurrent('a QR code on a screen', { timeout: 60_000 }, () => {
  const [setting, ...steps] = stepsOf(GUIDES.qr);
  const [shown = ''] = blocksIn(GUIDES.qr, 'text');

  test.skipIf(!hasCurl)('in the shell', async () => {
    expect(setting).toStrictEqual(SETTING);
    const shop = await world.openShop();
    const shell = openShell(bench.folder, envOf(shop));
    const simulatorUrl = world.gateway.simulatorUrl();
    const here = steps.map((step) => ({
      ...step,
      command: step.command.replace('http://127.0.0.1:8090', simulatorUrl),
    }));
    await follow(shell, here).finally(shell.end);
    const payments = await shop.payments();
    expect(told(payments)).toStrictEqual([
      'bill-11 1 paid',
      'bill-12 1 closed',
      'bill-12 2 awaiting_buyer',
    ]);
    expect(await world.chargesOf(payments)).toBe(1);
  });

  test.for(LANGUAGES)('in %s', async (language, context) => {
    requireLanguage(language, context);
    const { ask, operatorKey, simulator } = world;
    const shop = await world.openShop();
    const path = `/v2/merchants/${shop.id}`;
    type Keys = { app: { alipay_public_key: string } };
    const { app } = await ask<Keys>(path, operatorKey);
    const believe = (key: string) =>
      ask(path, operatorKey, { method: 'PATCH', body: { alipay_public_key: key } });
    // To the gateway Alipay is silent.
    await believe(SOMEBODYS_KEY);
    const proxy = await lossyProxy(world.gateway.url());
    const screen = bench.start(language, 'screen', ['bill-3', '8800'], envOf(shop, proxy.url));
    await screen.sees(/silent/);
    await believe(app.alipay_public_key);
    await screen.sees(/show/);
    const [first] = await shop.payments('bill-3');
    await ask(`/v2/payments/${first!.id}/cancel?wait=0`, shop.key, { body: {}, once: 'cancel' });
    await screen.sees(/hide/);
    await simulator.scan(first!.next_action.qr_code);
    await screen.sees(/show[^]*show/);
    const [second] = await shop.payments('bill-3');
    await simulator.scan(second!.next_action.qr_code);
    await simulator.pay(second!.alipay.out_trade_no);
    // It may have been silent for longer.
    const output = (await screen.finish()).replace(/(Alipay is silent\n)+/, '$1');
    expect(differentLines(shown, output)).toStrictEqual([]);
    proxy.end();
    const payments = await shop.payments();
    const [paid, closed, ...silent] = payments.map(({ state }) => state);
    expect([paid, closed]).toStrictEqual(['paid', 'closed']);
    expect(new Set(silent)).toStrictEqual(new Set(['created']));
    expect(await world.chargesOf(payments)).toBe(1);
  });

  test('the page', async () => {
    const { ask, gateway, simulator } = world;
    const { key } = await world.openShop();
    const body = { method: 'qr', amount: 8800, merchant_reference: 'bill-4', subject: 'Tea' };
    const payment = await ask<Payment>('/v2/payments', key, { body, once: 'a' });
    const code = { src: '', hidden: false };
    const clock = { textContent: '' };
    const elements: Readonly<Record<string, object>> = { code, clock };
    const page = {
      document: { getElementById: (id: string) => elements[id] },
      EventSource,
      setInterval,
      clearInterval,
    };
    const [script = ''] = blocksIn(GUIDES.qr, 'js');
    runInNewContext(`${script}\nshowPayment`, page)(payment, gateway.url());
    expect((await fetch(code.src)).headers.get('content-type')).toBe('image/svg+xml');
    await until(() => /^1[45]:\d\d$/.test(clock.textContent), { what: 'the countdown' });
    await simulator.scan(payment.next_action.qr_code);
    await simulator.pay(payment.alipay.out_trade_no);
    await until(() => clock.textContent === 'Paid. Thank you!', { what: 'the thanks' });
    expect(code.hidden).toBe(true);
  });
});

describe.concurrent('refunds', { timeout: 60_000 }, () => {
  const [setting, ...steps] = stepsOf(GUIDES.refunds);
  const [given = '', refused = ''] = blocksIn(GUIDES.refunds, 'text');
  const amountsOf = async (payment: Payment | undefined): Promise<readonly string[]> => {
    const trade = await world.simulator.trade(payment!.alipay.out_trade_no);
    return trade!.refunds.map(({ amount }) => amount);
  };

  test.skipIf(!hasCurl)('in the shell', async () => {
    expect(setting).toStrictEqual(SETTING);
    const shop = await world.openShop();
    const shell = openShell(bench.folder, envOf(shop));
    await follow(shell, steps).finally(shell.end);
    const [payment] = await shop.payments();
    expect(await amountsOf(payment)).toStrictEqual(['8.00', '10.00']);
  });

  test.for(LANGUAGES)('in %s', async (language, context) => {
    requireLanguage(language, context);
    const shop = await world.openShop();
    const payment = await world.charge(shop, 'bill-22');
    const proxy = await lossyProxy(world.gateway.url());
    const give = (fen: string, slip: string): Promise<string> =>
      bench.start(language, 'refund', ['bill-22', fen, slip], envOf(shop, proxy.url)).finish();
    expect(differentLines(given, await give('800', '1'))).toStrictEqual([]);
    expect(differentLines(given, await give('800', '1'))).toStrictEqual([]);
    expect(differentLines(refused, await give('8801', '2'))).toStrictEqual([]);
    proxy.end();
    expect([...proxy.lost]).toStrictEqual(['refund-1', 'refund-2']);
    expect(await amountsOf(payment)).toStrictEqual(['8.00']);
  });
});

describe.concurrent('webhooks or polling', { timeout: 60_000 }, () => {
  const [setting, ...steps] = stepsOf(GUIDES.events);
  const [signature = '', received = '', followed = '', goneOn = ''] = blocksIn(
    GUIDES.events,
    'text',
  );
  const SECRET = 'whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz';

  test.skipIf(!hasCurl)('in the shell', async ({ skip }) => {
    if (!(await succeeds('openssl', 'version'))) skip('openssl is not installed');
    expect(setting).toStrictEqual(SETTING);
    const shop = await world.openShop();
    const hook = await listenForWebhooks();
    const shell = openShell(bench.folder, envOf(shop));
    const here = (text: string): string => text.replace('http://127.0.0.1:9000', hook.url);
    const there = steps.map(({ command, shown }) => ({
      command: here(command),
      shown: shown && here(shown),
    }));
    const outputs = await follow(shell, there).finally(shell.end);
    const signing = steps.findIndex(({ command }) => command.includes('openssl'));
    expect(outputs[signing]).toBe(signature.trim());
    await until(() => hook.bodies.length === 2, { what: 'the webhooks' });
    hook.end();
    const types = hook.bodies.map((body) => (JSON.parse(body) as { type: string }).type);
    expect(types).toStrictEqual(['test', 'payment.paid']);
  });

  test('the signature to check against is right', () => {
    const body = '{"id":"evt_2","object":"event","type":"payment.paid"}';
    expect(GUIDES.events.text).toContain(`SECRET=${SECRET}\nBODY='${body}'\n`);
    expect(`v1,${signature.trim()}`).toBe(signWebhook(SECRET, 'evt_2', 1_795_416_987, body));
  });

  test.for(LANGUAGES)('a receiver in %s', async (language, context) => {
    requireLanguage(language, context);
    const shop = await world.openShop();
    const { url, end } = await listenForWebhooks();
    end();
    const endpoint = await world.ask<{ id: string; secret: string }>(
      '/v2/webhook_endpoints',
      shop.key,
      { body: { url: `${url}/hook`, types: ['payment.paid'] } },
    );
    const cwd = mkdtempSync(join(bench.folder, 'receiver-'));
    const env = { PORT: new URL(url).port, WEBHOOK_SECRET: `${SECRET} ${endpoint.secret}` };
    const receiver = bench.start(language, 'receiver', [], env, cwd);
    await receiver.sees(/listening/);
    const tested = `/v2/webhook_endpoints/${endpoint.id}/test`;
    expect(await world.ask(tested, shop.key, { body: {} })).toMatchObject({ status: 204 });
    await world.charge(shop, 'bill-2');
    const [id = ''] = (await receiver.sees(/evt_\d+ payment.paid\n/)).split(' ');

    const body = readFileSync(join(cwd, 'inbox', id), 'utf8');
    const nowS = Math.floor(Date.now() / 1000);
    const send = async (signatures: string, sent = body, atS = nowS): Promise<number> => {
      const headers = {
        'webhook-id': id,
        'webhook-timestamp': String(atS),
        'webhook-signature': signatures,
      };
      return (await fetch(`${url}/hook`, { method: 'POST', headers, body: sent })).status;
    };
    const sign = (atS = nowS): string => signWebhook(endpoint.secret, id, atS, body);
    expect(await send(`v1,bm90IHRoaXM= ${sign()}`)).toBe(204);
    expect(await send(sign(), body.replace('8800', '8801'))).toBe(400);
    expect(await send(sign(nowS - 310), body, nowS - 310)).toBe(400);
    expect(await send(signWebhook('whsec_bm90IGl0', id, nowS, body))).toBe(400);
    expect(await send('v1,')).toBe(400);
    expect(differentLines(received, await receiver.kill())).toStrictEqual([]);
    const kept = readdirSync(join(cwd, 'inbox')).filter((name) => name.startsWith('evt_'));
    expect(kept).toStrictEqual([id]);
    expect(JSON.parse(body)).toMatchObject({ id, data: { amount: 8800, state: 'paid' } });
  });

  test.for(LANGUAGES)('a follower in %s', async (language, context) => {
    requireLanguage(language, context);
    const shop = await world.openShop();
    const cwd = mkdtempSync(join(bench.folder, 'follower-'));
    const start = (): Running => bench.start(language, 'follower', [], envOf(shop), cwd);
    await world.charge(shop, 'bill-2');
    const first = start();
    await first.sees(/payment.paid pay_\w+\n/);
    const isStored = async (): Promise<boolean> => {
      const cursor = readFileSync(join(cwd, 'place'), 'utf8');
      const rest = await world.ask<{ data: [] }>(`/v2/events?cursor=${cursor}`, shop.key);
      return rest.data.length === 0;
    };
    await until(isStored, { what: 'the cursor to be stored' });
    expect(differentLines(followed, await first.kill())).toStrictEqual([]);
    const { id } = await world.charge(shop, 'bill-3');
    const second = start();
    await second.sees(new RegExp(`payment.paid ${id}\n`));
    expect(differentLines(goneOn, await second.kill())).toStrictEqual([]);
  });
});

describe.concurrent('from v1 to v2', { timeout: 60_000 }, () => {
  const [setting, ...steps] = stepsOf(GUIDES.fromV1);
  const [heard = ''] = blocksIn(GUIDES.fromV1, 'text');

  test.skipIf(!hasCurl)('in the shell', async () => {
    const { gateway } = world;
    const shell = openShell(ROOT, { F2F_DATA_DIR: gateway.dataDir });
    try {
      await shell.run(setting!.command.replace('http://127.0.0.1:8080', gateway.url()));
      await follow(shell, steps);
      const key = await shell.run('echo $KEY');
      const { data } = await world.ask<{ data: readonly Payment[] }>('/v2/payments', key);
      expect(told(data)).toStrictEqual(['1001 1 paid']);
      expect(await world.chargesOf(data)).toBe(1);
    } finally {
      shell.end();
    }
  });

  test.for(LANGUAGES)('in %s', async (language, context) => {
    requireLanguage(language, context);
    const url = world.gateway.url();
    const { token } = await enrol(url);
    const { cpiNo } = await addShop(url, token);
    const key = await world.keyOf(`mch_${cpiNo}`);
    const proxy = await lossyProxy(url);
    const env = envOf({ key }, proxy.url);
    const codes = { paid: aPaymentCode(), poor: aPaymentCode('0003'), other: aPaymentCode() };
    const overV2 = (localNo: string, yuan: string, code: string): Promise<string> =>
      bench.start(language, 'charge', [localNo, yuan, code], env).finish();
    const outputs = [
      ...(await Promise.all([overV2('1', '1.15', codes.paid), overV2('2', '88', codes.poor)])),
      await overV2('1', '1.15', codes.other),
    ];
    proxy.end();
    expect(differentLines(heard, outputs.join(''))).toStrictEqual([]);
    // The same calls over v1 say the same of the same payments.
    const overV1 = (localNo: string, totalAmount: string, authCode: string) => {
      const data = { cpiNo, localNo, totalAmount, authCode, subject: 'Tea' };
      return call(url, '/f2f/hb_barcode', { data, token });
    };
    const [paid, declined, taken] = outputs.map((output) => output.trim().split(' ')[1]);
    const { re } = await overV1('1', '1.15', codes.paid);
    expect(re).toMatchObject({ code: '10000', out_trade_no: paid, total_amount: '1.15' });
    const refused = await overV1('2', '88', codes.poor);
    expect(refused.re).toMatchObject({ code: '40004', out_trade_no: declined });
    const other = await overV1('1', '1.15', codes.other);
    expect(other).toMatchObject({ err: 'LOCALNO_ALREADY_EXISTS', data: { out_trade_no: taken } });
    const { data: payments } = await world.ask<{ data: readonly Payment[] }>('/v2/payments', key);
    expect(told(payments)).toStrictEqual(['1 1 paid', '2 1 declined']);
    expect(await world.chargesOf(payments)).toBe(1);
  });
});

describe.concurrent('going live', { timeout: 60_000 }, () => {
  const steps = stepsOf(GUIDES.goingLive).slice(1);
  const [wentBack = ''] = blocksIn(GUIDES.goingLive, 'text');
  type Merchant = { id: string; shop_no: string; app: { alipay_public_key: string } };

  /** What Alipay's console gives to a person for the application of the guide. */
  async function console(path: string, body: object): Promise<Readonly<Record<string, string>>> {
    const control = `${world.gateway.simulatorUrl()}/simulator/apps/2016022901172222`;
    const answer = await fetch(`${control}/${path}`, {
      method: 'POST',
      body: JSON.stringify(body),
    });
    return (await answer.json()) as Readonly<Record<string, string>>;
  }

  /** What a person pastes over the example of a line, or saves to a file, before its turn. */
  const BEFORE: Readonly<Record<string, (shell: Shell, cwd: string) => Promise<string>>> = {
    'MIIB…': async (shell) => {
      const { app }: Merchant = JSON.parse(await shell.run('echo "$REGISTERED"'));
      return app.alipay_public_key;
    },
    'appCertPublicKey.crt': async (_shell, cwd) => {
      const csr = readFileSync(join(cwd, 'request.csr'), 'utf8');
      const issued = await console('certificates', { csr });
      const save = (name: string, pem = ''): void =>
        // As Windows saves it.
        writeFileSync(join(cwd, name), pem.replaceAll('\n', '\r\n'));
      save('appCertPublicKey.crt', issued['appCertificate']);
      save('alipayCertPublicKey_RSA2.crt', issued['alipayCertificate']);
      save('alipayRootCert.crt', issued['alipayRootCertificate']);
      return 'appCertPublicKey.crt';
    },
    '202611BB…': async () =>
      (await console('authorizations', { pid: '2088212612254333' }))['appAuthToken'] ?? '',
  };

  test.skipIf(!hasCurl)('in the shell', async () => {
    const { ask, operatorKey } = world;
    const cwd = mkdtempSync(join(bench.folder, 'live-'));
    const shell = openShell(cwd, envOf({ key: operatorKey }));
    const outputs: string[] = [];
    try {
      for (const { command, shown } of steps) {
        const example = Object.keys(BEFORE).find((text) => command.includes(text)) ?? '';
        const pasted = (await BEFORE[example]?.(shell, cwd)) ?? '';
        const step = { command: command.replace(example, pasted), shown };
        outputs.push(...(await follow(shell, [step])));
      }
    } finally {
      shell.end();
    }
    const { data } = await ask<{ data: Merchant[] }>('/v2/merchants?limit=100', operatorKey);
    const merchants = data.filter(({ shop_no: no }) => ['TEA-7', 'INN-1'].includes(no));
    expect(merchants).toHaveLength(2);
    for (const { id } of merchants) {
      const proof = await ask(`/v2/merchants/${id}/test`, operatorKey, { body: {} });
      expect(proof).toMatchObject({ ok: true });
    }
    const showing = steps.findIndex(({ command }) => command.startsWith('echo "$REGISTERED"'));
    expect(outputs[showing]).toMatch(/^MIIB[\w+/=]+$/);
  });

  test.for(LANGUAGES)('one fen, in %s', async (language, context) => {
    requireLanguage(language, context);
    const shop = await world.openShop();
    const program = bench.start(language, 'oneFen', [], envOf(shop));
    const link = await program.sees(/http:\S+/);
    expect((await fetch(link)).headers.get('content-type')).toBe('image/svg+xml');
    const [payment] = await shop.payments();
    await world.simulator.scan(payment!.next_action.qr_code);
    await world.simulator.pay(payment!.alipay.out_trade_no);
    expect(differentLines(wentBack, await program.finish())).toStrictEqual([]);
    const trade = await world.simulator.trade(payment!.alipay.out_trade_no);
    expect(trade).toMatchObject({ totalAmount: '0.01', refundedAmount: '0.01', chargeCount: 1 });
  });
});

describe.concurrent('what guides name', { timeout: 60_000 }, () => {
  test('bills, keys and codes are each in one guide alone: they may be followed one after another, at one shop', () => {
    const NAMED =
      /(?:Idempotency-Key: |"merchant_reference":"|"localNo":"|"auth_?code":")(?<name>[^'"]+)/gi;
    const guides = Object.values(GUIDES).map((guide) => {
      const lines = blocksIn(guide, 'sh').join('');
      return [...new Set([...lines.matchAll(NAMED)].map(({ groups }) => groups!['name']))];
    });
    const names = guides.flat();
    expect(names.length).toBeGreaterThan(20);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toStrictEqual([]);
  });

  test('programs in TypeScript fit the types of the client', async () => {
    const types = ['../tsconfig.json', '../node_modules/@types'].map((path) =>
      join(import.meta.dirname, '..', path),
    );
    const config = {
      extends: types[0],
      compilerOptions: { typeRoots: [types[1]], preserveSymlinks: true },
      include: ['*.ts'],
    };
    writeFileSync(join(bench.folder, 'tsconfig.json'), JSON.stringify(config));
    const tsc = join(ROOT, 'node_modules/.bin/tsc');
    const compiled = promisify(execFile)(tsc, ['--noEmit', '--project', bench.folder]);
    const { stdout } = await compiled.catch((error: { stdout: string }) => error);
    expect(stdout).toBe('');
  });

  test('commands are there', async () => {
    const texts = Object.values(GUIDES).map(({ text }) => text);
    const named = texts.flatMap((text) => [...text.matchAll(/\bf2f (?:-- )?([a-z][a-z-]+)/g)]);
    const { stdout: help } = await runCommand(['--help']);
    const known = new Set([...help.matchAll(/^ {2}([a-z-]+)/gm)].map(([, name]) => name));
    const unknown = named.map(([, name = '']) => name).filter((name) => !known.has(name));
    expect(named.length).toBeGreaterThan(10);
    expect(unknown).toStrictEqual([]);
  });
});
