/**
 * The audit log over v2: who did what, newest first. It is read here and nowhere written: entries are made by `audit-hook.ts`
 * and by the commands.
 */
import type { FastifyInstance } from 'fastify';
import { auditView } from '../../flows/audit-view.ts';
import type { Deps } from '../../flows/deps.ts';
import { pageAudit } from '../../store/audit.ts';
import { fromAuditCursor, toAuditCursor } from './cursor.ts';
import { operation } from './operation.ts';
import { readTime } from './rules.ts';
import { AUDIT_ENTRY, lastPage } from './samples.ts';
import {
  Closed,
  nullable,
  oneOf,
  PAGE_DEFAULT,
  pageOf,
  pageQuery,
  refTo,
  text,
  Time,
} from './schemas.ts';
import { Type, type ShapeProvider, type Static } from './shape.ts';

const NAME_MAX = 200;

const AuditQuery = Type.Object(
  {
    actor: Type.Optional(
      text(NAME_MAX, 'What this one did: `user_…`, `key_…`, `operator_cli` or `nobody`.'),
    ),
    operation: Type.Optional(text(NAME_MAX, 'An `operationId`: `createRefund`.')),
    target: Type.Optional(text(NAME_MAX, 'What was done to this one, or made it: `re_…`.')),
    from: Type.Optional(Time),
    before: Type.Optional(Time),
    ...pageQuery,
  },
  Closed,
);
type AuditQuery = Static<typeof AuditQuery>;

const AuditActor = Type.Object({
  kind: oneOf(
    ['user', 'api_key', 'operator_cli', 'nobody'],
    '`operator_cli`: a command. `nobody`: the call named nobody, as a sign-in.',
  ),
  id: Type.String({ description: '`user_…`, `key_…`, or the kind.' }),
  name: Type.String({
    description: 'As it was called then; of a command, the account that ran it.',
  }),
});

const AuditResult = Type.Object({
  status: Type.Integer({ description: 'The HTTP status; commands have the one that fits.' }),
  code: nullable(Type.String({ description: 'The problem; null for a success.' })),
  replayed: Type.Boolean({
    description: 'The answer of an earlier call with the same idempotency key: nothing was done.',
  }),
  at: Time,
});

export const AuditEntryResource = Type.Object(
  {
    id: Type.String(),
    object: oneOf(['audit_entry'], 'Always audit_entry.'),
    number: Type.Integer({ description: 'Its number in the chain.' }),
    at: Time,
    actor: AuditActor,
    address: nullable(Type.String({ description: 'Where the call came from; null for commands.' })),
    operation: Type.String({ description: 'The `operationId`.' }),
    target: nullable(Type.String({ description: 'What it was done to, or what it made.' })),
    request: Type.Unsafe<Record<string, unknown>>({
      type: 'object',
      description: 'What was asked: `params`, `query` and `body`, with secrets masked.',
    }),
    outcome: nullable(AuditResult),
    hash: Type.String({ description: 'The hash of the request’s entry.' }),
  },
  { $id: 'AuditEntry' },
);
export type AuditEntryResource = Static<typeof AuditEntryResource>;

const list = operation(
  { querystring: AuditQuery },
  {
    operationId: 'listAuditLog',
    tag: 'Audit log',
    summary: { en: 'List who did what, newest first', zh: '列出操作记录，从新到旧' },
    scope: 'administer',
    gives: [
      200,
      pageOf(refTo('AuditEntry')),
      'A page of entries. One without an `outcome` is under way, or the gateway died before it was answered.',
    ],
    problems: [],
    examples: {
      refunds: {
        query: { operation: 'createRefund', limit: 10 },
        answer: lastPage(AUDIT_ENTRY),
      },
    },
  },
);

export async function auditRoutes(
  server: FastifyInstance,
  { deps }: { readonly deps: Deps },
): Promise<void> {
  const app = server.withTypeProvider<ShapeProvider>();

  // It tells of all merchants, as the scope is for those alone who are of all of them.
  app.get('/v2/audit_log', list, (request) => listAudit(deps, request.query));
}

async function listAudit(deps: Deps, query: AuditQuery) {
  const { found, next } = await pageAudit(deps.db, {
    actorId: query.actor,
    operation: query.operation,
    target: query.target,
    fromMs: readTime('from', query.from),
    beforeMs: readTime('before', query.before),
    after: query.cursor === undefined ? undefined : fromAuditCursor(query.cursor),
    limit: query.limit ?? PAGE_DEFAULT,
  });
  return {
    object: 'list' as const,
    data: found.map(auditView),
    next_cursor: next === null ? null : toAuditCursor(next),
  };
}
