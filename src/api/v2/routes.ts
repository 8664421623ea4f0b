/**
 * The v2 API on Fastify: who calls is found out before anything else, then the request is checked against its shape, then
 * the operation runs. Each group of operations is a file beside this one.
 */
import { parse } from 'node:querystring';
import { finished } from 'node:stream/promises';
import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance, FastifyRequest, FastifySchema } from 'fastify';
import { hashCredential } from '../../flows/hash-credential.ts';
import { addressSubject } from '../../flows/limit-attempts.ts';
import { documentRoutes } from '../documents.ts';
import { answerError, operationOf, whenDurable, type V2Options } from './answers.ts';
import { apiKeyRoutes } from './api-key-routes.ts';
import { auditHooks } from './audit-hook.ts';
import { AuditEntryResource, auditRoutes } from './audit-routes.ts';
import { bearerOf, callerOf, identify, requireScope, signedInOf } from './caller.ts';
import { compileShape } from './check.ts';
import { eventRoutes } from './event-routes.ts';
import { EventResource } from './event-schemas.ts';
import { exportRoutes } from './export-routes.ts';
import { figureRoutes } from './figure-routes.ts';
import { StatisticsResource, TotalsResource } from './figure-schemas.ts';
import { gatewayRoutes } from './gateway-routes.ts';
import { merchantRoutes } from './merchant-routes.ts';
import { merchantLifecycleRoutes } from './merchant-lifecycle-routes.ts';
import {
  CertificateRequestResource,
  KeyTest,
  MerchantResource,
  MerchantTest,
} from './merchant-schemas.ts';
import { tellOfCsrf } from './operation.ts';
import { paymentRoutes } from './payment-routes.ts';
import { paymentStreamRoutes } from './payment-stream.ts';
import { DongleResource } from './dongle-schemas.ts';
import { dongleRoutes } from './dongle-routes.ts';
import { incidentRoutes } from './incident-routes.ts';
import { Problem } from './problems.ts';
import { qrCodeRoutes } from './qr-code.ts';
import { refundRoutes } from './refund-routes.ts';
import {
  ApiKeyResource,
  PaymentResource,
  PaymentStatus,
  ProblemBody,
  RefundResource,
} from './schemas.ts';
import { requireOwnOrigin, sessionSecretOf } from './session-cookie.ts';
import { sessionRoutes } from './session-routes.ts';
import { userRoutes } from './user-routes.ts';
import {
  SessionResource,
  TotpSecretResource,
  UserLinkResource,
  UserResource,
} from './user-schemas.ts';
import { storyRoutes } from './story-routes.ts';
import { IncidentResource, TimelineResource } from './story-schemas.ts';
import type { Keywords } from './shape.ts';
import { webhookRoutes } from './webhook-routes.ts';
import { DeliveryResource, EndpointResource, EndpointTest } from './webhook-schemas.ts';

/** Shapes that stand in the document once. */
const SHARED = [
  PaymentResource,
  PaymentStatus,
  RefundResource,
  MerchantResource,
  MerchantTest,
  KeyTest,
  CertificateRequestResource,
  EventResource,
  TimelineResource,
  IncidentResource,
  DongleResource,
  EndpointResource,
  DeliveryResource,
  EndpointTest,
  ApiKeyResource,
  UserLinkResource,
  UserResource,
  SessionResource,
  TotpSecretResource,
  AuditEntryResource,
  ProblemBody,
  TotalsResource,
  StatisticsResource,
];

const MINUTE_MS = 60_000;

