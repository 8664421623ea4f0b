/** Asks for the control token, from whoever is not on the simulator's machine. It is kept until the browser is closed. */
import { useState } from 'react';

import { keepToken, readClock } from './api.ts';
import { useWords } from './language.tsx';
import { useWallet } from './wallet-state.tsx';

export function TokenForm() {
  const words = useWords();
  const { reconnect } = useWallet();
  const [token, setToken] = useState('');
  const [wasRefused, setWasRefused] = useState(false);
  return (
    <form
      className="card"
      onSubmit={(event) => {
        event.preventDefault();
        setWasRefused(false);
        keepToken(token.trim());
        // Any call shows whether it is the right one.
        readClock().then(reconnect, () => setWasRefused(true));
      }}
    >
      <h2>{words.tokenTitle}</h2>
      <p className="hint">{words.tokenHint}</p>
      <label htmlFor="token">{words.tokenTitle}</label>
      <input
        id="token"
        type="password"
        required
        autoComplete="off"
        value={token}
        onChange={(event) => setToken(event.target.value)}
      />
      {wasRefused ? (
        <p className="problem" role="alert">
          {words.tokenWrong}
        </p>
      ) : undefined}
      <button type="submit" className="primary">
        {words.enter}
      </button>
    </form>
  );
}
