/**
 * Whether a webhook's signature fits, and if not, why: what can be proven by trying it out comes first, then what the body
 * shows, and last that it must be the secret. Pure.
 */
import { isWebhookSecret, signWebhook } from '../../flows/webhook-secrets.ts';

/** A webhook as its receiver got it; the headers' texts as they came. */
export type Received = {
  readonly secret: string;
  readonly id: string;
  readonly timestamp: string;
  readonly signature: string;
  readonly body: Uint8Array;
};

/** `sentences` say why not. */
export type Verdict =
  | { readonly fits: true; readonly ageS: number }
  | { readonly fits: false; readonly sentences: readonly string[] };

/** What the libraries of Standard Webhooks allow, either way. */
export const AGE_S_MAX = 300;

export const SECRET_RULE = 'must be whsec_ and the base64 of 24 to 64 bytes';
export const TIMESTAMP_PATTERN = /^[1-9]\d{0,11}$/;

export function judge(received: Received, nowMs: number): Verdict {
  const odd = oddHeader(received);
  if (odd !== undefined) return no(odd);
  const body = textOf(received.body);
  if (body === undefined) {
    return no(
      'The body is not UTF-8, and the gateway sends nothing else: it was changed on the way',
    );
  }
  const given = received.signature.split(' ');
  const signs = (text: string): boolean => given.includes(signatureOf(received, text));
  if (signs(body)) return judgeAge(received, nowMs);
  return no(
    explain(received, body, signs),
    `With this secret, id, time and body the signature is ${signatureOf(received, body)}`,
  );
}

function no(...sentences: readonly string[]): Verdict {
  return { fits: false, sentences };
}

function oddHeader({ secret, timestamp, signature }: Received): string | undefined {
  if (!isWebhookSecret(secret)) return `--secret ${SECRET_RULE}`;
  if (!TIMESTAMP_PATTERN.test(timestamp)) {
    const hint = /^\d{13}$/.test(timestamp) ? '; these are milliseconds' : '';
    return `--timestamp must be whole seconds since 1970, as the header webhook-timestamp has them${hint}`;
  }
  return signature.split(' ').some((one) => one.startsWith('v1,'))
    ? undefined
    : '--signature must be the whole header webhook-signature: "v1,…", or several of these with blanks between';
}

function textOf(body: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
  } catch {
    // What is no UTF-8 is no text.
    return undefined;
  }
}

function signatureOf({ secret, id, timestamp }: Received, body: string): string {
  return signWebhook([secret], { id, body }, Number(timestamp) * 1000)['webhook-signature'];
}

function judgeAge({ timestamp }: Received, nowMs: number): Verdict {
  const ageS = Math.floor(nowMs / 1000) - Number(timestamp);
  if (Math.abs(ageS) <= AGE_S_MAX) return { fits: true, ageS };
  const when = ageS > 0 ? `${ageS} s old` : `${-ageS} s ahead of this host's clock`;
  return no(
    `The signature fits, and the webhook is ${when}: receivers refuse what is more than ${AGE_S_MAX} s away, so that nobody can send it again later. If it just came in, a clock is wrong`,
  );
}

/** Changes of a body that receivers make without meaning to; undone, the signature fits. */
const CHANGES: readonly (readonly [what: string, undo: (body: string) => string | undefined])[] = [
  ['a line end was added to the body', (body) => body.replace(/\r?\n$/, '')],
  ['a byte order mark was put before the body', (body) => body.replace(/^\ufeff/, '')],
  [
    'the body was parsed and written again',
    (body) => {
      const json = parse(body);
      return json === undefined ? undefined : JSON.stringify(json);
    },
  ],
];

const RAW = 'Verify the bytes that came in, before anything parses them';

function explain({ id }: Received, body: string, signs: (text: string) => boolean): string {
  if (body === '') return `The body is empty: something read it before. ${RAW}`;
  const change = CHANGES.find(([, undo]) => signs(undo(body) ?? body));
  if (change !== undefined) return `The signature would fit, but ${change[0]}. ${RAW}`;
  const json = parse(body);
  if (json === undefined) {
    return `The body is not JSON, and the gateway sends nothing else: a part is missing, or it was changed. ${RAW}`;
  }
  if (typeof json['id'] === 'string' && json['id'] !== id) {
    return `The body is that of ${json['id']}, and webhook-id says ${id}: they belong to different webhooks`;
  }
  if (JSON.stringify(json) !== body || !isInOrder(json)) {
    return `The body is not as the gateway writes it (no blanks, "id" first): it was parsed and written again. ${RAW}`;
  }
  return 'Nothing shows that id, time or body were changed: the secret is another one. Each endpoint has its own, shown when it was made or rotated; that of "f2f listen" is what "f2f listen --print-secret" prints';
}

/** The first fields of an event, and of a test, which has no id. */
function isInOrder(json: Readonly<Record<string, unknown>>): boolean {
  return /^(id,)?object,type,/.test(Object.keys(json).join(','));
}

export function parse(body: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const json: Readonly<Record<string, unknown>> | null = JSON.parse(body);
    return typeof json === 'object' && json !== null ? json : undefined;
  } catch {
    // What is no JSON is no event.
    return undefined;
  }
}
