/**
 * How secret keys and tokens are kept: as SHA-256. They are 128 random bits of ours, not passwords that people choose,
 * so one fast hash is as good as a slow one and costs each request nothing.
 */
import { createHash } from 'node:crypto';

export function hashCredential(secret: string): string {
  return createHash('sha256').update(secret, 'utf8').digest('hex');
}
