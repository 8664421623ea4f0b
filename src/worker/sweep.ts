/**
 * Deletes, once an hour, what is of use to nobody any more, and keeps the times of the feed's pages and
 * the figures of hours that are over. A chore that has much to do does it piece by piece, so that no
 * transaction is long and others have their turn in between; what was not done when the process ends is done by the next.
 */
import { ATTEMPTS_KEPT_MS } from '../core/lock-out.ts';
import { SESSION_IDLE_MS, SESSION_MS } from '../core/session.ts';
import type { Deps } from '../flows/deps.ts';
import { keepFigures } from '../flows/keep-figures.ts';
import { summarizeFeed } from '../flows/tell-events.ts';
import { inTransaction } from '../store/database.ts';
import { deleteTokensExpiredBefore } from '../store/dongles.ts';
import { deleteCallsBefore } from '../store/idempotency.ts';
import { deleteKeptAnswersBefore } from '../store/kept-answers.ts';
import { deleteLinksBefore, deleteSessionsBefore } from '../store/sessions.ts';
import { deleteAttemptsBefore } from '../store/sign-in-attempts.ts';
import {
  deleteEndedBefore,
  deleteEndpointsOf,
  listDeletedEndpoints,
} from '../store/webhook-sweep.ts';
import { endPending } from '../store/webhooks.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** How long the same call of v2 gets its first answer. A refund's key stands for that refund for ever all the same. */
const CALLS_KEPT_MS = 7 * DAY_MS;
/** The same for what moves no money: an answer may hold what is shown once, and is kept no longer than somebody tries again. */
const ANSWERS_KEPT_MS = DAY_MS;
/** How long what was sent to a webhook endpoint can be looked at. */
export const DELIVERIES_KEPT_MS = 30 * DAY_MS;
/** Deliveries of one transaction: some milliseconds of writing. */
const PIECE = 100;
/** Between two pieces: on SQLite, nobody else writes during one. */
const PAUSE_MS = 50;

type SweepDeps = Pick<Deps, 'db' | 'clock' | 'news' | 'log'>;

const CHORES: readonly ((deps: SweepDeps, nowMs: number) => Promise<void>)[] = [
  ({ db }, nowMs) => deleteTokensExpiredBefore(db, nowMs),
  ({ db }, nowMs) => deleteCallsBefore(db, nowMs - CALLS_KEPT_MS),
  ({ db }, nowMs) => deleteKeptAnswersBefore(db, nowMs - ANSWERS_KEPT_MS),
  ({ db }, nowMs) => deleteSessionsBefore(db, nowMs - SESSION_IDLE_MS, nowMs - SESSION_MS),
  ({ db }, nowMs) => deleteLinksBefore(db, nowMs),
  ({ db }, nowMs) => deleteAttemptsBefore(db, nowMs - ATTEMPTS_KEPT_MS),
  sweepDeliveries,
  summarizeFeed,
  keepFigures,
];

/** Sweeps at the start, and once an hour until the stop. */
export async function keepSweeping(deps: SweepDeps): Promise<void> {
  // Nobody tells this topic: a sleep that the stop ends.
  const follower = deps.news.follow('sweep');
  while (!deps.news.stopping) {
    const nowMs = deps.clock.nowMs();
    for (const chore of CHORES) {
      await chore(deps, nowMs).catch((error: unknown) => {
        deps.log.error({ err: error }, 'a chore of the sweep could not be done');
      });
    }
    await follower.next(HOUR_MS);
  }
  follower.close();
}

async function sweepDeliveries({ db, news }: SweepDeps, nowMs: number): Promise<void> {
  const pause = news.follow('sweep-pause');
  const inPieces = async (sweepPiece: () => Promise<number>): Promise<void> => {
    while (!news.stopping && (await sweepPiece()) === PIECE) await pause.next(PAUSE_MS);
  };
  try {
    // A gateway that died while it deleted one, or another that had just found it there, left something owed.
    for (const endpointNo of await listDeletedEndpoints(db)) {
      await inPieces(() => endPending(db, endpointNo, PIECE));
    }
    await inPieces(() =>
      inTransaction(db, (tx) => deleteEndedBefore(tx, nowMs - DELIVERIES_KEPT_MS, PIECE)),
    );
  } finally {
    pause.close();
  }
  await deleteEndpointsOf(db, nowMs - DELIVERIES_KEPT_MS);
}
