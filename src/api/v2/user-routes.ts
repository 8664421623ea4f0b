/**
 * The routes of people. What they do is in `users.ts`.
 */
import type { FastifyInstance } from 'fastify';
import type { Deps } from '../../flows/deps.ts';
import { callerOf } from './caller.ts';
import { makeOnce } from './made-once.ts';
import { operation } from './operation.ts';
import { lastPage } from './samples.ts';
import { IdParams, IfMatchHeaders, MayRepeatHeaders, pageOf, refTo } from './schemas.ts';
import type { ShapeProvider } from './shape.ts';
import { CHANGED, INVITED, USER, USER_LINK } from './user-samples.ts';
import { UserChange, UserCreate } from './user-schemas.ts';
import {
  allUsers,
  changeOne,
  createUser,
  etagOf,
  newLink,
  resetTotpOf,
  resumeOne,
  suspendOne,
  userOf,
  userView,
} from './users.ts';

const COMMON = { tag: 'Users', scope: 'administer' } as const;

const create = operation(
  { body: UserCreate, headers: MayRepeatHeaders },
  {
    ...COMMON,
    operationId: 'createUser',
    summary: { en: 'Invite somebody', zh: '邀请一位用户' },
    gives: [201, refTo('User'), 'The user, with the `link` by which the password is chosen.'],
    problems: ['merchant_not_found', 'user_name_taken'],
    examples: {
      clerk: {
        body: {
          name: 'wang.fang',
          display_name: '王芳',
          role: 'clerk',
          merchant: INVITED.merchant,
        },
        answer: { ...INVITED, link: USER_LINK },
      },
    },
  },
);
const list = operation(
  {},
  {
    ...COMMON,
    operationId: 'listUsers',
    summary: { en: 'List users, oldest first', zh: '列出用户，从旧到新' },
    gives: [200, pageOf(refTo('User')), 'All of them: there are few.'],
    problems: [],
    examples: { all: { answer: lastPage(INVITED) } },
  },
);
const get = operation(
  { params: IdParams },
  {
    ...COMMON,
    operationId: 'getUser',
    summary: { en: 'Look at a user', zh: '查看一位用户' },
    gives: [200, refTo('User'), 'The user; its ETag names what was read.'],
    problems: ['user_not_found'],
    examples: { look: { params: { id: INVITED.id }, answer: INVITED } },
  },
);
const change = operation(
  { params: IdParams, body: UserChange, headers: IfMatchHeaders },
  {
    ...COMMON,
    operationId: 'changeUser',
    summary: { en: 'Change what is given, and leave the rest', zh: '修改所给的内容，其余不变' },
    gives: [
      200,
      refTo('User'),
      'The user as it is now. Another role or merchant ends the sessions.',
    ],
    problems: ['user_not_found', 'merchant_not_found', 'precondition_failed', 'last_administrator'],
    examples: {
      role: { params: { id: INVITED.id }, body: { role: 'finance' }, answer: CHANGED },
    },
  },
);
const makeLink = operation(
  { params: IdParams, headers: MayRepeatHeaders },
  {
    ...COMMON,
    operationId: 'createUserLink',
    summary: {
      en: 'Make a link by which a password is chosen, and end sessions and older links',
      zh: '生成设置密码的链接，并结束会话和旧链接',
    },
    gives: [201, refTo('UserLink'), 'The link: nobody can read it again.'],
    problems: ['user_not_found'],
    examples: { reset: { params: { id: INVITED.id }, answer: USER_LINK } },
  },
);
const suspend = operation(
  { params: IdParams },
  {
    ...COMMON,
    operationId: 'suspendUser',
    summary: { en: 'Let somebody in no more, at once', zh: '立即停用一位用户' },
    gives: [200, refTo('User'), 'The user, whose sessions and links have ended.'],
    problems: ['user_not_found', 'last_administrator'],
    examples: {
      suspend: { params: { id: INVITED.id }, answer: { ...USER, state: 'suspended' } },
    },
  },
);
const resume = operation(
  { params: IdParams },
  {
    ...COMMON,
    operationId: 'resumeUser',
    summary: { en: 'Let somebody in again', zh: '恢复一位用户' },
    gives: [200, refTo('User'), 'The user, with the password that there was.'],
    problems: ['user_not_found'],
    examples: { resume: { params: { id: INVITED.id }, answer: USER } },
  },
);
const resetTotp = operation(
  { params: IdParams },
  {
    ...COMMON,
    operationId: 'resetUserTotp',
    summary: {
      en: 'Take the second factor away from somebody who lost the telephone',
      zh: '为丢失手机的用户取消双重验证',
    },
    gives: [200, refTo('User'), 'The user, who signs in with the password alone.'],
    problems: ['user_not_found'],
    examples: { reset: { params: { id: INVITED.id }, answer: USER } },
  },
);

/** What is done with one user as it is. */
const STEPS = [
  ['suspend', suspend, suspendOne],
  ['resume', resume, resumeOne],
  ['reset_totp', resetTotp, resetTotpOf],
] as const;

export async function userRoutes(
  server: FastifyInstance,
  { deps }: { readonly deps: Deps },
): Promise<void> {
  const app = server.withTypeProvider<ShapeProvider>();

  app.post('/v2/users', create, (request, reply) =>
    makeOnce(deps, request, reply, (keep) =>
      createUser(deps, callerOf(request), request.body, keep),
    ),
  );
  app.get('/v2/users', list, () => allUsers(deps));
  app.get('/v2/users/:id', get, async (request, reply) => {
    const user = await userOf(deps, request.params.id);
    return reply.header('etag', etagOf(user)).send(await userView(deps, user));
  });
  app.patch('/v2/users/:id', change, async (request, reply) => {
    const { body, headers, params } = request;
    const before = await userOf(deps, params.id);
    const user = await changeOne(deps, callerOf(request), before, body, headers['if-match']);
    return reply.header('etag', etagOf(user)).send(await userView(deps, user));
  });
  app.post('/v2/users/:id/link', makeLink, (request, reply) =>
    makeOnce(deps, request, reply, async (keep) =>
      newLink(deps, callerOf(request), await userOf(deps, request.params.id), keep),
    ),
  );
  for (const [path, options, step] of STEPS) {
    app.post(`/v2/users/:id/${path}`, options, async (request, reply) => {
      const before = await userOf(deps, request.params.id);
      const user = await step(deps, callerOf(request), before);
      return reply.header('etag', etagOf(user)).send(await userView(deps, user));
    });
  }
}
