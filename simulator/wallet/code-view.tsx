/** The payment code to show to a shop, with the seconds that it has left, and the switch that makes the shop wait for a word. */
import { useState } from 'react';

import { countdown } from './amounts.ts';
import { Codes } from './codes.tsx';
import { useWords } from './language.tsx';
import { usePaymentCode } from './payment-code.ts';
import { remember, remembered } from './system.ts';
import { WaitingList } from './trades.tsx';
import { useWallet } from './wallet-state.tsx';

const asksName = (buyer: string): string => `wallet_asks_${buyer}`;

/** Each buyer's own wish, remembered. */
function useAsksFirst(): [boolean, (asksFirst: boolean) => void] {
  const { buyer } = useWallet();
  const [, setRound] = useState(0);
  const set = (asksFirst: boolean): void => {
    remember('localStorage', asksName(buyer), asksFirst ? 'yes' : '');
    setRound((before) => before + 1);
  };
  return [remembered('localStorage', asksName(buyer)) === 'yes', set];
}

export function CodeView() {
  const words = useWords();
  const [asksFirst, setAsksFirst] = useAsksFirst();
  const { code, leftMs, renew } = usePaymentCode(asksFirst);
  return (
    <>
      <WaitingList />
      <section className="card code-card">
        <h2>{words.codeTitle}</h2>
        {code === undefined ? (
          <output className="loading">{words.loading}</output>
        ) : (
          <Codes digits={code.authCode} />
        )}
        <div className="renewal">
          <span className="countdown">{words.say('renewsIn', countdown(leftMs))}</span>
          <button type="button" className="quiet" onClick={renew}>
            {words.renewNow}
          </button>
        </div>
        <progress className="life" max={60} value={Math.ceil(leftMs / 1000)} aria-hidden="true" />
      </section>
      <label className="card switch-row">
        <span>
          {words.asksFirst}
          <small>{words.asksFirstHint}</small>
        </span>
        <input
          type="checkbox"
          role="switch"
          aria-checked={asksFirst}
          checked={asksFirst}
          onChange={(event) => setAsksFirst(event.target.checked)}
        />
      </label>
    </>
  );
}
