/** The library that reads QR codes where the browser cannot, in a file of its own so that the others do not load it. */
// Its parts by name: the whole brings readers of a dozen other codes along.
import BinaryBitmap from '@zxing/library/esm/core/BinaryBitmap';
import HybridBinarizer from '@zxing/library/esm/core/common/HybridBinarizer';
import DecodeHintType from '@zxing/library/esm/core/DecodeHintType';
import QRCodeReader from '@zxing/library/esm/core/qrcode/QRCodeReader';
import RGBLuminanceSource from '@zxing/library/esm/core/RGBLuminanceSource';

import type { QrReader } from './qr-reader.ts';

/** Wide enough for a code across a table, small enough for a phone to read several times a second. */
const WIDTH_MAX_PX = 720;

export function openLibraryReader(): QrReader {
  const reader = new QRCodeReader();
  const hints = new Map([[DecodeHintType.TRY_HARDER, true]]);
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d', { willReadFrequently: true });
  return async (video) => {
    if (context === null || video.videoWidth === 0) return undefined;
    canvas.width = Math.min(video.videoWidth, WIDTH_MAX_PX);
    canvas.height = Math.round((video.videoHeight * canvas.width) / video.videoWidth);
    context.drawImage(video, 0, 0, canvas.width, canvas.height);
    const { data, width, height } = context.getImageData(0, 0, canvas.width, canvas.height);
    const source = new RGBLuminanceSource(greys(data), width, height);
    try {
      return reader.decode(new BinaryBitmap(new HybridBinarizer(source)), hints).getText();
    } catch {
      // The library has no other way to say that there is no code in a picture.
      return undefined;
    }
  };
}

/** One byte for each four; green counts double, as in eyes. */
function greys(pixels: Uint8ClampedArray): Uint8ClampedArray {
  return Uint8ClampedArray.from({ length: pixels.length / 4 }, (_, at) => {
    const [red = 0, green = 0, blue = 0] = pixels.subarray(at * 4, at * 4 + 3);
    return (red + 2 * green + blue) / 4;
  });
}
