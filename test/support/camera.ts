/**
 * What the camera of a test browser sees: a QR code on a grey wall, as an uncompressed film of one picture that Chromium repeats.
 */
import { writeFileSync } from 'node:fs';
import QRCode from 'qrcode';

const WIDTH = 640;
const HEIGHT = 480;
const WALL = 170;
const PAPER = 235;
const INK = 20;
const PIXELS = 10;
const QUIET = 4;

/** A person who lets no page look. This browser cannot ask, so that the answer is a switch. */
export const CAMERA_REFUSED = [
  '--use-fake-device-for-media-stream',
  '--use-fake-ui-for-media-stream=deny',
];

/** Writes the film; returns Chromium's switches for a camera that shows it to every page. */
export function filmQrCode(path: string, text: string): string[] {
  const { size, data } = QRCode.create(text, { errorCorrectionLevel: 'M' }).modules;
  const luma = Buffer.alloc(WIDTH * HEIGHT, WALL);
  const side = size + 2 * QUIET;
  const [left, top] = [(WIDTH - side * PIXELS) >> 1, (HEIGHT - side * PIXELS) >> 1];
  for (let y = 0; y < side * PIXELS; y += 1) {
    for (let x = 0; x < side * PIXELS; x += 1) {
      const [row, column] = [Math.floor(y / PIXELS) - QUIET, Math.floor(x / PIXELS) - QUIET];
      const isInside = row >= 0 && column >= 0 && row < size && column < size;
      const isInk = isInside && data[row * size + column] === 1;
      luma[(top + y) * WIDTH + left + x] = isInk ? INK : PAPER;
    }
  }
  const chroma = Buffer.alloc((WIDTH * HEIGHT) / 2, 128);
  const header = `YUV4MPEG2 W${WIDTH} H${HEIGHT} F30:1 Ip A1:1 C420jpeg\nFRAME\n`;
  writeFileSync(path, Buffer.concat([Buffer.from(header), luma, chroma]));
  return [
    '--use-fake-device-for-media-stream',
    '--use-fake-ui-for-media-stream',
    `--use-file-for-fake-video-capture=${path}`,
  ];
}
