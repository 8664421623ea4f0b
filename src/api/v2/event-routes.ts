/**
 * The routes of the event feed. What they do is in `events.ts`.
 */
import type { FastifyInstance } from 'fastify';
import type { Deps } from '../../flows/deps.ts';
import { callerOf } from './caller.ts';
import { EventPage, EventQuery } from './event-schemas.ts';
import { getEvent, listEvents } from './events.ts';
import { operation } from './operation.ts';
import { IdParams, refTo } from './schemas.ts';
import type { ShapeProvider } from './shape.ts';

const list = operation(
  { querystring: EventQuery },
  {
    operationId: 'listEvents',
    tag: 'Events',
    summary: 'What happened after a cursor, or as soon as something happens',
    scope: 'read',
    gives: [200, EventPage, 'Events, oldest first; without a cursor from the very first.'],
    problems: ['merchant_not_found'],
  },
);
const get = operation(
  { params: IdParams },
  {
    operationId: 'getEvent',
    tag: 'Events',
    summary: 'Look at an event',
    scope: 'read',
    gives: [200, refTo('Event'), 'The event; it never changes.'],
    problems: ['event_not_found'],
  },
);

export async function eventRoutes(
  server: FastifyInstance,
  { deps }: { readonly deps: Deps },
): Promise<void> {
  const app = server.withTypeProvider<ShapeProvider>();

  app.get('/v2/events', list, (request) => listEvents(deps, callerOf(request), request.query));
  app.get('/v2/events/:id', get, (request) => getEvent(deps, callerOf(request), request.params.id));
}
