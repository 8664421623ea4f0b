/** A paper as it comes out of the printer: shown on the page, and printed in its own size with nothing else around it. */
import { useRef, useState, type ReactNode } from 'react';
import { createPortal } from 'react-dom';
import { useWords } from '../app/language.tsx';
import { RECEIPT } from '../words/cashier-papers.ts';
import { journal } from './system.ts';

const PAPERS_MM = [58, 80] as const;
const MM_PER_PX = 25.4 / 96;
/** So that the cutter does not cut the last line. */
const TAIL_MM = 6;

export type PaperMm = (typeof PAPERS_MM)[number];

const pageSize = new CSSStyleSheet();

export function Printable({
  paperMm,
  children,
}: {
  readonly paperMm: PaperMm;
  readonly children: ReactNode;
}) {
  const words = useWords(RECEIPT);
  const [width, setWidth] = useState(paperMm);
  const paper = useRef<HTMLDivElement>(null);
  const print = (): void => {
    const heightMm = (paper.current?.offsetHeight ?? 0) * MM_PER_PX + TAIL_MM;
    pageSize.replaceSync(`@page { size: ${width}mm ${Math.ceil(heightMm)}mm; margin: 0 }`);
    if (!document.adoptedStyleSheets.includes(pageSize)) document.adoptedStyleSheets.push(pageSize);
    globalThis.print();
  };
  return (
    <>
      <div className="cashier-paper-choice">
        <fieldset className="cashier-whose" aria-label={words.paper}>
          {PAPERS_MM.map((mm) => (
            <button
              key={mm}
              type="button"
              aria-pressed={width === mm}
              onClick={() => {
                journal.keepChoices({ ...journal.choices(), paperMm: mm });
                setWidth(mm);
              }}
            >
              {mm} mm
            </button>
          ))}
        </fieldset>
        <button type="button" className="primary" onClick={print}>
          {words.print}
        </button>
      </div>
      <div className="cashier-paper" data-width={width} ref={paper}>
        {children}
      </div>
      {createPortal(
        <div className="cashier-paper cashier-print" data-width={width} aria-hidden="true">
          {children}
        </div>,
        document.body,
      )}
    </>
  );
}

/** A line of a paper: what, and how much. */
export function PaperLine({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <div className="cashier-paper-line">
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
