/**
 * The routes of the session of whoever calls. What they do is in `session.ts`. Where somebody may guess there is a limit of its
 * own for each address, whatever cookies come with it.
 */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { addressSubject } from '../../flows/limit-attempts.ts';
import type { V2Options } from './answers.ts';
import { operation } from './operation.ts';
import { refTo } from './schemas.ts';
import type { ShapeProvider } from './shape.ts';
import {
  beginSession,
  leave,
  makeTotp,
  openLink,
  ownSession,
  takePassword,
  turnTotpOff,
  turnTotpOn,
} from './session.ts';
import { CODE, LINK_TOKEN, PASSWORD, SESSION, TOTP_SECRET } from './user-samples.ts';
import {
  LinkRedemption,
  PasswordChange,
  PasswordProof,
  SessionCreate,
  TotpConfirmation,
} from './user-schemas.ts';

const OWN = { tag: 'Session', scope: 'session' } as const;
const ENTRY = { tag: 'Session', scope: 'nobody' } as const;

const begin = operation(
  { body: SessionCreate },
  {
    ...ENTRY,
    operationId: 'createSession',
    summary: { en: 'Sign in', zh: '登录' },
    gives: [200, refTo('Session'), 'The session; its cookie is `f2f_session`.'],
    problems: ['sign_in_failed', 'totp_required', 'sign_in_locked'],
    examples: { password: { body: { name: 'wang.fang', password: PASSWORD }, answer: SESSION } },
  },
);
const redeem = operation(
  { body: LinkRedemption },
  {
    ...ENTRY,
    operationId: 'redeemSessionLink',
    summary: {
      en: 'Choose a password by a one-time link, and sign in',
      zh: '用一次性链接设置密码并登录',
    },
    gives: [200, refTo('Session'), 'The session of the user whose link it was.'],
    problems: ['link_invalid', 'totp_required', 'sign_in_failed', 'sign_in_locked'],
    examples: { invited: { body: { token: LINK_TOKEN, password: PASSWORD }, answer: SESSION } },
  },
);
const get = operation(
  {},
  {
    ...OWN,
    operationId: 'getSession',
    summary: { en: 'Who is signed in', zh: '当前登录的用户' },
    gives: [200, refTo('Session'), 'The session that the cookie is of.'],
    problems: [],
    examples: { look: { answer: SESSION } },
  },
);
const end = operation(
  {},
  {
    ...OWN,
    operationId: 'deleteSession',
    summary: { en: 'Sign out', zh: '退出登录' },
    gives: [204, null, 'The session has ended, and its cookie is taken away.'],
    problems: [],
    examples: {},
  },
);
const changePassword = operation(
  { body: PasswordChange },
  {
    ...OWN,
    operationId: 'changeSessionPassword',
    summary: { en: 'Choose another password', zh: '修改密码' },
    gives: [200, refTo('Session'), 'A new session; all others of the user have ended.'],
    problems: ['sign_in_locked'],
    examples: {
      change: {
        body: { password: PASSWORD, new_password: 'a boat on the quiet lake' },
        answer: SESSION,
      },
    },
  },
);
const beginTotp = operation(
  {},
  {
    ...OWN,
    operationId: 'createSessionTotp',
    summary: { en: 'Make the secret of a second factor', zh: '生成双重验证的密钥' },
    gives: [200, refTo('TotpSecret'), 'The secret, which counts once a code of it was shown.'],
    problems: ['totp_already_on'],
    examples: { make: { answer: TOTP_SECRET } },
  },
);
const confirmTotp = operation(
  { body: TotpConfirmation },
  {
    ...OWN,
    operationId: 'confirmSessionTotp',
    summary: { en: 'Turn the second factor on', zh: '启用双重验证' },
    gives: [200, refTo('Session'), 'From now on the sign-in asks for a code.'],
    problems: [],
    examples: {
      code: {
        body: { code: CODE },
        answer: { ...SESSION, user: { ...SESSION.user, totp: true } },
      },
    },
  },
);
const endTotp = operation(
  { body: PasswordProof },
  {
    ...OWN,
    operationId: 'deleteSessionTotp',
    summary: { en: 'Turn the second factor off', zh: '关闭双重验证' },
    gives: [200, refTo('Session'), 'The sign-in asks for the password alone.'],
    problems: ['sign_in_locked'],
    examples: { off: { body: { password: PASSWORD }, answer: SESSION } },
  },
);

/** Of the requests that a key may send in a minute, as at v1's /auth. */
const ENTRY_SHARE = 1 / 20;
const MINUTE_MS = 60_000;

export async function sessionRoutes(
  server: FastifyInstance,
  { deps, rateLimit }: V2Options,
): Promise<void> {
  const app = server.withTypeProvider<ShapeProvider>();
  const limit =
    rateLimit === 'off'
      ? {}
      : {
          rateLimit: {
            max: Math.max(1, Math.floor(rateLimit * ENTRY_SHARE)),
            timeWindow: MINUTE_MS,
            // Each attempt is in the audit log: who has a network must not have as many of them as it has addresses.
            keyGenerator: (request: FastifyRequest) => addressSubject(request.ip).hash,
          },
        };
  const limited = <Of extends { readonly config: object }>(options: Of): Of => ({
    ...options,
    config: { ...options.config, ...limit },
  });

  app.post('/v2/session', limited(begin), (request, reply) =>
    beginSession({ deps, request, reply }, request.body),
  );
  app.post('/v2/session/link', limited(redeem), (request, reply) =>
    openLink({ deps, request, reply }, request.body),
  );
  app.get('/v2/session', get, (request) => ownSession(deps, request));
  app.delete('/v2/session', end, async (request, reply) => {
    await leave({ deps, request, reply });
    return reply.code(204).send();
  });
  app.post('/v2/session/password', changePassword, (request, reply) =>
    takePassword({ deps, request, reply }, request.body.password, request.body.new_password),
  );
  app.post('/v2/session/totp', beginTotp, (request) => makeTotp(deps, request));
  app.post('/v2/session/totp/confirm', confirmTotp, (request) =>
    turnTotpOn(deps, request, request.body.code),
  );
  app.delete('/v2/session/totp', endTotp, (request) =>
    turnTotpOff(deps, request, request.body.password),
  );
}
