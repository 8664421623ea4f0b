/**
 * The agenda: what falls due when, as a binary heap. An entry is only a reason to look at a trade
 * or a notification; one that no longer agrees with its `dueMs` is stale and skipped. Stale entries
 * are swept when they could outnumber the live ones.
 */

export type DueKind = 'trade' | 'notification';
export type DueEntry = { dueMs: number; order: number; kind: DueKind; key: string };
export type Agenda = { heap: DueEntry[]; order: number; sweepAt: number };

const SWEEP_SIZE_MIN = 1024;

export function createAgenda(): Agenda {
  return { heap: [], order: 0, sweepAt: SWEEP_SIZE_MIN };
}

const isBefore = (a: DueEntry, b: DueEntry): boolean =>
  a.dueMs < b.dueMs || (a.dueMs === b.dueMs && a.order < b.order);

function swap(heap: DueEntry[], i: number, j: number): void {
  const [a, b] = [heap[i], heap[j]];
  if (a === undefined || b === undefined) return;
  heap[i] = b;
  heap[j] = a;
}

function isLess(heap: DueEntry[], i: number, j: number): boolean {
  const [a, b] = [heap[i], heap[j]];
  return a !== undefined && b !== undefined && isBefore(a, b);
}

function siftUp(heap: DueEntry[], start: number): void {
  let i = start;
  while (i > 0) {
    const parent = (i - 1) >> 1;
    if (!isLess(heap, i, parent)) return;
    swap(heap, i, parent);
    i = parent;
  }
}

function siftDown(heap: DueEntry[], start: number): void {
  let i = start;
  for (;;) {
    const [left, right] = [2 * i + 1, 2 * i + 2];
    const least = isLess(heap, right, left) ? right : left;
    if (!isLess(heap, least, i)) return;
    swap(heap, i, least);
    i = least;
  }
}

/** Adds an entry; `isLive` decides which ones survive a sweep. */
export function addDue(
  agenda: Agenda,
  entry: Omit<DueEntry, 'order'>,
  isLive: (entry: DueEntry) => boolean,
): void {
  if (agenda.heap.length >= agenda.sweepAt) {
    agenda.heap = agenda.heap.filter(isLive).toSorted((a, b) => (isBefore(a, b) ? -1 : 1));
    agenda.sweepAt = Math.max(SWEEP_SIZE_MIN, agenda.heap.length * 2);
  }
  agenda.order += 1;
  agenda.heap.push({ ...entry, order: agenda.order });
  siftUp(agenda.heap, agenda.heap.length - 1);
}

export function firstDue(agenda: Agenda): DueEntry | undefined {
  return agenda.heap[0];
}

export function removeFirstDue(agenda: Agenda): void {
  const last = agenda.heap.pop();
  if (last === undefined || agenda.heap.length === 0) return;
  agenda.heap[0] = last;
  siftDown(agenda.heap, 0);
}
