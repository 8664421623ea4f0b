/** The entry of the console and the cashier. */
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/app.tsx';
import './style.css';

const root = document.getElementById('root');
if (root === null) throw new Error('The page has no place for its content');
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
