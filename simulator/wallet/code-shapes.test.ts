/**
 * What is drawn is read again, by a library that did not draw it: a bar code that only looks like one fails here. The shapes are
 * painted pixel by pixel from their paths, a few pixels to a module.
 */
import {
  BarcodeFormat,
  BinaryBitmap,
  DecodeHintType,
  HybridBinarizer,
  MultiFormatReader,
  RGBLuminanceSource,
} from '@zxing/library';
import { expect, test } from 'vitest';

import { barCode, qrCode } from './code-shapes.ts';
import type { Shape } from './code-shapes.ts';

const PIXELS = 4;

function painted({ path, width, height }: Shape): RGBLuminanceSource {
  const [across, down] = [width * PIXELS, height * PIXELS];
  const greys = new Uint8ClampedArray(across * down).fill(255);
  for (const [, x, y, length, tall] of path.matchAll(/M(\d+) (\d+)h(\d+)v(\d+)h-\d+z/g)) {
    for (let row = Number(y) * PIXELS; row < (Number(y) + Number(tall)) * PIXELS; row += 1) {
      const from = row * across + Number(x) * PIXELS;
      greys.fill(0, from, from + Number(length) * PIXELS);
    }
  }
  return new RGBLuminanceSource(greys, across, down);
}

function read(shape: Shape, format: BarcodeFormat): string {
  const hints = new Map<DecodeHintType, unknown>([[DecodeHintType.POSSIBLE_FORMATS, [format]]]);
  const bitmap = new BinaryBitmap(new HybridBinarizer(painted(shape)));
  return new MultiFormatReader().decode(bitmap, hints).getText();
}

test.each([
  '281234567890123456',
  '2800000000010001',
  '301234567890123456789012',
  '28123456789012345',
])('%s', (digits) => {
  expect(read(barCode(digits, 44), BarcodeFormat.CODE_128)).toBe(digits);
  expect(read(qrCode(digits), BarcodeFormat.QR_CODE)).toBe(digits);
});

test('around the codes it is white, as scanners need it', () => {
  const bar = barCode('281234567890123456', 44);
  expect(bar.path).toMatch(/^M10 0h/);
  // Start, nine pairs of digits, check and stop: eleven modules each, and two at the end.
  expect(bar.width).toBe(12 * 11 + 2 + 20);
  const qr = qrCode('281234567890123456');
  expect(qr.path).toMatch(/^M4 4h7v1/);
  expect(qr.width).toBe(21 + 8);
});
