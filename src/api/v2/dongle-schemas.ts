/**
 * The shapes of dongles in the v2 API.
 */
import { Closed, oneOf, pageQuery, text, Time } from './schemas.ts';
import { Type, type Static } from './shape.ts';

const STATES = ['registered', 'issued', 'revoked'] as const;
const NUMBER_LENGTH = 32;

export const DongleResource = Type.Object(
  {
    object: oneOf(['dongle'], 'Always dongle.'),
    number: Type.String({ description: 'The number on it, which v1 calls dogNo.' }),
    state: oneOf(
      STATES,
      '`registered`: may ask for its secret key once. `issued`: has one. `revoked`: may do nothing.',
    ),
    allow_listed: Type.Boolean({
      description: 'An operator registered it; false for one that enrolled by itself.',
    }),
    own_merchants: Type.Array(Type.String(), { description: 'Those that it registered.' }),
    granted_merchants: Type.Array(Type.String(), {
      description: 'Others that it may use, because an operator said so.',
    }),
    created_at: Time,
  },
  { $id: 'Dongle' },
);
export type DongleResource = Static<typeof DongleResource>;

export const DongleCreate = Type.Object(
  { number: text(NUMBER_LENGTH, 'The number on it: 32 characters.') },
  Closed,
);
export type DongleCreate = Static<typeof DongleCreate>;

export const DongleQuery = Type.Object(pageQuery, Closed);
export type DongleQuery = Static<typeof DongleQuery>;

export const NumberParams = Type.Object({ no: Type.String() });
export const GrantParams = Type.Object({ no: Type.String(), merchant: Type.String() });
