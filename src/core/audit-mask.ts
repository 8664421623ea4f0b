/**
 * What of a request may stand in the audit log: everything but what lets somebody in or takes money. A field is masked by its
 * name, whatever it holds; and in every other text, what looks like a key, a payment code or a password in an address, because
 * people paste such things into the wrong field. What is long is shortened, so that an entry stays small.
 */

const MASK = '***';

/** Names of fields that hold secrets, whatever they are in. */
const SECRET_NAME =
  /pass_?(?:word|phrase)|secret|token|credential|private|csrf|cookie|totp|auth_?code|authorization|^(?:code|otp|pin|key)$/i;

/** Secrets by their looks, and what is left of them. */
const SECRET_LOOKS: readonly (readonly [looks: RegExp, left: string])[] = [
  [/\b(f2f|whsec)_[A-Za-z0-9+/=_-]+/g, `$1_${MASK}`],
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[^]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g, MASK],
  // Payment codes: whoever has one within its minute can charge with it.
  [/(?<!\d)(?:2[5-9]|30)\d{14,22}(?!\d)/g, MASK],
  // User and password of an address, and the values of its query, where receivers of webhooks have their tokens. What is kept of a
  // text ends long before 500 characters; without a bound, a text of nothing but beginnings of addresses would take seconds.
  [/(:\/\/)[^\s/@]+@/g, `$1${MASK}@`],
  [/(:\/\/[^\s?#]{1,500})\?[^\s#]*/g, `$1?${MASK}`],
];

/** Characters of one text that are kept. */
const TEXT_MAX = 200;
/** Bytes of the whole request that are kept. */
export const REQUEST_BYTES_MAX = 4096;
/** Nothing that a request may hold is deeper. */
const DEPTH_MAX = 8;

/** The request as the log keeps it, as JSON of at most `REQUEST_BYTES_MAX` bytes. */
export function maskRequest(request: Readonly<Record<string, unknown>>): string {
  const json = JSON.stringify(maskFields(request, 0));
  const bytes = new TextEncoder().encode(json).length;
  return bytes <= REQUEST_BYTES_MAX ? json : JSON.stringify({ omitted_bytes: bytes });
}

/** A text without what looks like a secret, as long as it is. */
export function maskSecrets(text: string): string {
  return SECRET_LOOKS.reduce((masked, [looks, left]) => masked.replace(looks, left), text);
}

function maskFields(fields: object, depth: number): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [
        shorten(maskSecrets(name)),
        SECRET_NAME.test(name) && isSaid(value) ? MASK : maskValue(value, depth + 1),
      ]),
  );
}

/** Whether a field is there at all is no secret. */
function isSaid(value: unknown): boolean {
  return value !== null && typeof value !== 'boolean';
}

function maskValue(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return shorten(maskSecrets(value));
  if (typeof value === 'number') return maskNumber(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth > DEPTH_MAX) return MASK;
  if (Array.isArray(value)) return value.map((one) => maskValue(one, depth + 1));
  return maskFields(value, depth);
}

/** A payment code that somebody wrote without quotes. */
function maskNumber(value: number): unknown {
  const text = String(value);
  return maskSecrets(text) === text ? value : MASK;
}

function shorten(text: string): string {
  const characters = text.length <= TEXT_MAX ? [] : Array.from(text);
  if (characters.length <= TEXT_MAX) return text;
  return `${characters.slice(0, TEXT_MAX).join('')}… (${characters.length} characters)`;
}
