/**
 * Whether the console stays fluid over a long list: 100,000 payments of a month, looked through by a person in a real browser. The
 * times are those that the person sees, with the gateway, the network and the page in them.
 */
import type { Page } from 'playwright-core';
import { setup } from '../../test/support/browser-setup.ts';
import { openBrowser, openWindow } from '../../test/support/browser.ts';
import { peopleOf } from '../../test/support/people.ts';
import { copyPayments } from '../copies.ts';
import { runRound, type Scene } from '../scene.ts';
import { openStage, waitUntilCalm, whileDown } from '../stage.ts';

const PAYMENTS = 100_000;
const SHOPS = 100;
const APART_MS = 26_000;
const TURNS = 10;

export const consoleList: Scene = {
  name: 'console',
  measure: async ({ rounds, progress }) => {
    await setup();
    const stage = await openStage({ shops: SHOPS });
    const browser = await openBrowser();
    try {
      await runRound(stage, { tills: 1, seconds: 1 });
      await whileDown(stage, (db) =>
        copyPayments(db, { payments: PAYMENTS, shops: SHOPS, apartMs: APART_MS, progress }),
      );
      await waitUntilCalm(stage.gateway);
      const { context, page } = await openWindow(browser);
      await (await peopleOf(stage.gateway)).signIn(context, 'boss');
      await page.goto(`${stage.gateway.url()}/console/payments`);
      const samples = { listTurn: [], listFind: [], listStill: [] } as Record<string, number[]>;
      for (let round = 1; round <= rounds; round += 1) {
        progress(`round ${round} of ${rounds}`);
        const { turns, stillMs } = await turnPages(page);
        samples['listTurn']?.push(...turns);
        samples['listStill']?.push(stillMs);
        samples['listFind']?.push(
          await find(page, `FF2501${String(round * 7919).padStart(9, '0')}`),
        );
      }
      return samples;
    } finally {
      await browser.close();
      await stage.close();
    }
  },
};

/** In the page: resolves to how long it took until the rows are others, and shown. */
const UNTIL_OTHERS = `(act) => new Promise((resolve) => {
  const first = () => document.querySelector('.rows tbody tr')?.textContent;
  const before = first();
  const startMs = performance.now();
  const look = () => {
    const now = first();
    if (now === undefined || now === before) requestAnimationFrame(look);
    else requestAnimationFrame(() => resolve(performance.now() - startMs));
  };
  act();
  look();
})`;

/** Ten pages on, one after the other; and the longest that the page showed no new frame meanwhile. */
async function turnPages(page: Page): Promise<{ turns: number[]; stillMs: number }> {
  await page.locator('.rows tbody tr').nth(49).waitFor();
  return page.evaluate(`(async () => {
    let [isOver, stillMs, frameMs] = [false, 0, performance.now()];
    const frame = () => {
      const now = performance.now();
      stillMs = Math.max(stillMs, now - frameMs);
      frameMs = now;
      if (!isOver) requestAnimationFrame(frame);
    };
    frame();
    const turns = [];
    for (let turn = 0; turn < ${TURNS}; turn += 1) {
      turns.push(await (${UNTIL_OTHERS})(() => [...document.querySelectorAll('.pager button')].at(-1).click()));
    }
    isOver = true;
    return { turns, stillMs };
  })()`);
}

/** Types a number into the box, and waits for its payment. The list is left as it is at the beginning. */
async function find(page: Page, number: string): Promise<number> {
  await page.getByRole('searchbox').fill(number);
  const startMs = performance.now();
  await page.keyboard.press('Enter');
  await page.locator('.rows tbody tr').filter({ hasText: number }).waitFor();
  const tookMs = performance.now() - startMs;
  await page.goto(new URL('/console/payments', page.url()).href);
  return tookMs;
}
