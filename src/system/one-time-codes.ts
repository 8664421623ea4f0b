/**
 * The codes that an authenticator app shows (RFC 6238): six digits, new every half minute. What a code is of is told by its
 * period, so that whoever takes it can refuse it the second time. Where the secret is kept is not decided here.
 */
import { Secret, TOTP } from 'otpauth';

export type OneTimeCodes = {
  /** The text that the app is given, of random bytes in hex. */
  secretOf(hex: string): string;
  /** What the app reads from a QR code. */
  uriOf(secret: string, name: string): string;
  /** The period of a code that is right now, or was or will be half a minute away; undefined when it is wrong. */
  periodOf(secret: string, code: string, nowMs: number): number | undefined;
};

const PERIOD_S = 30;
const ISSUER = 'alipay-f2f';
/** Telephones' clocks are a little off. */
const PERIODS_AROUND = 1;

function totpOf(secret: string, label = ''): TOTP {
  return new TOTP({
    issuer: ISSUER,
    label,
    secret: Secret.fromBase32(secret),
    algorithm: 'SHA1',
    digits: 6,
    period: PERIOD_S,
  });
}

export const oneTimeCodes: OneTimeCodes = {
  secretOf: (hex) => Secret.fromHex(hex).base32,
  uriOf: (secret, name) => totpOf(secret, name).toString(),
  periodOf: (secret, code, nowMs) => {
    const totp = totpOf(secret);
    const away = totp.validate({ token: code, timestamp: nowMs, window: PERIODS_AROUND });
    return away === null ? undefined : totp.counter({ timestamp: nowMs }) + away;
  },
};
