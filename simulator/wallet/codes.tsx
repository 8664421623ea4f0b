/** A payment code on the screen: bar code, QR code and digits that can be copied. Sharp at every size, black on white for scanners. */
import { useEffect, useMemo, useState } from 'react';

import { groupedDigits } from './amounts.ts';
import { barCode, qrCode } from './code-shapes.ts';
import type { Shape } from './code-shapes.ts';
import { useWords } from './language.tsx';
import { after, copyText } from './system.ts';

const BAR_HEIGHT = 44;
const COPIED_MS = 2000;

function Drawing({
  shape: { path, width, height },
  label,
  className,
}: {
  readonly shape: Shape;
  readonly label: string;
  readonly className: string;
}) {
  return (
    <svg
      className={className}
      viewBox={`0 0 ${width} ${height}`}
      role="img"
      aria-label={label}
      shapeRendering="crispEdges"
    >
      <path d={path} />
    </svg>
  );
}

export function CopyButton({
  text,
  className = 'quiet',
}: {
  /** Asked for when it is copied. */
  readonly text: () => string;
  readonly className?: string;
}) {
  const words = useWords();
  const [said, setSaid] = useState<'copied' | 'copyFailed'>();
  useEffect(
    () => (said === undefined ? undefined : after(COPIED_MS, () => setSaid(undefined))),
    [said],
  );
  const copy = (): void => {
    copyText(text()).then(
      () => setSaid('copied'),
      () => setSaid('copyFailed'),
    );
  };
  return (
    <button type="button" className={className} onClick={copy}>
      <span aria-live="polite">{words[said ?? 'copy']}</span>
    </button>
  );
}

export function Codes({ digits }: { readonly digits: string }) {
  const words = useWords();
  const shapes = useMemo(
    () => ({ bar: barCode(digits, BAR_HEIGHT), qr: qrCode(digits) }),
    [digits],
  );
  return (
    <div className="codes">
      <Drawing className="bar-code" shape={shapes.bar} label={words.barCode} />
      <p className="digits" aria-label={words.digits}>
        <span data-digits={digits}>{groupedDigits(digits)}</span>
        <CopyButton text={() => digits} />
      </p>
      <Drawing className="qr-code" shape={shapes.qr} label={words.qrCode} />
    </div>
  );
}
