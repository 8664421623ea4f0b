/**
 * What the examples of people and sessions show: a clerk is invited, chooses a password, and sets up the telephone. The rest of
 * the shop's noon is in `samples.ts`.
 */
import { MERCHANT } from './samples.ts';
import type { SessionResource, UserLinkResource, UserResource } from './user-schemas.ts';

export const LINK_TOKEN = '5b0e9d3c7f21a8465b0e9d3c7f21a8465b0e9d3c7f21a8465b0e9d3c7f21a846';
export const CODE = '492039';
export const PASSWORD = 'tea at the quiet lake';

export const USER_LINK: UserLinkResource = {
  url_path: `/console/link#${LINK_TOKEN}`,
  expires_at: '2026-11-24T12:55:00.000+08:00',
};

export const INVITED: UserResource = {
  object: 'user',
  id: 'user_2d7e90b4c8f1a356',
  name: 'wang.fang',
  display_name: '王芳',
  role: 'clerk',
  merchant: MERCHANT.id,
  scopes: ['read', 'charge'],
  state: 'invited',
  totp: false,
  locked_until: null,
  last_sign_in_at: null,
  created_at: '2026-11-23T12:55:00.000+08:00',
};

/** With another role. */
export const CHANGED: UserResource = { ...INVITED, role: 'finance', scopes: ['read', 'refund'] };

export const USER: UserResource = {
  ...CHANGED,
  state: 'active',
  last_sign_in_at: '2026-11-23T13:00:00.000+08:00',
};

export const SESSION: SessionResource = {
  object: 'session',
  user: USER,
  csrf_token: 'mB2kN0yqO1c9hXw3r7Jt5vZpL8sDfGaQeUiTnRbYxCk',
  expires_at: '2026-11-24T01:00:00.000+08:00',
  must_change_password: false,
};

export const TOTP_SECRET = {
  secret: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP',
  uri: 'otpauth://totp/alipay-f2f:wang.fang?issuer=alipay-f2f&secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&algorithm=SHA1&digits=6&period=30',
};