export async function v2Routes(app: FastifyInstance, options: V2Options): Promise<void> {
  const { deps, metrics } = options;
  // Fastify takes plain text, too, which is no shape of ours.
  app.removeContentTypeParser('text/plain');
  for (const schema of SHARED) app.addSchema(schema);
  app.setValidatorCompiler(compileShape);
  // The shapes of answers are for the document; a test holds the answers against them.
  app.setSerializerCompiler(() => (answer) => JSON.stringify(answer));
  app.setErrorHandler((error, request, reply) => answerError(options, error, request, reply));
  app.addHook('onRoute', (route) => metrics.expectV2(operationOf(route)));
  app.addHook('onRoute', tellOfCsrf);
  app.addHook('onSend', (request, reply, payload) => whenDurable(deps, request, reply, payload));
  app.addHook('onRequest', async ({ raw, routeOptions }) => {
    if (routeOptions.schema?.body === undefined) await dropBody(raw);
    // What was not sent is not parsed, whatever a client says that it is.
    else if (isEmptyAllowed(routeOptions.schema) && !hasContent(raw)) {
      delete raw.headers['content-type'];
    }
  });
  app.addHook('preValidation', async (request) => {
    if (request.body === undefined && isEmptyAllowed(request.routeOptions.schema)) {
      request.body = {};
    }
  });
  app.addHook('onRequest', async (request) => {
    const { url = '' } = request.raw;
    const queryAt = url.indexOf('?');
    request.query = queryAt < 0 ? {} : { ...parse(url.slice(queryAt + 1)) };
  });
  await limitRate(app, options);
  app.addHook('onRequest', async (request) => {
    const { scope, orLinkToken } = request.routeOptions.config;
    if (scope === undefined || (orLinkToken === true && hasToken(request))) return;
    if (scope === 'nobody') {
      requireOwnOrigin(deps, request);
      return;
    }
    await identify(deps, request);
    if (scope === 'session') signedInOf(request);
    else requireScope(callerOf(request), scope);
  });
  auditHooks(app, deps);
  await app.register(paymentRoutes, { deps });
  await app.register(paymentStreamRoutes, { deps });
  await app.register(refundRoutes, { deps });
  await app.register(figureRoutes, { deps });
  await app.register(exportRoutes, { deps });
  await app.register(merchantRoutes, { deps });
  await app.register(merchantLifecycleRoutes, { deps });
  await app.register(eventRoutes, { deps });
  await app.register(storyRoutes, { deps });
  await app.register(incidentRoutes, { deps });
  await app.register(dongleRoutes, { deps });
  await app.register(webhookRoutes, { deps });
  await app.register(apiKeyRoutes, { deps });
  await app.register(userRoutes, { deps });
  await app.register(sessionRoutes, options);
  await app.register(gatewayRoutes, { deps });
  await app.register(auditRoutes, { deps });
  await app.register(qrCodeRoutes, { deps });
  await app.register(documentRoutes);
}

/** Whether no body means the same as one without fields: each of them may be left out. */
export function isEmptyAllowed(schema: FastifySchema | undefined): boolean {
  const body: Keywords | undefined = schema?.body ?? undefined;
  return body?.type === 'object' && body.required === undefined && body.minProperties === undefined;
}

function hasContent({ headers }: FastifyRequest['raw']): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

function hasToken({ query }: FastifyRequest): boolean {
  return typeof query === 'object' && query !== null && 'token' in query;
}

/**
 * An operation without a body looks at none, whatever a client always sends. It is read all the same: a connection on which an
 * answer overtook its request is neither idle nor busy, and holds a stop up.
 */
async function dropBody(raw: FastifyRequest['raw']): Promise<void> {
  const names = ['content-type', 'content-length', 'transfer-encoding'] as const;
  const hasBody = names.some((name) => raw.headers[name] !== undefined);
  for (const name of names) delete raw.headers[name];
  if (!hasBody) return;
  await finished(raw.resume()).catch(() => {
    // Whoever sent it hung up on the way, as happens to operations that look at theirs: no fault of ours.
    throw new Problem('malformed_json');
  });
}

/** By key or session, before it is looked up; whoever has neither is counted by address, of IPv6 with his whole network. */
async function limitRate(app: FastifyInstance, { rateLimit: perMinute }: V2Options): Promise<void> {
  if (perMinute === 'off') return;
  await app.register(rateLimit, {
    global: false,
    max: perMinute,
    timeWindow: MINUTE_MS,
    enableDraftSpec: true,
    keyGenerator: (request) => {
      const secret = bearerOf(request) ?? sessionSecretOf(request);
      return secret === undefined ? addressSubject(request.ip).hash : hashCredential(secret);
    },
    errorResponseBuilder: () => new Problem('rate_limited'),
  });
  // Not as the plugin has it, on each route, which comes after it is known who calls: then nobody without a key is counted.
  const perCaller = app.rateLimit();
  app.addHook('onRequest', async (request, reply) => {
    // One with a limit of its own counts by itself; a request is counted once.
    if (request.routeOptions.config.rateLimit !== undefined) return;
    await perCaller.call(app, request, reply);
  });
}
