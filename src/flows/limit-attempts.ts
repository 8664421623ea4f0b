/**
 * Counts what somebody tries who may be guessing: each attempt is stored before it is known how it ends, and taken back when it
 * was none. So whoever tries a thousand at once gets no further than whoever tries one after the other. What it costs is
 * decided in `core/lock-out.ts`.
 */
import {
  ADDRESS_RULE,
  attempt,
  NAME_RULE,
  withoutOne,
  type AttemptRule,
  type Attempts,
} from '../core/lock-out.ts';
import { deleteAttempts, findAttempts, saveAttempts } from '../store/sign-in-attempts.ts';
import type { Deps } from './deps.ts';
import { hashCredential } from './hash-credential.ts';

/** What attempts are counted for. */
export type Subject = { readonly hash: string; readonly rule: AttemptRule };

/** Whether or not somebody has this name: else the lock would tell. */
export function nameSubject(name: string): Subject {
  return { hash: hashCredential(`name:${name}`), rule: NAME_RULE };
}

/** Apart from the sign-in: strangers who try a name must not disturb whoever is signed in under it. */
export function ownPasswordSubject(userNo: string): Subject {
  return { hash: hashCredential(`own-password:${userNo}`), rule: NAME_RULE };
}

/** Of IPv6, the network that one customer is given. */
export function addressSubject(address: string): Subject {
  return { hash: hashCredential(`address:${networkOf(address)}`), rule: ADDRESS_RULE };
}

function networkOf(address: string): string {
  const mapped = /^::ffff:(?<v4>[\d.]+)$/i.exec(address)?.groups?.['v4'];
  if (mapped !== undefined || !address.includes(':')) return mapped ?? address;
  const [before = '', after = ''] = address.split('%')[0]?.split('::') ?? [];
  const head = before.split(':').filter((part) => part !== '');
  const tail = after.split(':').filter((part) => part !== '');
  const zeros = Array.from({ length: Math.max(0, 8 - head.length - tail.length) }, () => '0');
  const parts = address.includes('::') ? [...head, ...zeros, ...tail] : head;
  return parts
    .slice(0, 4)
    .map((part) => part.toLowerCase().replace(/^0+(?=.)/, ''))
    .join(':');
}

/** An attempt that was counted: `succeed` or `withdraw` it; else it was a failure. */
export type Counted = {
  /** All is forgotten that came before. */
  succeed(): Promise<void>;
  /** It is as if this one had not been. */
  withdraw(): Promise<void>;
};

/** Counts an attempt, or tells when the next may be. */
export async function countAttempt(
  { db, clock }: Pick<Deps, 'db' | 'clock'>,
  { hash, rule }: Subject,
): Promise<{ readonly lockedUntilMs: number } | Counted> {
  for (;;) {
    const before = await findAttempts(db, hash);
    const made = attempt(before, rule, clock.nowMs());
    if (made.kind === 'locked') return { lockedUntilMs: made.untilMs };
    if (!(await saveAttempts(db, hash, made.attempts))) continue;
    return {
      succeed: () => deleteAttempts(db, hash),
      withdraw: () => withdraw(db, { hash, rule }, made.attempts, before),
    };
  }
}

async function withdraw(
  db: Deps['db'],
  { hash, rule }: Subject,
  counted: Attempts,
  before: Attempts | undefined,
): Promise<void> {
  for (;;) {
    const now = await findAttempts(db, hash);
    if (now === undefined) return;
    if (await saveAttempts(db, hash, withoutOne(now, counted, before, rule))) return;
  }
}

/** Until when nobody can sign in under a name; null when somebody can. */
export async function lockedUntil(
  { db, clock }: Pick<Deps, 'db' | 'clock'>,
  name: string,
): Promise<number | null> {
  const untilMs = (await findAttempts(db, nameSubject(name).hash))?.lockedUntilMs ?? null;
  return untilMs !== null && untilMs > clock.nowMs() ? untilMs : null;
}
