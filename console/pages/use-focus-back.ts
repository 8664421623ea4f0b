/**
 * Whoever closes what is over the page, or turns to another page, goes on from there: without a mouse a lost focus means to begin at
 * the top again.
 */
import { useEffect, useRef, useState } from 'react';

const OVER_THE_PAGE = '.ant-modal, .ant-drawer-open';
const CONTENT = 'content';

/** What had the focus when a dialog opened, and before it where that one was opened from a dialog. */
let openers: readonly Element[] = [];

/** For all that opens over a page. */
export function useFocusBack(): void {
  const [opener] = useState(() => document.activeElement);
  useEffect(() => {
    if (opener !== null && opener !== document.body) {
      openers = [...(opener.closest(OVER_THE_PAGE) === null ? [] : openers), opener];
    }
    // Until it is gone it keeps the focus.
    return () => void setTimeout(giveBack);
  }, [opener]);
}

function giveBack(): void {
  if (!isLost()) return;
  const over = [...document.querySelectorAll<HTMLElement>(OVER_THE_PAGE)].at(-1);
  const back = openers.findLast((each) => each.isConnected && over?.contains(each) !== false);
  if (back instanceof HTMLElement) back.focus();
  else if (over === undefined) focusContent();
  else over.focus();
}

/** For what may be gone after its own act, as a row of a list. */
export function useFocusOnLeaving(): void {
  useEffect(() => () => void setTimeout(giveBack), []);
}

/** For the frame: a page takes the focus that went away with the one before. */
export function useFocusOnPage(path: string): void {
  const last = useRef(path);
  useEffect(() => {
    if (last.current === path) return;
    last.current = path;
    if (isLost()) focusContent();
  }, [path]);
}

function isLost(): boolean {
  const { activeElement: active } = document;
  return active === null || active === document.body || active.id === CONTENT;
}

function focusContent(): void {
  document.getElementById(CONTENT)?.focus({ preventScroll: true });
}
