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

/** `level` is one of pino's. Errors are logged with their causes and stacks; answers to clients never carry those. */
export function createLog(level: string): Log {
  return pino({
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: {
      paths: [...SECRET_FIELDS, ...SECRET_FIELDS.map((field) => `*.${field}`)],
      censor: '[redacted]',
    },
  });
}
