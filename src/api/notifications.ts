/**
 * Where Alipay sends its notifications. The answer is exactly `success` once the hint is stored, and `fail` otherwise,
 * so that Alipay sends it again; the sender learns nothing else.
 */
import type { FastifyInstance } from 'fastify';
import type { Deps } from '../flows/deps.ts';
import { receiveNotification } from '../flows/receive-notification.ts';
import type { Metrics } from './metrics.ts';

/** The path below the gateway's public URL. */
export const NOTIFICATION_PATH = '/alipay/notify';

/** Notifications are a few kilobytes; anything larger is not one. */
const BODY_BYTES_MAX = 65_536;

export async function notificationRoutes(
  app: FastifyInstance,
  { deps, metrics }: { readonly deps: Deps; readonly metrics: Metrics },
): Promise<void> {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  app.setErrorHandler((error, request, reply) => {
    deps.log.error({ err: error, requestId: request.id }, 'notification failed');
    metrics.countNotification('error');
    return reply.code(200).type('text/plain').send('fail');
  });
  app.post(NOTIFICATION_PATH, { bodyLimit: BODY_BYTES_MAX }, async (request, reply) => {
    const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
    const result = await receiveNotification(deps, body, request.headers['content-type']);
    metrics.countNotification(result.kind === 'accepted' ? 'accepted' : result.reason);
    if (result.kind === 'rejected') {
      const { reason, paymentNo } = result;
      deps.log.warn({ reason, paymentNo: paymentNo?.slice(0, 64) }, 'notification rejected');
    }
    return reply.type('text/plain').send(result.kind === 'accepted' ? 'success' : 'fail');
  });
}
