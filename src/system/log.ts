/**
 * The log port and its real implementation: pino, one JSON line each on stdout. What must never be written (keys,
 * secret keys, tokens, payment codes, query strings) is not handed to the log in the first place; the redaction list
 * here is the second line of defence.
 */
import { pino } from 'pino';

export type LogFields = Readonly<Record<string, unknown>>;

export type Log = {
  debug(fields: LogFields, message: string): void;
  info(fields: LogFields, message: string): void;
  warn(fields: LogFields, message: string): void;
  error(fields: LogFields, message: string): void;
};

const SECRET_FIELDS = [
  'token',
  'secretKey',
  'authCode',
  'auth_code',
  'privateKey',
  'cpiPriKey',
  'masterKey',
  'password',
  'authorization',
  'query',
  'url',
  'body',
];

/** Lines are written together, this many bytes or this long after the first: each write costs as much as making the line. */
const TOGETHER_BYTES = 4096;
const TOGETHER_MS = 100;

/** `level` is one of pino's. What waits to be written is written when the process ends, if it ends by itself. Errors are logged with their causes and stacks; answers to clients never carry those. */
export function createLog(level: string): Log {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: {
      paths: [...SECRET_FIELDS, ...SECRET_FIELDS.map((field) => `*.${field}`)],
      censor: '[redacted]',
    },
  };
  return pino(
    options,
    pino.destination({ sync: false, minLength: TOGETHER_BYTES, periodicFlush: TOGETHER_MS }),
  );
}
