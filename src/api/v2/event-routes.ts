/**
 * The routes of the event feed. What they do is in `events.ts`.
 */
import type { FastifyInstance } from 'fastify';
import type { Deps } from '../../flows/deps.ts';
import { callerOf, identify } from './caller.ts';
import { streamEvents } from './event-feed-stream.ts';
import { EventPage, EventQuery, EventStreamQuery, EventStreamText } from './event-schemas.ts';
import { createEventTail } from './event-tail.ts';
import { getEvent, listEvents } from './events.ts';
import { operation } from './operation.ts';
import { EVENT, EVENT_STREAM } from './samples.ts';
import { IdParams, refTo, StreamHeaders } from './schemas.ts';
import type { ShapeProvider } from './shape.ts';

const list = operation(
  { querystring: EventQuery },
  {
    operationId: 'listEvents',
    tag: 'Events',
    summary: {
      en: 'What happened after a cursor, or as soon as something happens',
      zh: '游标之后发生了什么，或一有事情发生就应答',
    },
    scope: 'read',
    gives: [200, EventPage, 'Events, oldest first; without a cursor from the very first.'],
    problems: ['merchant_not_found'],
    examples: {
      paid: {
        query: { types: 'payment.paid', wait: 30 },
        answer: { object: 'list', data: [EVENT], next_cursor: 'Mg', has_more: false },
      },
    },
  },
);
const stream = operation(
  { querystring: EventStreamQuery, headers: StreamHeaders },
  {
    operationId: 'streamEvents',
    tag: 'Events',
    summary: {
      en: 'Hear of everything as it happens, on a page',
      zh: '在网页上实时跟踪发生的一切',
    },
    scope: 'read',
    gives: [
      200,
      EventStreamText,
      'Each event as it happens, with its id, until the stream ends; an `EventSource` comes back by itself and goes on where it was.',
    ],
    mediaType: 'text/event-stream',
    problems: ['merchant_not_found'],
    examples: {
      paid: {
        query: { types: 'payment.paid', cursor: 'evt_0', life: 1 },
        answer: EVENT_STREAM,
      },
    },
  },
);
const get = operation(
  { params: IdParams },
  {
    operationId: 'getEvent',
    tag: 'Events',
    summary: { en: 'Look at an event', zh: '查看一个事件' },
    scope: 'read',
    gives: [200, refTo('Event'), 'The event; it never changes.'],
    problems: ['event_not_found'],
    examples: { look: { params: { id: EVENT.id }, answer: EVENT } },
  },
);

export async function eventRoutes(
  server: FastifyInstance,
  { deps }: { readonly deps: Deps },
): Promise<void> {
  const app = server.withTypeProvider<ShapeProvider>();

  app.get('/v2/events', list, async (request) => {
    const page = await listEvents(deps, callerOf(request), request.query);
    // Whoever lost his key while he waited is told nothing.
    if (request.query.wait !== undefined) await identify(deps, request);
    return page;
  });
  const streams = { open: 0, tail: createEventTail(deps) };
  app.get('/v2/events/stream', stream, (request, reply) =>
    streamEvents(deps, streams, callerOf(request), request, reply, request.query),
  );
  app.get('/v2/events/:id', get, (request) => getEvent(deps, callerOf(request), request.params.id));
}
