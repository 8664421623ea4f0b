/**
 * The shapes of people and their sessions. What a name and a password may be is decided in `core/user.ts`; here is how it is
 * written.
 */
import { SCOPES } from '../../core/api-key.ts';
import { PASSWORD_LENGTH_MAX, ROLES, USER_STATES } from '../../core/user.ts';
import { Closed, MerchantField, nullable, oneOf, text, Time } from './schemas.ts';
import { Type, type Static } from './shape.ts';

const NAME_MAX = 64;
const TOKEN_MAX = 200;

const Name = text(NAME_MAX, 'What is typed at the sign-in; large and small letters are the same.');
/** Whoever types more made a mistake that need not be hashed. */
const Password = Type.String({ maxLength: PASSWORD_LENGTH_MAX, description: 'The password.' });
const NewPassword = Type.String({
  maxLength: PASSWORD_LENGTH_MAX,
  description: 'At least 12 characters, of any kind; not the name, and none that everybody tries.',
});
const Code = Type.String({ pattern: String.raw`^\d{6}$`, description: 'Six digits of the app.' });
const Role = oneOf(
  ROLES,
  '`administrator`: everything. `finance`: read and refund. `clerk`: read and charge. `read_only`: read.',
);
const DisplayName = text(NAME_MAX, 'What others read.');

export const UserLinkResource = Type.Object(
  {
    url_path: Type.String({
      description: 'Where the password is chosen, once: what is behind # no server sees.',
    }),
    expires_at: Time,
  },
  { $id: 'UserLink' },
);
export type UserLinkResource = Static<typeof UserLinkResource>;

export const UserResource = Type.Object(
  {
    object: oneOf(['user'], 'Always user.'),
    id: Type.String(),
    name: Type.String(),
    display_name: nullable(Type.String()),
    role: Role,
    merchant: nullable(Type.String({ description: 'The one merchant; null for all.' })),
    scopes: Type.Array(oneOf(SCOPES, 'What the role allows.')),
    state: oneOf(USER_STATES, '`invited`: has no password yet. `suspended`: cannot sign in.'),
    totp: Type.Boolean({ description: 'A code is asked for at the sign-in.' }),
    locked_until: nullable(Time),
    last_sign_in_at: nullable(Time),
    created_at: Time,
    link: Type.Optional(Type.Unsafe<UserLinkResource>({ $ref: 'UserLink#' })),
  },
  { $id: 'User' },
);
export type UserResource = Static<typeof UserResource>;

export const UserCreate = Type.Object(
  {
    name: Name,
    display_name: Type.Optional(DisplayName),
    role: Role,
    merchant: Type.Optional(MerchantField),
  },
  Closed,
);
export type UserCreate = Static<typeof UserCreate>;

export const UserChange = Type.Object(
  {
    display_name: Type.Optional(nullable(DisplayName)),
    role: Type.Optional(Role),
    merchant: Type.Optional(nullable(MerchantField)),
  },
  { ...Closed, minProperties: 1 },
);
export type UserChange = Static<typeof UserChange>;

export const SessionResource = Type.Object(
  {
    object: oneOf(['session'], 'Always session.'),
    user: Type.Unsafe<UserResource>({ $ref: 'User#' }),
    csrf_token: Type.String({
      description: 'To be sent as X-CSRF-Token with every request that is not GET.',
    }),
    expires_at: Type.String({
      format: 'date-time',
      description: 'When it ends if nothing more is asked.',
    }),
    must_change_password: Type.Boolean({
      description: 'The password would be refused today.',
    }),
  },
  { $id: 'Session' },
);
export type SessionResource = Static<typeof SessionResource>;

export const SessionCreate = Type.Object(
  { name: Name, password: Password, totp: Type.Optional(Code) },
  Closed,
);
export const LinkRedemption = Type.Object(
  {
    token: Type.String({ maxLength: TOKEN_MAX, description: 'What is behind # in the link.' }),
    name: Type.Optional(Name),
    password: NewPassword,
    totp: Type.Optional(Code),
  },
  Closed,
);
export const PasswordChange = Type.Object(
  { password: Password, new_password: NewPassword },
  Closed,
);
export const TotpConfirmation = Type.Object({ code: Code }, Closed);
export const PasswordProof = Type.Object({ password: Password }, Closed);

export const TotpSecretResource = Type.Object(
  {
    secret: Type.String({ description: 'To be typed into the app.' }),
    uri: Type.String({ description: 'The same, for a QR code.' }),
  },
  { $id: 'TotpSecret' },
);
