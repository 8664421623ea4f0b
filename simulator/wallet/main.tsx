/** Starts the wallet page. */
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';

import { App } from './app.tsx';
import { LanguageProvider } from './language.tsx';
import { WalletProvider } from './wallet-state.tsx';
import './style.css';

const root = document.querySelector('#root');
if (root === null) throw new Error('the page has no #root');
createRoot(root).render(
  <StrictMode>
    <LanguageProvider>
      <WalletProvider>
        <App />
      </WalletProvider>
    </LanguageProvider>
  </StrictMode>,
);
