/** For demonstrations and tests by hand: the magic payment codes, faults for the shop's next calls, and the simulator's clock. */
import { useState } from 'react';

import type { MagicEnding } from '../magic-codes.ts';
import { Clock } from './clock.tsx';
import { Codes, CopyButton } from './codes.tsx';
import { Faults } from './faults.tsx';
import { useWords } from './language.tsx';
import { SheetFrame } from './sheets.tsx';
import { randomDigits } from './system.ts';
import { STORIES } from './words.ts';

/** With other digits each time, because a code is good for one order. */
const magicCode = (ending: string): string => `28${randomDigits(12)}${ending}`;

const isEnding = (ending: string): ending is MagicEnding => Object.hasOwn(STORIES, ending);
const ENDINGS = Object.keys(STORIES).filter(isEnding);

function MagicSheet({
  ending,
  onClose,
}: {
  readonly ending: MagicEnding;
  readonly onClose: () => void;
}) {
  const words = useWords();
  const [digits, setDigits] = useState(() => magicCode(ending));
  return (
    <SheetFrame title={words.magicSheet} onClose={onClose}>
      <h2>28…{ending}</h2>
      <p className="hint">
        {words.of(STORIES[ending])}
        <small>{words.goodOnce}</small>
      </p>
      <Codes digits={digits} />
      <div className="pair">
        <button type="button" className="secondary" onClick={() => setDigits(magicCode(ending))}>
          {words.renewNow}
        </button>
        <button type="button" className="secondary" onClick={onClose}>
          {words.close}
        </button>
      </div>
    </SheetFrame>
  );
}

function MagicRow({
  ending,
  onShow,
}: {
  readonly ending: MagicEnding;
  readonly onShow: () => void;
}) {
  const words = useWords();
  return (
    <li>
      <span className="what">
        <code>28…{ending}</code>
        <small>{words.of(STORIES[ending])}</small>
      </span>
      <span className="acts">
        <CopyButton text={() => magicCode(ending)} className="small" />
        <button
          type="button"
          className="small"
          aria-label={`${words.open} 28…${ending}`}
          onClick={onShow}
        >
          {words.open}
        </button>
      </span>
    </li>
  );
}

export function DemoView() {
  const words = useWords();
  const [shown, setShown] = useState<MagicEnding>();
  return (
    <>
      <section className="card">
        <h2>{words.magicTitle}</h2>
        <p className="hint">{words.magicHint}</p>
        <ul className="rows">
          {ENDINGS.map((ending) => (
            <MagicRow key={ending} ending={ending} onShow={() => setShown(ending)} />
          ))}
        </ul>
      </section>
      <Faults />
      <Clock />
      {shown === undefined ? undefined : (
        <MagicSheet ending={shown} onClose={() => setShown(undefined)} />
      )}
    </>
  );
}
