/** A window above the page: the browser's own, which keeps the focus, closes by Escape and gives the focus back. */
import { useEffect, useRef, type ReactNode } from 'react';
import { useWords } from '../app/language.tsx';
import { CASHIER } from '../words/cashier.ts';

export function Dialog({
  title,
  onClose,
  children,
}: {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}) {
  const words = useWords(CASHIER);
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const shown = dialog.current;
    if (shown?.open === false) shown.showModal();
  }, []);
  return (
    <dialog ref={dialog} className="cashier-dialog" aria-label={title} onClose={onClose}>
      <header>
        <h2>{title}</h2>
        <button type="button" className="quiet" aria-label={words.close} onClick={onClose}>
          ✕
        </button>
      </header>
      {children}
    </dialog>
  );
}
