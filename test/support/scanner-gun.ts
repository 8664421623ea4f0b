/** A scanner gun: a keyboard that types digits within milliseconds of each other, and Enter, into whatever has the focus. */
import type { Page } from 'playwright-core';

/** Five milliseconds from key to key, as the page sees it, however long a busy machine takes to hand them over. */
export async function fire(page: Page, text: string): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const startS = Date.now() / 1000;
  const keys = Array.from(text, (key) => ({ key, code: `Digit${key}`, text: key }));
  for (const [index, key] of [...keys, { key: 'Enter', code: 'Enter', text: '\r' }].entries()) {
    const timestamp = startS + index * 0.005;
    await session.send('Input.dispatchKeyEvent', { type: 'keyDown', timestamp, ...key });
    const { text: _text, ...released } = key;
    await session.send('Input.dispatchKeyEvent', { type: 'keyUp', timestamp, ...released });
  }
  await session.detach();
}
