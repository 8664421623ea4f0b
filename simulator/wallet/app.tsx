/**
 * The wallet's frame: who pays and what is left, the view that the address names, and the ways to the others. It reads links
 * (`./link.ts`) when the page opens and whenever the address changes, so that a till can link to a payment.
 */
import { lazy, Suspense, useCallback, useEffect, useEffectEvent, useState } from 'react';

import { BUYERS } from '../book/entities.ts';
import { groupedAmount } from './amounts.ts';
import { keepToken } from './api.ts';
import { Icon } from './icons.tsx';
import { useWords } from './language.tsx';
import { readLink, VIEWS } from './link.ts';
import type { View } from './link.ts';
import { Sheets } from './sheets.tsx';
import { TokenForm } from './token-form.tsx';
import { useWallet } from './wallet-state.tsx';

// Each with what only it needs.
const VIEW_OF = {
  code: lazy(() => import('./code-view.tsx').then(({ CodeView }) => ({ default: CodeView }))),
  scan: lazy(() => import('./scan-view.tsx').then(({ ScanView }) => ({ default: ScanView }))),
  history: lazy(() =>
    import('./history-view.tsx').then(({ HistoryView }) => ({ default: HistoryView })),
  ),
  demo: lazy(() => import('./demo-view.tsx').then(({ DemoView }) => ({ default: DemoView }))),
} satisfies Record<View, unknown>;

/** Reads the address, and takes out of it what is to be done once and what nobody should see. */
function takeLink(): { view: View; qrCode: string | undefined; hasToken: boolean } {
  const { view, qrCode, token } = readLink(location.hash);
  if (token !== undefined) keepToken(token);
  if (qrCode !== undefined || token !== undefined) history.replaceState(null, '', `#${view}`);
  return { view, qrCode, hasToken: token !== undefined };
}

/** What the page was opened with: read before the first call, which needs the token. */
const OPENED_WITH = takeLink();

function useLink(): { view: View; linkedQrCode: string | undefined; linkDone: () => void } {
  const { reconnect } = useWallet();
  const [link, setLink] = useState(OPENED_WITH);
  const follow = useEffectEvent(() => {
    const taken = takeLink();
    setLink(taken);
    if (taken.hasToken) reconnect();
  });
  useEffect(() => {
    const changed = (): void => follow();
    addEventListener('hashchange', changed);
    return () => removeEventListener('hashchange', changed);
  }, []);
  const linkDone = useCallback(() => setLink((done) => ({ ...done, qrCode: undefined })), []);
  return { view: link.view, linkedQrCode: link.qrCode, linkDone };
}

function Header() {
  const words = useWords();
  const { buyer, chooseBuyer, state } = useWallet();
  return (
    <header className="top">
      <div className="bar">
        <h1>{words.title}</h1>
        <button
          type="button"
          className="language"
          lang={words.language === 'zh' ? 'en' : 'zh-CN'}
          aria-label={words.switchLanguage}
          onClick={() => words.choose(words.language === 'zh' ? 'en' : 'zh')}
        >
          {words.otherLanguage}
        </button>
      </div>
      <p className="badge">{words.simulated}</p>
      <fieldset className="buyers">
        <legend>{words.buyer}</legend>
        {BUYERS.map((known) => (
          <label key={known}>
            <input
              type="radio"
              name="buyer"
              checked={known === buyer}
              onChange={() => chooseBuyer(known)}
            />
            <span>{words[known]}</span>
          </label>
        ))}
      </fieldset>
      <div className="balance">
        <span>{words.balance}</span>
        <strong data-testid="balance">
          {state === undefined ? '…' : `¥${groupedAmount(state.balance)}`}
        </strong>
        <span>{state?.account ?? ' '}</span>
      </div>
    </header>
  );
}

function Tabs({ view }: { readonly view: View }) {
  const words = useWords();
  return (
    <nav className="tabs" aria-label={words.views}>
      {VIEWS.map((known) => (
        <a key={known} href={`#${known}`} aria-current={known === view ? 'page' : undefined}>
          <Icon name={known} />
          {words[known]}
        </a>
      ))}
    </nav>
  );
}

export function App() {
  const words = useWords();
  const { connection, scan } = useWallet();
  const { view, linkedQrCode, linkDone } = useLink();
  useEffect(() => {
    // Not before the simulator speaks to this person: a token may have to be entered first.
    if (linkedQrCode === undefined || connection !== 'live') return;
    scan(linkedQrCode).then(linkDone, () => undefined);
  }, [linkedQrCode, connection, scan, linkDone]);
  const View = VIEW_OF[view];
  return (
    <div className="phone">
      <Header />
      <main>
        {connection === 'lost' ? (
          <p className="lost" role="alert">
            {words.lost}
          </p>
        ) : undefined}
        {connection === 'refused' ? (
          <TokenForm />
        ) : (
          <Suspense fallback={<output className="loading">{words.loading}</output>}>
            <View />
          </Suspense>
        )}
      </main>
      <Tabs view={view} />
      <Sheets />
    </div>
  );
}
