/**
 * The shapes of what is told of a payment to people: its timeline, and the incidents that wait for one of them.
 */
import { INCIDENT_REASONS } from '../../flows/incident-texts.ts';
import { WHATS } from '../../flows/timeline.ts';
import { Closed, MerchantField, nullable, oneOf, pageQuery, text, Time } from './schemas.ts';
import { Type, type Static } from './shape.ts';

export const BothTexts = Type.Object({ en: Type.String(), zh: Type.String() });

const TimelineEntry = Type.Object({
  at: Time,
  kind: oneOf(WHATS, 'Who did something, or what came.'),
  title: BothTexts,
  text: BothTexts,
  moved: nullable(Type.String({ description: '`before -> after`, when the payment moved.' })),
  detail: Type.Record(
    Type.String(),
    Type.Unsafe<string | number | boolean | null>({
      description: 'Text, a number, true, false or null.',
    }),
    { description: 'For programs: what the history keeps of it; accounts are masked.' },
  ),
});

export const TimelineResource = Type.Object(
  {
    object: oneOf(['timeline'], 'Always timeline.'),
    payment: Type.String(),
    why: BothTexts,
    next: nullable(BothTexts),
    entries: Type.Array(TimelineEntry),
  },
  { $id: 'Timeline' },
);
export type TimelineResource = Static<typeof TimelineResource>;

const INCIDENT_STATES = ['open', 'resolved'] as const;

export const IncidentResource = Type.Object(
  {
    id: Type.String(),
    object: oneOf(['incident'], 'Always incident.'),
    merchant: Type.String(),
    payment: Type.String(),
    refund: nullable(Type.String({ description: 'The refund that it is about.' })),
    reason: oneOf(INCIDENT_REASONS, 'See docs/incidents.md.'),
    title: BothTexts,
    happened: BothTexts,
    undecided: BothTexts,
    advice: BothTexts,
    state: oneOf(INCIDENT_STATES, '`open`: waits for a person.'),
    opened_at: Time,
    last_seen_at: Time,
    seen_count: Type.Integer({ minimum: 1 }),
    resolved_at: nullable(Time),
    resolved_by: nullable(
      Type.String({ description: 'Who; `gateway` where it became moot by itself.' }),
    ),
    note: nullable(Type.String()),
  },
  { $id: 'Incident' },
);
export type IncidentResource = Static<typeof IncidentResource>;

export const IncidentQuery = Type.Object(
  {
    merchant: Type.Optional(MerchantField),
    payment: Type.Optional(text(80, 'Those of this payment.')),
    state: Type.Optional(oneOf(INCIDENT_STATES, 'Those in this state.')),
    ...pageQuery,
  },
  Closed,
);
export type IncidentQuery = Static<typeof IncidentQuery>;

const NOTE_MAX = 500;

export const IncidentResolution = Type.Object(
  { note: text(NOTE_MAX, 'What was found, and done.') },
  Closed,
);
export type IncidentResolution = Static<typeof IncidentResolution>;
