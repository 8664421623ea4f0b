/** What a telephone reads from a QR code that a page drew as one square for each dark module (`console/qr-picture.tsx`). */
import {
  BinaryBitmap,
  DecodeHintType,
  HybridBinarizer,
  QRCodeReader,
  RGBLuminanceSource,
} from '@zxing/library';
import type { Locator } from 'playwright-core';

/** Pixels for each module. */
const SCALE = 4;
const WHITE = 255;

export async function qrTextOf(picture: Locator): Promise<string> {
  const box = (await picture.getAttribute('viewBox')) ?? '';
  const size = Number(box.split(' ')[2]) * SCALE;
  const path = (await picture.locator('path').getAttribute('d')) ?? '';
  const pixels = new Uint8ClampedArray(size * size).fill(WHITE);
  for (const [, x, y] of path.matchAll(/M(\d+) (\d+)/g)) {
    for (let row = 0; row < SCALE; row += 1) {
      const from = (Number(y) * SCALE + row) * size + Number(x) * SCALE;
      pixels.fill(0, from, from + SCALE);
    }
  }
  const source = new RGBLuminanceSource(pixels, size, size);
  // It is no photograph: nothing has to be found in it.
  const hints = new Map<DecodeHintType, unknown>([[DecodeHintType.PURE_BARCODE, true]]);
  return new QRCodeReader().decode(new BinaryBitmap(new HybridBinarizer(source)), hints).getText();
}
