/** What the window is called: after what stands at the top of its page. */
import { useEffect } from 'react';
import { SHELL } from '../words/shell.ts';
import { useWords } from './language.tsx';

export function useTitle(heading: string): void {
  const { product } = useWords(SHELL);
  useEffect(() => {
    document.title = `${heading} · ${product}`;
  }, [heading, product]);
}
