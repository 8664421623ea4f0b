/**
 * Keeps the cells that figures are read from: of each hour once it is over, and again of a merchant's hour of which the feed
 * tells that something changed in it. Made afterwards, a piece at a time, so that no payment pays for it; a piece that another
 * node had written first is left to that node. What is not kept yet is read from the payments (`read-figures.ts`).
 */
import { beginningOf, DAY_MS, gatherCells, HOUR_MS, type Cell } from '../core/figures.ts';
import { inRace, RaceLost, type Db, type Queryable } from '../store/database.ts';
import { lastPlace } from '../store/event-feed.ts';
import {
  addToDays,
  findProgress,
  firstPaymentFrom,
  listToldHours,
  renewDay,
  renewHourOfAll,
  replaceHours,
  saveProgress,
  sumPayments,
  type FigureProgress,
  type MerchantHour,
} from '../store/figures.ts';
import type { Deps } from './deps.ts';

/** Events of one piece: so many hours may have to be renewed, each by some statements of one transaction. */
const EVENTS = 200;
/** Between two pieces: on SQLite, nobody else writes during one. */
const PAUSE_MS = 20;

/** Keeps what can be kept, until the stop. */
export async function keepFigures(
  { db, news }: Pick<Deps, 'db' | 'news'>,
  nowMs: number,
): Promise<void> {
  // Nobody tells this topic: a sleep that the stop ends.
  const pause = news.follow('figures-pause');
  try {
    while (!news.stopping && (await keepNext(db, nowMs))) await pause.next(PAUSE_MS);
  } finally {
    pause.close();
  }
}

/** Keeps the next piece; false when there is none. */
export async function keepNext(db: Db, nowMs: number): Promise<boolean> {
  const before = await findProgress(db);
  // Asked before any payment is read: what changes from now on is told at a later place.
  const told = await lastPlace(db);
  if (before !== undefined && before.position < told) {
    await renewTold(db, before, Math.min(told, before.position + EVENTS));
    return true;
  }
  const { untilMs, position } = before ?? { untilMs: 0, position: told };
  const firstMs = await firstPaymentFrom(db, untilMs);
  if (firstMs === undefined) return false;
  const hourMs = beginningOf('hour', firstMs);
  if (hourMs + HOUR_MS > nowMs) return false;
  await keepHour(db, hourMs, { before, after: { untilMs: hourMs + HOUR_MS, position } });
  return true;
}

type Step = { readonly before: FigureProgress | undefined; readonly after: FigureProgress };

/** The cells of an hour that is over, of all merchants. */
async function keepHour(db: Db, hourMs: number, step: Step): Promise<void> {
  const cells = await cellsOf(db, null, hourMs);
  await write(db, step, async (tx) => {
    await replaceHours(tx, [], cells);
    await addToDays(tx, beginningOf('day', hourMs), cells);
    await renewHourOfAll(tx, hourMs);
  });
}

/** The cells of all hours that are kept and of which the next events tell. */
async function renewTold(db: Db, before: FigureProgress, position: number): Promise<void> {
  const hours = new Map<string, MerchantHour>();
  for await (const told of listToldHours(db, before.position, position)) {
    for (const hour of told) {
      if (hour.hourMs < before.untilMs) hours.set(`${hour.merchantId} ${hour.hourMs}`, hour);
    }
  }
  const cells: Cell[] = [];
  for (const { merchantId, hourMs } of hours.values()) {
    cells.push(...(await cellsOf(db, merchantId, hourMs)));
  }
  const renewed = [...hours.values()];
  await write(db, { before, after: { ...before, position } }, async (tx) => {
    await replaceHours(tx, renewed, cells);
    for (const hourMs of new Set(renewed.map((hour) => hour.hourMs))) {
      await renewHourOfAll(tx, hourMs);
    }
    const days = renewed.map((hour) => [hour.merchantId, beginningOf('day', hour.hourMs)] as const);
    for (const [merchantId, fromMs] of new Map(days.map((day) => [day.join(' '), day])).values()) {
      await renewDay(tx, merchantId, { fromMs, beforeMs: fromMs + DAY_MS });
    }
  });
}

/** All or nothing, and only on top of what was read. */
async function write(
  db: Db,
  { before, after }: Step,
  work: (tx: Queryable) => Promise<void>,
): Promise<void> {
  await inRace(db, async (tx) => {
    if (!(await saveProgress(tx, before, after))) throw new RaceLost();
    await work(tx);
  });
}

async function cellsOf(
  db: Queryable,
  merchantId: number | null,
  hourMs: number,
): Promise<readonly Cell[]> {
  const cells = gatherCells('hour');
  const hour = { createdFromMs: hourMs, createdBeforeMs: hourMs + HOUR_MS };
  for await (const part of sumPayments(db, { merchantId, ...hour })) cells.add(part);
  return cells.all();
}
