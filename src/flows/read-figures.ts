/**
 * Reads figures: whole hours from the cells that are kept, the rest from the payments, and of hours that changed since they were
 * kept the difference. All of it is read from the database as it was at one moment, a stretch at a time, so that figures are
 * right to the last payment and nobody waits for them.
 */
import {
  DAY_MS,
  gatherCells,
  HOUR_MS,
  negative,
  rest,
  wholeOf,
  type Cell,
  type Step,
  type TimeRange,
} from '../core/figures.ts';
import { breathe, inView, type Db, type Queryable } from '../store/database.ts';
import { lastPlace } from '../store/event-feed.ts';
import {
  findKept,
  findProgress,
  firstPaymentFrom,
  listToldHours,
  listUntoldHours,
  sumByMerchant,
  sumHours,
  sumPayments,
  type FigureProgress,
  type MerchantHour,
} from '../store/figures.ts';
import type { PaymentChoice } from '../store/payment-filter.ts';

/** Kept cells that are read at a stretch: hours or days of all merchants, and days of each. */
const HOURS_MS = 31 * DAY_MS;
const DAYS_OF_EACH_MS = 4 * DAY_MS;
const HOURS_OF_EACH_MS = 6 * HOUR_MS;
/** Merchants of an hour that are looked at one by one; of more, the whole hour is. */
const MERCHANTS_MAX = 10;

export type FigureCells = {
  /** Of the range, each within its hour or day. */
  readonly all: readonly Cell[];
  /** The same, by merchant instead, and by no method. */
  readonly byMerchant: readonly Cell[];
  /** Of the range of the same length before it. */
  readonly previous: readonly Cell[];
};

type Question = { readonly merchantId: number | null; readonly range: TimeRange };

/** What the statistics of a range are added up from. */
export function readStatistics(db: Db, question: Question, step: Step): Promise<FigureCells> {
  const { merchantId, range } = question;
  const lengthMs = range.beforeMs - range.fromMs;
  const previous = { fromMs: range.fromMs - lengthMs, beforeMs: range.fromMs };
  return inView(db, async (view) => {
    const changed = await readChanged(view);
    const { loose, kept } = await readParts(view, question, changed, step);
    const hours = await readHours(view, merchantId, kept, step);
    const ofEach = merchantId === null ? await readMerchants(view, kept) : hours;
    return {
      all: [...loose, ...hours],
      byMerchant: [...loose, ...ofEach],
      previous: await readRange(view, { merchantId, range: previous }, changed),
    };
  });
}

/** What the totals of the payments that are meant are added up from. */
export function readTotals(db: Db, choice: PaymentChoice): Promise<readonly Cell[]> {
  return inView(db, async (view) => {
    if (!isKeptSo(choice)) return collect(sumPayments(view, choice), 'day');
    const { merchantId, createdFromMs, createdBeforeMs, state, method } = choice;
    const fromMs = createdFromMs ?? (await firstPaymentFrom(view, 0)) ?? 0;
    const beforeMs = Math.max(fromMs, createdBeforeMs ?? Number.MAX_SAFE_INTEGER);
    const question = { merchantId, range: { fromMs, beforeMs } };
    const cells = await readRange(view, question, await readChanged(view));
    return cells.filter(
      (cell) =>
        (state === undefined || cell.state === state) &&
        (method === undefined || cell.method === method),
    );
  });
}

/** Whether cells tell apart all that these filters do. */
function isKeptSo({ localNo, number, amountFromFen, amountToFen, refunded }: PaymentChoice) {
  return [localNo, number, amountFromFen, amountToFen, refunded].every((it) => it === undefined);
}

async function readRange(
  view: Queryable,
  question: Question,
  changed: Changed,
): Promise<readonly Cell[]> {
  const { loose, kept } = await readParts(view, question, changed, 'day');
  return [...loose, ...(await readHours(view, question.merchantId, kept, 'day'))];
}

/** How far cells are kept, and the hours of merchants that changed since. */
type Changed = { readonly progress: FigureProgress; readonly hours: readonly MerchantHour[] };

