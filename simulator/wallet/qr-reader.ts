/**
 * Reads a QR code from the picture of a camera: by the browser's own detector where it has one for QR codes, else by a library that
 * is loaded only then. Where the picture comes from, and what is done with the text, is not decided here.
 */
export type QrReader = (video: HTMLVideoElement) => Promise<string | undefined>;

type Detector = { detect: (picture: HTMLVideoElement) => Promise<{ rawValue: string }[]> };
type DetectorClass = {
  new (options: { formats: string[] }): Detector;
  getSupportedFormats: () => Promise<string[]>;
};

const hasDetector = (scope: object): scope is { BarcodeDetector: DetectorClass } =>
  'BarcodeDetector' in scope;

async function builtIn(scope: object): Promise<QrReader | undefined> {
  if (!hasDetector(scope)) return undefined;
  const { BarcodeDetector } = scope;
  const formats = await BarcodeDetector.getSupportedFormats().catch((): string[] => []);
  if (!formats.includes('qr_code')) return undefined;
  const detector = new BarcodeDetector({ formats: ['qr_code'] });
  return async (video) => (await detector.detect(video))[0]?.rawValue;
}

export async function openQrReader(): Promise<QrReader> {
  const own = await builtIn(globalThis);
  if (own !== undefined) return own;
  const { openLibraryReader } = await import('./qr-library.ts');
  return openLibraryReader();
}
