/**
 * A real browser for tests, and people in front of it: each with a window of their own, in a language and a width. What a page reports
 * as an error, loads from elsewhere, or was kept from by its policy is collected, and a test ends by looking at it.
 */
import { join } from 'node:path';
import {
  chromium as playwright,
  type Browser,
  type BrowserContext,
  type Page,
} from 'playwright-core';
import { BROWSER } from './browser-setup.ts';

export type Window = {
  readonly context: BrowserContext;
  readonly page: Page;
  /** Errors of the page's scripts, what its policy refused, and requests to other hosts. */
  readonly faults: readonly string[];
};

export type WindowOptions = {
  readonly language?: 'zh' | 'en';
  /** CSS pixels. */
  readonly width?: number;
  readonly height?: number;
};

const PHONE_PX = 640;
/** Of those that the package proposes, none would do: as one process people share cookies, and without web security no policy counts. */
const ARGS = [
  '--no-sandbox',
  '--disable-webgl',
  '--in-process-gpu',
  '--font-render-hinting=none',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-domain-reliability',
  '--mute-audio',
];
/** A slow machine that runs other tests beside this one. */
const PATIENCE_MS = 40_000;

/** `args` are switches of Chromium's, as for a camera that shows a file. */
export async function openBrowser(args: readonly string[] = []): Promise<Browser> {
  const options = {
    executablePath: join(BROWSER, 'chromium'),
    args: [...ARGS, ...args],
    headless: true,
  };
  try {
    return await playwright.launch(options);
  } catch (error) {
    if (!String(error).includes('loading shared libraries')) throw error;
    const libraries = join(BROWSER, 'al2023/lib');
    return playwright.launch({ ...options, env: { ...process.env, LD_LIBRARY_PATH: libraries } });
  }
}

/** A person of their own: nothing is shared with other windows. */
export async function openWindow(
  browser: Browser,
  { language = 'en', width = 1440, height = 900 }: WindowOptions = {},
): Promise<Window> {
  const context = await browser.newContext({
    locale: language === 'zh' ? 'zh-CN' : 'en-US',
    timezoneId: 'America/New_York',
    viewport: { width, height },
    hasTouch: width < PHONE_PX,
    reducedMotion: 'reduce',
  });
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(`error: ${error.message}`));
  page.on('console', (message) => {
    // A status that is no success is an answer like others; the browser calls it an error.
    const isAnswer = message.text().startsWith('Failed to load resource');
    if (message.type() === 'error' && !isAnswer) faults.push(`console: ${message.text()}`);
  });
  page.on('request', (request) => {
    const { protocol, hostname } = new URL(request.url());
    const isOurs = hostname === '127.0.0.1' || protocol === 'data:' || protocol === 'blob:';
    if (!isOurs) faults.push(`asked elsewhere: ${request.url()}`);
  });
  return { context, page, faults };
}
