/**
 * The canonical string: what is signed, in a request and in a notification (Alipay docs, 自行实现签名 and 异步通知验签).
 * Pure text in, text out; the signature itself is in `sign.ts`. For notifications the values are byte strings
 * (one character per byte), so that the result is the exact bytes that Alipay signed, in whatever charset.
 */

/** One parameter: name and raw value, neither percent-encoded. */
export type Parameter = readonly [name: string, value: string];

function canonical(parameters: Iterable<Parameter>, omitted: ReadonlySet<string>): string {
  return (
    [...parameters]
      .filter(([name, value]) => value !== '' && !omitted.has(name))
      // Names are ASCII, where the order of UTF-16 units is the order of bytes.
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, value]) => `${name}=${value}`)
      .join('&')
  );
}

const OMITTED_IN_REQUEST: ReadonlySet<string> = new Set(['sign']);
const OMITTED_IN_NOTIFICATION: ReadonlySet<string> = new Set(['sign', 'sign_type']);

/** What we sign of a request: all parameters but `sign` and empty ones, by name, joined raw. `sign_type` is signed. */
export function canonicalRequest(parameters: Iterable<Parameter>): string {
  return canonical(parameters, OMITTED_IN_REQUEST);
}

/** What Alipay signed of a notification: as a request, but without `sign_type`. */
export function canonicalNotification(parameters: Iterable<Parameter>): string {
  return canonical(parameters, OMITTED_IN_NOTIFICATION);
}