async function readChanged(view: Queryable): Promise<Changed> {
  const progress = (await findProgress(view)) ?? { untilMs: 0, position: 0 };
  const hours = new Map<string, MerchantHour>();
  const note = (found: readonly MerchantHour[]): void => {
    for (const hour of found) {
      if (hour.hourMs < progress.untilMs) hours.set(`${hour.merchantId} ${hour.hourMs}`, hour);
    }
  };
  // Without anything that is kept, nothing can be out of date.
  if (progress.untilMs > 0) {
    for await (const told of listToldHours(view, progress.position, await lastPlace(view))) {
      note(told);
    }
    note(await listUntoldHours(view));
  }
  return { progress, hours: [...hours.values()] };
}

type Parts = {
  /** The whole hours that are kept. */
  readonly kept: TimeRange;
  /** What has to be added to what is kept of them. */
  readonly loose: readonly Cell[];
};

async function readParts(
  view: Queryable,
  { merchantId, range }: Question,
  { progress, hours }: Changed,
  step: Step,
): Promise<Parts> {
  const beforeMs = Math.max(range.fromMs, Math.min(range.beforeMs, progress.untilMs));
  const kept = wholeOf('hour', { fromMs: range.fromMs, beforeMs });
  const loose = gatherCells(step);
  const addPayments = async (whose: number | null, time: TimeRange): Promise<void> => {
    const choice = { createdFromMs: time.fromMs, createdBeforeMs: time.beforeMs };
    for await (const part of sumPayments(view, { merchantId: whose, ...choice })) loose.add(part);
  };
  for (const part of rest(range, kept)) await addPayments(merchantId, part);
  for (const hour of hoursToCorrect(hours, merchantId, kept)) {
    loose.add((await findKept(view, hour.hourMs, hour.merchantId)).map(negative));
    await addPayments(hour.merchantId, { fromMs: hour.hourMs, beforeMs: hour.hourMs + HOUR_MS });
    await breathe(view);
  }
  return { kept, loose: loose.all() };
}

type HourToCorrect = { readonly hourMs: number; readonly merchantId: number | null };

/** The hours in a range that changed, of a merchant, or (null) of all where many changed in the same. */
function hoursToCorrect(
  changed: readonly MerchantHour[],
  merchantId: number | null,
  { fromMs, beforeMs }: TimeRange,
): readonly HourToCorrect[] {
  const meant = changed.filter(
    (hour) =>
      hour.hourMs >= fromMs &&
      hour.hourMs < beforeMs &&
      (merchantId === null || merchantId === hour.merchantId),
  );
  return [...Map.groupBy(meant, ({ hourMs }) => hourMs)].flatMap<HourToCorrect>(
    ([hourMs, ofHour]) => (ofHour.length > MERCHANTS_MAX ? [{ hourMs, merchantId: null }] : ofHour),
  );
}

async function readHours(
  view: Queryable,
  merchantId: number | null,
  range: TimeRange,
  step: Step,
): Promise<readonly Cell[]> {
  const read = (piece: TimeRange) => sumHours(view, merchantId ?? 0, piece, step);
  return collect(inPieces(view, range, HOURS_MS, read), step);
}

/** Whole days from days, and the hours before and after them. */
async function readMerchants(view: Queryable, range: TimeRange): Promise<readonly Cell[]> {
  const days = wholeOf('day', range);
  // Which method is no question here.
  const readBy = (step: Step) => async (piece: TimeRange) =>
    (await sumByMerchant(view, step, piece)).map((cell) => ({ ...cell, method: 'qr' as const }));
  const found = [await collect(inPieces(view, days, DAYS_OF_EACH_MS, readBy('day')), 'day')];
  for (const part of rest(range, days)) {
    found.push(await collect(inPieces(view, part, HOURS_OF_EACH_MS, readBy('hour')), 'day'));
  }
  return found.flat();
}

async function* inPieces(
  view: Queryable,
  { fromMs, beforeMs }: TimeRange,
  lengthMs: number,
  read: (piece: TimeRange) => Promise<readonly Cell[]>,
): AsyncGenerator<readonly Cell[]> {
  for (let atMs = fromMs; atMs < beforeMs; atMs += lengthMs) {
    yield await read({ fromMs: atMs, beforeMs: Math.min(beforeMs, atMs + lengthMs) });
    await breathe(view);
  }
}

async function collect(
  parts: AsyncGenerator<readonly Cell[]>,
  step: Step,
): Promise<readonly Cell[]> {
  const cells = gatherCells(step);
  for await (const part of parts) cells.add(part);
  return cells.all();
}
