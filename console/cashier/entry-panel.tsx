/** The amount and the keypad, the field for payment codes, and the two ways to charge. */
import { useState, type RefObject } from 'react';
import { useWords } from '../app/language.tsx';
import { CASHIER, KEYS } from '../words/cashier.ts';
import { entryAmount, type EntryKey } from './entry.ts';
import { codeIn } from './scan.ts';
import type { Till } from './till.ts';
import type { TillState } from './till-memory.ts';
import { useNow } from './use-now.ts';
import { countdownText } from '../time.ts';

const PAD: readonly EntryKey[] = ['7', '8', '9', '4', '5', '6', '1', '2', '3', '.', '0', '00'];
const SHOWN_DIGITS = 4;
const SUBJECT_LENGTH_MAX = 64;

type Props = {
  readonly till: Till;
  readonly state: TillState;
  readonly subject: string;
  readonly codeField: RefObject<HTMLInputElement | null>;
  readonly onCode: (code: string) => void;
  readonly onSubject: (subject: string) => void;
};

export function EntryPanel({ till, state, subject, codeField, onCode, onSubject }: Props) {
  const words = useWords(CASHIER);
  const { entry, notice } = state;
  return (
    <div className="cashier-entry">
      <div className="cashier-amount">
        <span className="cashier-amount-label">{words.amount}</span>
        <output aria-label={words.amount} data-empty={entry === ''}>
          ¥{grouped(entry)}
        </output>
      </div>
      <p className="cashier-notice" role="alert" key={notice?.count} data-kind={notice?.kind}>
        {notice === undefined ? '' : words[notice.kind]}
      </p>
      <Keypad till={till} />
      <CodeField till={till} state={state} field={codeField} onCode={onCode} />
      <button
        type="button"
        className="primary"
        disabled={entryAmount(entry) === undefined}
        onClick={() => till.showQr()}
      >
        {words.showQr}
      </button>
      <label className="cashier-field">
        <span>{words.subject}</span>
        <input
          value={subject}
          maxLength={SUBJECT_LENGTH_MAX}
          placeholder={words.defaultSubject}
          title={words.subjectHint}
          onChange={({ target }) => onSubject(target.value)}
        />
      </label>
      <Hints />
    </div>
  );
}

function grouped(entry: string): string {
  const [yuan = '', fen] = (entry === '' ? '0' : entry).split('.');
  return `${yuan.replaceAll(/\B(?=(\d{3})+$)/g, ',')}${fen === undefined ? '' : `.${fen}`}`;
}

function Keypad({ till }: { readonly till: Till }) {
  const words = useWords(CASHIER);
  const labels: Partial<Record<EntryKey, string>> = {
    backspace: words.backspace,
    clear: words.clear,
  };
  const faces: Partial<Record<EntryKey, string>> = { backspace: '⌫', clear: 'C' };
  const button = (key: EntryKey) => (
    <button
      key={key}
      type="button"
      aria-label={labels[key]}
      data-key={key}
      // The focus stays where it is: Enter is for the amount, not for the key that was touched last.
      onPointerDown={(event) => event.preventDefault()}
      onMouseDown={(event) => event.preventDefault()}
      onClick={() => till.press(key)}
    >
      {faces[key] ?? key}
    </button>
  );
  return (
    <fieldset className="cashier-keypad" aria-label={words.keypad}>
      {PAD.map(button)}
      {button('backspace')}
      {button('clear')}
    </fieldset>
  );
}

function CodeField({
  till,
  state: { held },
  field,
  onCode,
}: {
  readonly till: Till;
  readonly state: TillState;
  readonly field: Props['codeField'];
  readonly onCode: (code: string) => void;
}) {
  const words = useWords(CASHIER);
  const [text, setText] = useState('');
  return (
    <form
      className="cashier-code"
      onSubmit={(event) => {
        event.preventDefault();
        const code = codeIn(text);
        if (code !== undefined) {
          setText('');
          field.current?.blur();
          onCode(code);
        } else if (text.trim() === '') till.enter();
        else till.notify('no_code');
      }}
    >
      <label className="cashier-field">
        <span>{words.code}</span>
        <input
          ref={field}
          value={text}
          inputMode="numeric"
          autoComplete="off"
          placeholder={words.codeHint}
          onChange={({ target }) => setText(target.value)}
          onKeyDown={({ key, currentTarget }) => {
            if (key === 'Escape') currentTarget.blur();
          }}
        />
      </label>
      {held === undefined ? (
        <button type="submit" className="accent">
          {words.charge}
        </button>
      ) : (
        <Held till={till} held={held} />
      )}
    </form>
  );
}

function Held({
  till,
  held: { code, untilMs },
}: {
  readonly till: Till;
  readonly held: NonNullable<TillState['held']>;
}) {
  const words = useWords(CASHIER);
  const nowMs = useNow();
  return (
    <span className="cashier-held">
      <span>
        {words.heldCode(code.slice(-SHOWN_DIGITS))} · {countdownText(untilMs - nowMs)}
      </span>
      <button type="submit" className="accent">
        {words.charge}
      </button>
      <button
        type="button"
        className="quiet"
        aria-label={words.dropHeld}
        onClick={() => till.dropHeld()}
      >
        ✕
      </button>
    </span>
  );
}

function Hints() {
  const keys = useWords(KEYS);
  return (
    <p className="cashier-hints" aria-hidden="true">
      {Object.values(keys).map((text) => (
        <kbd key={text}>{text}</kbd>
      ))}
    </p>
  );
}
