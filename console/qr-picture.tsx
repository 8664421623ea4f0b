/** A QR code as a picture, drawn by the page itself: nothing is loaded for it. */
import { create } from 'qrcode';

/** Phones want a white edge around the code. */
const EDGE = 2;

export function QrPicture({ text, label }: { readonly text: string; readonly label: string }) {
  const { modules } = create(text, { errorCorrectionLevel: 'M' });
  const { size } = modules;
  const path = Array.from(modules.data, (isDark, index) =>
    isDark ? `M${(index % size) + EDGE} ${Math.trunc(index / size) + EDGE}h1v1h-1z` : '',
  ).join('');
  const edge = size + 2 * EDGE;
  return (
    <svg role="img" aria-label={label} viewBox={`0 0 ${edge} ${edge}`} shapeRendering="crispEdges">
      <rect width={edge} height={edge} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
}
