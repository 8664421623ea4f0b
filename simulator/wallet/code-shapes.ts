/**
 * A payment code as shapes: the bars of Code 128 and the squares of a QR code, each as one SVG path in modules. Which modules are
 * dark is worked out by libraries; drawing them as vectors keeps them sharp at every size and needs no picture from elsewhere.
 */
import JsBarcode from 'jsbarcode';
import { create } from 'qrcode';

export type Shape = { path: string; width: number; height: number };

/** White around the bars, without which scanners do not find their beginning (ISO/IEC 15417: ten modules). */
const QUIET_MODULES = 10;
/** And around a QR code (ISO/IEC 18004: four). */
const QUIET_SQUARES = 4;

/** Neighbouring dark modules of a row as one rectangle each. */
function runs(isDark: readonly boolean[]): { from: number; length: number }[] {
  const found: { from: number; length: number }[] = [];
  isDark.forEach((dark, at) => {
    const last = found.at(-1);
    if (!dark) return;
    if (last !== undefined && last.from + last.length === at) last.length += 1;
    else found.push({ from: at, length: 1 });
  });
  return found;
}

export function barCode(text: string, height: number): Shape {
  const drawn: { encodings?: { data: string }[] } = {};
  JsBarcode(drawn, text, { format: 'CODE128' });
  const modules = (drawn.encodings ?? []).map(({ data }) => data).join('');
  const path = runs(Array.from(modules, (module) => module === '1'))
    .map(({ from, length }) => `M${from + QUIET_MODULES} 0h${length}v${height}h-${length}z`)
    .join('');
  return { path, width: modules.length + 2 * QUIET_MODULES, height };
}

export function qrCode(text: string): Shape {
  const { modules } = create(text, { errorCorrectionLevel: 'M' });
  const { size, data } = modules;
  const path = Array.from({ length: size }, (_, row) =>
    runs(Array.from(data.slice(row * size, (row + 1) * size), (module) => module === 1))
      .map(
        ({ from, length }) =>
          `M${from + QUIET_SQUARES} ${row + QUIET_SQUARES}h${length}v1h-${length}z`,
      )
      .join(''),
  ).join('');
  const width = size + 2 * QUIET_SQUARES;
  return { path, width, height: width };
}
