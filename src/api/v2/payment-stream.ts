/**
 * The stream of a payment, for the page that shows it: its state at once, and again whenever it changes, until nobody can pay it
 * any more. A page has no API key: its link carries a token, which shows the state and the amounts and nothing else.
 */
import type { ShapeProvider } from './shape.ts';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Payment } from '../../core/payment.ts';
import type { Deps } from '../../flows/deps.ts';
import { followPayment } from '../../flows/follow-payment.ts';
import { hashCredential } from '../../flows/hash-credential.ts';
import { isEnded } from '../../flows/wait-for-payment.ts';
import { findPaymentByNo } from '../../store/payments.ts';
import { callerOf, paymentOf, watchCaller } from './caller.ts';
import { createEventStream, eventOf, HEARTBEAT, idOnly, retryLine } from './event-stream.ts';
import { paymentNoOf } from './ids.ts';
import { operation } from './operation.ts';
import { Problem } from './problems.ts';
import { PAID, STREAM } from './samples.ts';
import { IdParams, PaymentStream, StreamHeaders, StreamQuery } from './schemas.ts';
import { paymentStatusView, streamToken } from './views.ts';

/** As long as a QR code is usually shown. Whoever still needs it comes back. */
const LIFE_MS = 900_000;
const RETRY_MS = 2000;
/** Of one node: each holds a connection, and looks at its row every few seconds. */
const STREAMS_MAX = 1000;
/** A desk, its customer display, and a phone or two: one link takes no places from the others. */
const STREAMS_OF_PAYMENT_MAX = 10;
/** When all places are taken, a page hears the state and asks again: so often. */
const RETRY_CROWDED_MS = 5000;

const stream = operation(
  { params: IdParams, querystring: StreamQuery, headers: StreamHeaders },
  {
    operationId: 'streamPayment',
    tag: 'Payments',
    summary: {
      en: 'Hear of a payment until it is final, on a page',
      zh: '在网页上跟踪一笔支付，直到有最终结果',
    },
    scope: 'read',
    orLinkToken: true,
    gives: [
      200,
      PaymentStream,
      'Its state at once, and again whenever it changes. The last one is `final`, and the stream ends.',
    ],
    mediaType: 'text/event-stream',
    mayGive: {
      204: 'It is final, and `Last-Event-ID` says that this was heard: an `EventSource` stops asking.',
    },
    problems: ['payment_not_found'],
    examples: { paid: { params: { id: PAID.id }, answer: STREAM } },
  },
);

export async function paymentStreamRoutes(
  server: FastifyInstance,
  { deps }: { readonly deps: Deps },
): Promise<void> {
  const app = server.withTypeProvider<ShapeProvider>();
  const places = createPlaces();

  app.get('/v2/payments/:id/stream', stream, async (request, reply) => {
    const { params, query } = request;
    // The page may be anybody's: what lets it in is in the link, and nothing that a browser adds by itself.
    void reply.header('access-control-allow-origin', '*').header('cache-control', 'no-store');
    const payment =
      query.token === undefined
        ? await paymentOf(deps, callerOf(request), params.id)
        : await paymentOfLink(deps, params.id, query.token);
    const heard = versionOf(request.headers['last-event-id']);
    if (isEnded(payment) && payment.version === heard) {
      await reply.code(204).send();
      return;
    }
    const leave = places.take(payment.paymentNo);
    try {
      const mayHear = query.token === undefined ? watchCaller(deps, request) : anybody;
      await tell(deps, reply, { payment, heard, mayHear, isCrowded: leave === undefined });
    } finally {
      leave?.();
    }
  });
}

type Told = {
  readonly payment: Payment;
  /** The version that the client heard last. */
  readonly heard: number | undefined;
  /** Whether the caller may still hear. */
  readonly mayHear: () => Promise<boolean>;
  readonly isCrowded: boolean;
};

/** Who has the link, which never ends. */
const anybody = async (): Promise<boolean> => true;

/** Ends when the client has heard everything, or is gone. */
async function tell(deps: Deps, reply: FastifyReply, told: Told): Promise<void> {
  const { payment, mayHear, isCrowded } = told;
  const events = createEventStream();
  // Also when something else is answered instead of it.
  reply.raw.once('close', () => events.body.destroy());
  // Its connection ends with it: one that is kept would hold the stop up. And no proxy may gather what is sent.
  void reply
    .header('connection', 'close')
    .header('x-accel-buffering', 'no')
    .type('text/event-stream')
    .send(events.body);
  events.send(retryLine(isCrowded ? RETRY_CROWDED_MS : RETRY_MS));
  const untilMs = deps.clock.monotonicMs() + (isCrowded ? 0 : LIFE_MS);
  let { heard } = told;
  let shown = '';
  try {
    for await (const seen of followPayment(deps, payment, { untilMs, gone: events.gone })) {
      if (!(await mayHear())) break;
      const data = seen === undefined ? shown : JSON.stringify(paymentStatusView(seen));
      if (seen === undefined || seen.version === heard) events.send(HEARTBEAT);
      // Some changes are no page's business: that Alipay was asked in vain, say.
      else events.send(data === shown ? idOnly(seen.version) : eventOf(seen.version, data));
      heard = seen?.version ?? heard;
      shown = data;
    }
    await events.end();
  } catch (error) {
    deps.log.error({ err: error, requestId: reply.request.id }, 'v2 stream failed');
    events.body.destroy();
  }
}

/** Throws `payment_not_found` also where the token is not the payment's: who guesses learns nothing. */
async function paymentOfLink(deps: Deps, id: string, token: string): Promise<Payment> {
  const paymentNo = paymentNoOf(id);
  const payment = paymentNo === undefined ? undefined : await findPaymentByNo(deps.db, paymentNo);
  // Hashes are compared: how long that takes tells nothing of the token.
  const isTheirs =
    payment !== undefined && hashCredential(token) === hashCredential(streamToken(deps, payment));
  if (!isTheirs) throw new Problem('payment_not_found');
  return payment;
}

/** What an `EventSource` that comes back says it heard; undefined when that is no version. */
function versionOf(lastEventId: string | undefined): number | undefined {
  return /^\d{1,15}$/.test(lastEventId ?? '') ? Number(lastEventId) : undefined;
}

/** Who is let in; `take` gives what frees the place, or undefined when there is none left. */
function createPlaces(): { take(paymentNo: string): (() => void) | undefined } {
  const open = new Map<string, number>();
  let all = 0;
  return {
    take: (paymentNo) => {
      const ofPayment = open.get(paymentNo) ?? 0;
      if (all === STREAMS_MAX || ofPayment === STREAMS_OF_PAYMENT_MAX) return undefined;
      all += 1;
      open.set(paymentNo, ofPayment + 1);
      return () => {
        all -= 1;
        const left = (open.get(paymentNo) ?? 0) - 1;
        if (left === 0) open.delete(paymentNo);
        else open.set(paymentNo, left);
      };
    },
  };
}
