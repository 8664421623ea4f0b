/**
 * `npm run screenshots`: renders every page in both languages, on a desk and on a phone, into `docs/screenshots/`; `--only NAME` some of
 * them, `--into FOLDER` elsewhere. A machine needs a font with Chinese characters for them (Debian: `fonts-noto-cjk`); tests need none.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import type { Browser } from 'playwright-core';
import { seeConcern } from '../../src/store/incidents.ts';
import { findPaymentByNo } from '../../src/store/payments.ts';
import { openSqlite } from '../../src/store/sqlite.ts';
import { setup } from '../../test/support/browser-setup.ts';
import { openBrowser, openWindow } from '../../test/support/browser.ts';
import { startGateway } from '../../test/support/gateway-process.ts';
import { peopleOf, type People } from '../../test/support/people.ts';
import { simulatorClient } from '../../test/support/simulator-client.ts';
import { PICTURES, type Picture, type Stage } from './pictures.ts';
import { openShop } from './shop.ts';

const LANGUAGES = ['zh', 'en'] as const;
const WIDTHS = [
  { width: 1440, height: 900 },
  { width: 390, height: 844 },
] as const;

type Options = { readonly only?: string; readonly into: string };

async function takeAll({ only, into }: Options): Promise<void> {
  mkdirSync(into, { recursive: true });
  await setup();
  const gateway = await startGateway({ F2F_ALIPAY_TIMEOUT_MS: '1500', F2F_BARCODE_WAIT_S: '1' });
  const browser = await openBrowser();
  try {
    const people = await peopleOf(gateway);
    const stage = {
      url: gateway.url(),
      walletUrl: `${gateway.simulatorUrl()}/wallet`,
      paymentId: '',
      merchantId: '',
      endpointId: '',
    };
    const wanted = PICTURES.filter(({ name }) => only === undefined || name.startsWith(only));
    for (const when of ['empty', 'full', 'failing'] as const) {
      if (when === 'full') {
        const simulator = simulatorClient(gateway.simulatorUrl());
        const { merchant, ...ids } = await openShop(people.boss, simulator);
        Object.assign(stage, ids, { merchantId: merchant });
        await seeIncident(people, gateway.dataDir);
        await people.invite({ name: 'clerk', role: 'clerk', merchant, display_name: '前台' });
      }
      for (const picture of wanted.filter((one) => one.when === when)) {
        await take(browser, people, stage, picture, into);
      }
    }
  } finally {
    await browser.close();
    await gateway.stop();
  }
}

/** No simulated guest makes one within seconds: it is put where the gateway finds it. */
async function seeIncident({ boss }: People, dataDir: string): Promise<void> {
  const [late] = (await boss.payments.list({ state: 'paid', limit: 1 })).data;
  const db = openSqlite(join(dataDir, 'gateway.sqlite'));
  const payment = late && (await findPaymentByNo(db, late.alipay.out_trade_no));
  if (payment)
    await seeConcern(db, payment, { reason: 'late_payment', requestNo: null }, Date.now());
  await db.destroy();
}

async function take(
  browser: Browser,
  people: People,
  stage: Stage,
  { name, as, when, open }: Picture,
  into: string,
): Promise<void> {
  for (const language of LANGUAGES) {
    for (const size of WIDTHS) {
      const { context, page } = await openWindow(browser, { language, ...size });
      if (as !== undefined) await people.signIn(context, as);
      if (when === 'failing') {
        await context.route(/\/v2\/(?!session|gateway)/, (route) => route.abort());
      }
      await open(page, stage);
      const path = join(into, `${name}-${language}-${size.width}.png`);
      await page.screenshot({ path, animations: 'disabled' });
      console.log(path);
      await context.close();
    }
  }
}

const ROOT = join(import.meta.dirname, '../..');

await new Command('screenshots')
  .description('renders every page in both languages and widths')
  .option('--only <name>', 'pictures whose name begins with this')
  .option('--into <folder>', 'where they go', join(ROOT, 'docs/screenshots'))
  .action((options: Options) => takeAll(options))
  .parseAsync();
