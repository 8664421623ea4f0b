/**
 * The cookie of somebody who signed in. Scripts cannot read it, other sites cannot have it sent, and a request that changes
 * something is only taken with the token that the page was told beside it, and from no page of another host.
 */
import { timingSafeEqual } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Deps } from '../../flows/deps.ts';
import { hashCredential } from '../../flows/hash-credential.ts';
import { csrfToken, type SignedIn } from '../../flows/sessions.ts';
import { Problem } from './problems.ts';

export const SESSION_COOKIE = 'f2f_session';
const TOKEN_HEADER = 'x-csrf-token';
const ATTRIBUTES = 'Path=/; HttpOnly; SameSite=Strict';
/** Methods that change nothing. */
const SAFE: readonly string[] = ['GET', 'HEAD'];

/** The cookie's value as it was sent; undefined when there is none. */
export function sessionSecretOf({ headers }: FastifyRequest): string | undefined {
  const pairs = (headers.cookie ?? '').split(';').map((pair) => pair.trim());
  const pair = pairs.find((one) => one.startsWith(`${SESSION_COOKIE}=`));
  const value = pair?.slice(SESSION_COOKIE.length + 1);
  return value === '' ? undefined : value;
}

/** Without an end of its own: it goes with the browser, and the gateway knows when it ends. */
export function setSessionCookie(
  deps: Pick<Deps, 'settings'>,
  request: FastifyRequest,
  reply: FastifyReply,
  secret: string,
): void {
  const cookie = `${SESSION_COOKIE}=${secret}; ${ATTRIBUTES}${secureOf(deps, request)}`;
  void reply.header('set-cookie', cookie);
}

export function clearSessionCookie(
  deps: Pick<Deps, 'settings'>,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  const cookie = `${SESSION_COOKIE}=; Max-Age=0; ${ATTRIBUTES}${secureOf(deps, request)}`;
  void reply.header('set-cookie', cookie);
}

/** A browser that came over plain http would not keep a secure one. */
function secureOf({ settings }: Pick<Deps, 'settings'>, { protocol }: FastifyRequest): string {
  const isSecure = protocol === 'https' || settings.publicUrl?.startsWith('https:') === true;
  return isSecure ? '; Secure' : '';
}

/** Throws `csrf_token_invalid` for a request that a page of another host may have made. */
export function requireOwnPage(
  deps: Pick<Deps, 'vault' | 'settings'>,
  request: FastifyRequest,
  { session }: SignedIn,
): void {
  if (SAFE.includes(request.method)) return;
  requireOwnOrigin(deps, request);
  const sent = request.headers[TOKEN_HEADER];
  const isOwn = typeof sent === 'string' && isSame(sent, csrfToken(deps, session));
  if (!isOwn) throw new Problem('csrf_token_invalid');
}

/** A browser names the page's origin; a program that names none is no browser. */
export function requireOwnOrigin(
  { settings }: Pick<Deps, 'settings'>,
  { headers, host }: FastifyRequest,
): void {
  const { origin } = headers;
  if (origin === undefined) return;
  const from = URL.parse(origin);
  // A proxy may call the gateway by another name than browsers call the proxy.
  const own = [`${from?.protocol ?? ''}//${host}`, settings.publicUrl ?? ''];
  const isOwn = own.some((url) => URL.parse(url)?.host === from?.host);
  if (from === null || !isOwn) throw new Problem('csrf_token_invalid');
}

/** In a time that tells nothing. */
function isSame(one: string, other: string): boolean {
  const [a, b] = [one, other].map((text) => Buffer.from(hashCredential(text)));
  return a !== undefined && b !== undefined && timingSafeEqual(a, b);
}
