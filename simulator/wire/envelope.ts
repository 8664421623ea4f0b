/**
 * The bytes of an answer: `{"<node>":{…},"sign":"…"}` with the node first, fields in Alipay's
 * order, `\/` for `/`, and the signature over exactly the node's bytes (protocol 1.6, 1.7). What
 * the fields say is decided elsewhere.
 */
import type { KeyObject } from 'node:crypto';

import { encodeText } from './charset.ts';
import type { Charset } from './charset.ts';
import { signBytes } from './signing.ts';
import type { SignType } from './signing.ts';

/**
 * A field of an answer: text, or a list of things with text fields. Absent fields are left out,
 * never null.
 */
export type FieldValue = string | readonly Readonly<Record<string, string>>[];
export type Fields = Record<string, FieldValue | undefined>;

/** How to write an answer. */
export type Envelope = {
  node: string;
  fields: Fields;
  charset: Charset;
  /** Undefined for the few answers Alipay leaves unsigned. */
  signType: SignType | undefined;
  /** In certificate mode: which of Alipay's certificates verifies the answer. */
  alipayCertSn?: string | undefined;
};

const LEADING = ['code', 'msg', 'sub_code', 'sub_msg'];

/**
 * The node's text: code, msg, sub_code, sub_msg, then the business fields alphabetically (protocol
 * 1.6).
 */
export function nodeText(fields: Fields): string {
  const rest = Object.keys(fields).filter((name) => !LEADING.includes(name));
  const ordered = [...LEADING, ...rest.toSorted()]
    .map((name) => [name, fields[name]] as const)
    .filter(([, value]) => value !== undefined);
  return JSON.stringify(Object.fromEntries(ordered)).replaceAll('/', String.raw`\/`);
}

/**
 * `alipay.trade.pay` becomes `alipay_trade_pay_response`; what cannot be a method name becomes
 * `error_response`.
 */
export function nodeName(method: string): string {
  return /^[A-Za-z][A-Za-z0-9._]{0,127}$/.test(method)
    ? `${method.replaceAll('.', '_')}_response`
    : 'error_response';
}

/** What a fault does to an otherwise good answer. */
export type Spoiling = {
  /** Rewrites the node after it was signed. */
  tamper?: (node: string) => string;
  /** Rewrites the signature. */
  forge?: (signature: string) => string;
  withoutSign?: boolean;
};

/** Writes and signs an answer. */
export function envelopeBytes(
  envelope: Envelope,
  alipayKey: KeyObject,
  spoiling: Spoiling = {},
): Buffer {
  const { charset, signType } = envelope;
  const node = nodeText(envelope.fields);
  const sent = spoiling.tamper?.(node) ?? node;
  const head = `{"${envelope.node}":${sent}`;
  if (signType === undefined || spoiling.withoutSign === true) {
    return encodeText(`${head}}`, charset);
  }
  const signature = signBytes(encodeText(node, charset), signType, alipayKey);
  const certificate =
    envelope.alipayCertSn === undefined ? '' : `,"alipay_cert_sn":"${envelope.alipayCertSn}"`;
  return encodeText(
    `${head}${certificate},"sign":"${spoiling.forge?.(signature) ?? signature}"}`,
    charset,
  );
}
