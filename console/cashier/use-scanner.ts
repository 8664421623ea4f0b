/**
 * Listens to the keyboard of the whole page, for a scanner gun that types wherever the focus is, and for a clerk who types an amount
 * without clicking anywhere first. What a gun typed into a field is taken out of it again. What is a gun is decided in `scan.ts`.
 */
import { useEffect, useRef } from 'react';
import { isEntryKey, type EntryKey } from './entry.ts';
import { characterOf, codeIn, endedRun, NO_RUN, typedRun, type Heard } from './scan.ts';

type Field = HTMLInputElement | HTMLTextAreaElement;

export type ScannerListener = {
  /** What stood in the amount before the gun typed into it. */
  readonly entry: () => string;
  readonly onHeard: (heard: Heard, entryBefore: string) => void;
  readonly onKey: (key: EntryKey) => void;
  readonly onEnter: () => void;
  readonly onQr: () => void;
};

const KEYS: Readonly<Record<string, EntryKey>> = {
  Backspace: 'backspace',
  Escape: 'clear',
  Delete: 'clear',
  // The point of a numeric keypad, where the system's language has a comma there.
  ',': '.',
  '。': '.',
};

export function useScanner(listener: ScannerListener): void {
  const latest = useRef(listener);
  useEffect(() => {
    latest.current = listener;
  });
  useEffect(() => {
    const ending = new AbortController();
    const { signal } = ending;
    addEventListener('keydown', keyboardOf(latest), { capture: true, signal });
    addEventListener('paste', pasteboardOf(latest), { capture: true, signal });
    return () => ending.abort();
  }, []);
}

type Before = { readonly field: Field | undefined; readonly value: string; readonly entry: string };

function keyboardOf(latest: { readonly current: ScannerListener }) {
  let run = NO_RUN;
  /** As it was before each part of the run. */
  let before: readonly Before[] = [];
  return (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const field = fieldOf(event.target);
    if (event.key === 'Enter') {
      const heard = endedRun(run, event.timeStamp);
      run = NO_RUN;
      if (heard === undefined) {
        if (isNowhere(event.target)) latest.current.onEnter();
        return;
      }
      event.preventDefault();
      event.stopPropagation();
      const then = before.at(-heard.partCount);
      if (then?.field !== undefined) writeInto(then.field, then.value);
      latest.current.onHeard(heard, then?.entry ?? '');
      return;
    }
    const character = characterOf(event);
    if (character !== '') {
      run = typedRun(run, character, event.timeStamp);
      if (run.parts.at(-1) === character) {
        const now = { field, value: field?.value ?? '', entry: latest.current.entry() };
        before = [...before, now].slice(-run.parts.length);
      }
    }
    if (field === undefined && !isInDialog()) typeAmount(event, character, latest.current);
  };
}

function typeAmount(event: KeyboardEvent, character: string, listener: ScannerListener): void {
  const key = KEYS[character === '' ? event.key : character] ?? character;
  if (key.toLowerCase() === 'q') listener.onQr();
  else if (isEntryKey(key)) {
    event.preventDefault();
    listener.onKey(key);
  }
}

/** A code may be copied from somewhere, the wallet of the simulator for instance. */
function pasteboardOf(latest: { readonly current: ScannerListener }) {
  return (event: ClipboardEvent): void => {
    const code = codeIn(event.clipboardData?.getData('text') ?? '');
    if (code === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    latest.current.onHeard({ kind: 'code', code, partCount: 0 }, latest.current.entry());
  };
}

function fieldOf(target: EventTarget | null): Field | undefined {
  return target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement
    ? target
    : undefined;
}

/** On nothing that Enter would do something to. */
function isNowhere(target: EventTarget | null): boolean {
  return (
    target instanceof Element &&
    target.closest('button, a, input, textarea, select, dialog') === null
  );
}

function isInDialog(): boolean {
  return document.querySelector('dialog[open]') !== null;
}

/** As if a person had typed it, so that whoever holds the field's value hears of it. */
function writeInto(field: Field, value: string): void {
  const of = field instanceof HTMLInputElement ? HTMLInputElement : HTMLTextAreaElement;
  Object.getOwnPropertyDescriptor(of.prototype, 'value')?.set?.call(field, value);
  field.dispatchEvent(new Event('input', { bubbles: true }));
}
