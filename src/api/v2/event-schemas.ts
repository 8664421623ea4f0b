/**
 * The shapes of events in the v2 API.
 */
import { EVENT_TYPES } from '../../core/event-types.ts';
import {
  Closed,
  CURSOR_MAX,
  MerchantField,
  oneOf,
  pageQuery,
  refTo,
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

export const EventQuery = Type.Object(
  {
    merchant: Type.Optional(MerchantField),
    type: Type.Optional(EventTypeShape),
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

export const EventPage = Type.Object({
  object: oneOf(['list'], 'Always list.'),
  data: Type.Array(refTo('Event')),
  next_cursor: Type.String({ description: 'Where to go on, also when nothing has happened yet.' }),
  has_more: Type.Boolean({ description: 'There are more already.' }),
});
