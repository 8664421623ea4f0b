/**
 * The shapes of events in the v2 API.
 */
import { EVENT_TYPES } from '../../core/event-types.ts';
import { EVENT_TYPES_PATTERN } from './rules.ts';
import {
  Closed,
  CURSOR_MAX,
  MerchantField,
  oneOf,
  pageQuery,
  refTo,
  time,
  Time,
  Wait,
  type PaymentResource,
  type RefundResource,
} from './schemas.ts';
import { Type, type Static } from './shape.ts';

export const EventTypeShape = oneOf(EVENT_TYPES, 'What happened.');

export const EventResource = Type.Object(
  {
    id: Type.String(),
    object: oneOf(['event'], 'Always event.'),
    type: EventTypeShape,
    merchant: Type.String(),
    created_at: Time,
    data: Type.Unsafe<PaymentResource | RefundResource>({
      anyOf: [refTo('Payment'), refTo('Refund')],
      description: 'The payment, or the refund, as it was then.',
    }),
  },
  { $id: 'Event' },
);
export type EventResource = Static<typeof EventResource>;

/** Names of types, with commas between them. */
const Types = Type.String({
  pattern: EVENT_TYPES_PATTERN.source,
  description: 'Those of these types alone: `payment.paid,refund.succeeded`.',
});

export const EventQuery = Type.Object(
  {
    merchant: Type.Optional(MerchantField),
    types: Type.Optional(Types),
    created_from: Type.Optional(time('Those that happened then or later. In a URL `+` is `%2B`.')),
    created_before: Type.Optional(time('Those that happened before.')),
    wait: Type.Optional(Wait),
    ...pageQuery,
    cursor: Type.Optional(
      Type.String({
        maxLength: CURSOR_MAX,
        description:
          '`next_cursor` of the page before; the id of an event, to go on after it; or `now`, for what happens from now on.',
      }),
    ),
  },
  Closed,
);
export type EventQuery = Static<typeof EventQuery>;

/** As long as a stream lasts at most: whoever signed out, or whose key was revoked, hears no longer than that. */
export const STREAM_LIFE_S_MAX = 900;

export const EventStreamQuery = Type.Object(
  {
    merchant: Type.Optional(MerchantField),
    types: Type.Optional(Types),
    cursor: Type.Optional(
      Type.String({
        maxLength: CURSOR_MAX,
        description:
          'Where to begin, as listEvents takes it; `now` unless it is given. `Last-Event-ID` goes before it.',
      }),
    ),
    life: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: STREAM_LIFE_S_MAX,
        description: 'It ends after so many seconds, and an `EventSource` comes back; 900 at most.',
      }),
    ),
  },
  Closed,
);
export type EventStreamQuery = Static<typeof EventStreamQuery>;

export const EventStreamText = Type.String({
  description: 'Server-sent events: each has its own id as `id` and an `Event` as JSON in `data`.',
});

export const EventPage = Type.Object({
  object: oneOf(['list'], 'Always list.'),
  data: Type.Array(refTo('Event')),
  next_cursor: Type.String({ description: 'Where to go on, also when nothing has happened yet.' }),
  has_more: Type.Boolean({ description: 'There are more already.' }),
});
