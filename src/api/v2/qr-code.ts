/**
 * The picture of a QR code, for pages that show it: the link carries a token made from the code itself, and needs no key.
 */
import type { FastifyInstance, FastifyReply } from 'fastify';
import { isShowable } from '../../flows/create-qr-payment.ts';
import type { Deps } from '../../flows/deps.ts';
import { nextStep } from '../../flows/describe-payment.ts';
import { findPaymentByNo } from '../../store/payments.ts';
import { paymentNoOf } from './ids.ts';
import { Problem } from './problems.ts';
import { qrToken } from './views.ts';

/** Pixels of the PNG's side: sharp on a till's screen, small on the wire. */
const PNG_SIDE = 480;
const MARGIN = 2;

/** Loaded with the first picture: most gateways never draw one. */
const qrcode = () => import('qrcode');

type Link = { Params: { id: string }; Querystring: { token?: string } };

export async function qrCodeRoutes(
  app: FastifyInstance,
  { deps }: { readonly deps: Deps },
): Promise<void> {
  app.get<Link>('/v2/payments/:id/qr_code.svg', async ({ params, query }, reply) => {
    const code = await codeOf(deps, params.id, query.token);
    const { toString: toSvg } = await qrcode();
    return picture(reply, 'image/svg+xml', await toSvg(code, { type: 'svg', margin: MARGIN }));
  });
  app.get<Link>('/v2/payments/:id/qr_code.png', async ({ params, query }, reply) => {
    const code = await codeOf(deps, params.id, query.token);
    const { toBuffer } = await qrcode();
    return picture(reply, 'image/png', await toBuffer(code, { width: PNG_SIDE, margin: MARGIN }));
  });
}

/** A code never changes. */
function picture(reply: FastifyReply, type: string, bytes: string | Buffer): FastifyReply {
  return reply.type(type).header('cache-control', 'private, max-age=86400, immutable').send(bytes);
}

async function codeOf(deps: Deps, id: string, token: string | undefined): Promise<string> {
  const paymentNo = paymentNoOf(id);
  const payment = paymentNo === undefined ? undefined : await findPaymentByNo(deps.db, paymentNo);
  const code = payment?.qrCode ?? undefined;
  if (payment === undefined || code === undefined || token !== qrToken(code)) throw notFound();
  const isSuperseded = !(await isShowable(deps, payment));
  // There as long as `next_action` has it: of one that is being ended a guest would pay what nobody waits for any more.
  if (nextStep(payment, isSuperseded, deps.clock.nowMs()) !== 'show_qr_code') throw notFound();
  return code;
}

function notFound(): Problem {
  return new Problem('qr_code_not_found');
}
