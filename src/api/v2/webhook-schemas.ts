/**
 * The shapes of webhook endpoints and deliveries in the v2 API.
 */
import { EventTypeShape } from './event-schemas.ts';
import { Closed, MerchantField, nullable, oneOf, pageQuery, text, Time } from './schemas.ts';
import { Type, type Static } from './shape.ts';

const URL_MAX = 500;
const DESCRIPTION_MAX = 200;

const Url = text(
  URL_MAX,
  'Where to POST to: https://, on the internet unless F2F_WEBHOOKS allows more.',
);
const Types = Type.Array(EventTypeShape, {
  maxItems: 20,
  uniqueItems: true,
  description: 'What it wants to hear of; everything when there are none.',
});
const Words = text(DESCRIPTION_MAX, 'For people.');

export const EndpointCreate = Type.Object(
  {
    url: Url,
    types: Type.Optional(Types),
    description: Type.Optional(Words),
    merchant: Type.Optional(MerchantField),
  },
  Closed,
);
export type EndpointCreate = Static<typeof EndpointCreate>;

export const EndpointChange = Type.Object(
  {
    url: Type.Optional(Url),
    types: Type.Optional(Types),
    description: Type.Optional(nullable(Words)),
    enabled: Type.Optional(
      Type.Boolean({ description: 'Enabled again, it is sent what it is still owed.' }),
    ),
  },
  { ...Closed, minProperties: 1 },
);
export type EndpointChange = Static<typeof EndpointChange>;

export const EndpointResource = Type.Object(
  {
    id: Type.String(),
    object: oneOf(['webhook_endpoint'], 'Always webhook_endpoint.'),
    merchant: nullable(Type.String({ description: 'Whose events; null for those of all.' })),
    url: Type.String(),
    types: Types,
    description: nullable(Type.String()),
    state: oneOf(
      ['enabled', 'disabled', 'failing'],
      '`failing`: three days of attempts were in vain; nothing is sent until it is enabled again.',
    ),
    failing_since: nullable(Time),
    secret: Type.Optional(
      Type.String({
        description: 'Signs what is sent: in the answer that made it, and never again.',
      }),
    ),
    older_secret_until: nullable(Time),
    created_at: Time,
  },
  { $id: 'WebhookEndpoint' },
);
export type EndpointResource = Static<typeof EndpointResource>;

function headers(description: string) {
  return nullable(Type.Record(Type.String(), Type.String(), { description }));
}

const Attempt = Type.Object({
  at: Time,
  url: Type.String(),
  request_headers: headers('With the signature; null of an attempt before they were stored.'),
  request_body: Type.String(),
  status: nullable(Type.Integer({ description: 'Of the answer.' })),
  answer_headers: headers('Of the answer; null as for the request, and where there is none.'),
  answer: nullable(Type.String({ description: 'Its beginning.' })),
  fault: nullable(Type.String({ description: 'Why there was no answer.' })),
  duration_ms: Type.Integer(),
});

export const DeliveryResource = Type.Object(
  {
    id: Type.String(),
    object: oneOf(['webhook_delivery'], 'Always webhook_delivery.'),
    endpoint: Type.String(),
    event: Type.String(),
    type: EventTypeShape,
    payment: Type.String({ description: 'The one that the event is about, or its refund.' }),
    state: oneOf(['pending', 'delivered', 'failed'], '`failed`: three days were in vain.'),
    attempt_count: Type.Integer(),
    next_attempt_at: nullable(Time),
    attempts: Type.Optional(
      Type.Array(Attempt, { description: 'Oldest first; only of a single delivery.' }),
    ),
  },
  { $id: 'WebhookDelivery' },
);
export type DeliveryResource = Static<typeof DeliveryResource>;

export const DeliveryQuery = Type.Object(
  {
    endpoint: Type.String({ maxLength: 80, description: 'The endpoint’s id.' }),
    state: Type.Optional(oneOf(['pending', 'delivered', 'failed'], 'Those in this state.')),
    ...pageQuery,
  },
  Closed,
);
export type DeliveryQuery = Static<typeof DeliveryQuery>;

export const EndpointTest = Type.Object(
  {
    object: oneOf(['webhook_test'], 'Always webhook_test.'),
    ok: Type.Boolean({ description: 'It answered with 2xx.' }),
    status: nullable(Type.Integer()),
    answer_headers: headers('Of the answer.'),
    answer: nullable(Type.String()),
    fault: nullable(Type.String()),
    duration_ms: Type.Integer(),
  },
  { $id: 'WebhookTest' },
);
export type EndpointTest = Static<typeof EndpointTest>;

export const Redelivery = Type.Object(
  {
    from: Time,
    until: Time,
    cursor: Type.Optional(Type.String({ maxLength: 200, description: '`next_cursor` of before.' })),
  },
  Closed,
);
export type Redelivery = Static<typeof Redelivery>;

export const RedeliveryResult = Type.Object({
  object: oneOf(['webhook_redelivery'], 'Always webhook_redelivery.'),
  count: Type.Integer({ description: 'Events that are sent (again).' }),
  next_cursor: nullable(Type.String({ description: 'Ask again with it: there may be more.' })),
});
