/**
 * The session of whoever calls: begun with a password or a one-time link, and what somebody changes of the own account while it
 * lasts. Each answer that begins one sets the cookie.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { sessionEndsAtMs } from '../../core/session.ts';
import { rfc3339 } from '../../core/time.ts';
import type { PasswordFault, User } from '../../core/user.ts';
import { PASSWORD_LENGTH_MAX, PASSWORD_LENGTH_MIN } from '../../core/user.ts';
import type { Deps } from '../../flows/deps.ts';
import { changePassword, endTotp, type Refused } from '../../flows/own-account.ts';
import { redeemLink } from '../../flows/redeem-link.ts';
import { csrfToken, endSession, type NewSession, type SignedIn } from '../../flows/sessions.ts';
import { signIn } from '../../flows/sign-in.ts';
import { beginTotp, confirmTotp } from '../../flows/totp.ts';
import { signedInOf } from './caller.ts';
import { invalidField, Problem } from './problems.ts';
import { clearSessionCookie, sessionSecretOf, setSessionCookie } from './session-cookie.ts';
import type { LinkRedemption, SessionCreate, SessionResource } from './user-schemas.ts';
import { readName, userView } from './users.ts';
import type { Static } from './shape.ts';

/** A call, and where the cookie of its answer goes. */
export type Exchange = {
  readonly deps: Deps;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
};

async function sessionView(deps: Deps, { session, user }: SignedIn): Promise<SessionResource> {
  return {
    object: 'session',
    user: await userView(deps, user),
    csrf_token: csrfToken(deps, session),
    expires_at: rfc3339(sessionEndsAtMs(session)),
    must_change_password: session.mustChangePassword,
  };
}

/** The session that a call began. */
function begun({ deps, request, reply }: Exchange, made: NewSession): Promise<SessionResource> {
  setSessionCookie(deps, request, reply, made.secret);
  return sessionView(deps, made);
}

export async function beginSession(
  exchange: Exchange,
  { name, password, totp: code }: Static<typeof SessionCreate>,
): Promise<SessionResource> {
  const { deps, request } = exchange;
  const oldSecret = sessionSecretOf(request);
  const input = { name, password, code, address: request.ip, oldSecret };
  const result = await signIn(deps, input);
  if (result.kind === 'signed_in') return begun(exchange, result.made);
  if (result.kind === 'locked') throw locked(deps, result.untilMs);
  throw new Problem(result.kind === 'failed' ? 'sign_in_failed' : 'totp_required');
}

function locked({ clock }: Pick<Deps, 'clock'>, untilMs: number): Problem {
  const retryAfterS = Math.max(1, Math.ceil((untilMs - clock.nowMs()) / 1000));
  return new Problem('sign_in_locked', { retryAfterS });
}

export async function openLink(
  exchange: Exchange,
  { token, name, password, totp: code }: Static<typeof LinkRedemption>,
): Promise<SessionResource> {
  const { deps, request } = exchange;
  const chosen = name === undefined ? undefined : readName(name);
  const input = { token, name: chosen, password, code, address: request.ip };
  const result = await redeemLink(deps, input);
  switch (result.kind) {
    case 'signed_in':
      return begun(exchange, result.made);
    case 'invalid':
      throw new Problem('link_invalid');
    case 'name_required':
      throw invalidField(
        'name',
        'is required: this link is for the first administrator',
        '不能为空：该链接用于创建首位管理员',
      );
    case 'other_name':
      throw invalidField(
        'name',
        'is not the one that the link is for: leave it out',
        '与链接所属的用户名不符，可不填写',
      );
    case 'refused':
      throw refused('password', result.fault);
    case 'code_required':
      throw new Problem('totp_required');
    case 'code_wrong':
      throw new Problem('sign_in_failed');
    case 'locked':
      throw locked(deps, result.untilMs);
    default:
      return result satisfies never;
  }
}

const FAULTS: Readonly<Record<PasswordFault | 'same', readonly [en: string, zh: string]>> = {
  too_short: [
    `must have at least ${PASSWORD_LENGTH_MIN} characters`,
    `至少 ${PASSWORD_LENGTH_MIN} 个字符`,
  ],
  too_long: [
    `must have at most ${PASSWORD_LENGTH_MAX} characters`,
    `不能超过 ${PASSWORD_LENGTH_MAX} 个字符`,
  ],
  is_name: ['must not be the name', '不能与用户名相同'],
  common: ['is one that everybody tries first: choose another', '过于常见，请换一个'],
  same: ['must be another one than before', '须与原密码不同'],
};

function refused(field: string, fault: PasswordFault | 'same'): Problem {
  return invalidField(field, ...FAULTS[fault]);
}

export function ownSession(deps: Deps, request: FastifyRequest): Promise<SessionResource> {
  return sessionView(deps, signedInOf(request));
}

export async function leave({ deps, request, reply }: Exchange): Promise<void> {
  const secret = sessionSecretOf(request);
  if (secret !== undefined) await endSession(deps, secret);
  clearSessionCookie(deps, request, reply);
}

export async function takePassword(
  exchange: Exchange,
  password: string,
  newPassword: string,
): Promise<SessionResource> {
  const { deps, request } = exchange;
  const result = await changePassword(deps, signedInOf(request), password, newPassword);
  if (result.kind === 'changed') return begun(exchange, result.made);
  if (result.kind === 'refused') throw refused('new_password', result.fault);
  throw notProven(deps, result);
}

function notProven(deps: Deps, result: Refused): Problem {
  if (result.kind === 'locked') return locked(deps, result.untilMs);
  if (result.kind === 'session_ended') return new Problem('authentication_required');
  return invalidField('password', 'is not your password', '不是您的密码');
}

export async function makeTotp(deps: Deps, request: FastifyRequest) {
  const result = await beginTotp(deps, signedInOf(request).user.userNo);
  if (result.kind === 'already_on') throw new Problem('totp_already_on');
  return { secret: result.secret, uri: result.uri };
}

export async function turnTotpOn(
  deps: Deps,
  request: FastifyRequest,
  code: string,
): Promise<SessionResource> {
  const signedIn = signedInOf(request);
  const user = await confirmTotp(deps, signedIn.user.userNo, code);
  if (user === undefined) {
    throw invalidField('code', 'is not what the app shows now', '与验证器应用当前显示的不符');
  }
  return afterwards(deps, signedIn, user);
}

export async function turnTotpOff(
  deps: Deps,
  request: FastifyRequest,
  password: string,
): Promise<SessionResource> {
  const signedIn = signedInOf(request);
  const result = await endTotp(deps, signedIn, password);
  if (result.kind !== 'ended') throw notProven(deps, result);
  return afterwards(deps, signedIn, result.user);
}

function afterwards(deps: Deps, { session }: SignedIn, user: User): Promise<SessionResource> {
  return sessionView(deps, { session, user });
}
