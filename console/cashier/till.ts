/**
 * The till: what the clerk does, and what follows from it. What a code means is decided in `on-code.ts`, what was heard of a charge
 * in `charge.ts`; the state is in `till-memory.ts`. Not tied to React, so that a code scanned twice within a millisecond
 * finds the state that the first one left.
 */
import { begunSale, isDone, isUnpaid, nextAttempt, paymentOf, type Charge } from './charge.ts';
import { cancelCharge } from './drive-charge.ts';
import { entryAmount, typedEntry, type EntryKey } from './entry.ts';
import { CODE_LIFE_MS, meaningOf } from './on-code.ts';
import { createMemory, type Memory, type TillDeps } from './till-memory.ts';

export type Till = ReturnType<typeof createTill>;

export function createTill(deps: TillDeps) {
  const memory = createMemory(deps);
  const bills = createBills(deps, memory);
  memory.onRenewal(() => bills.again('qr'));
  return {
    state: memory.state,
    subscribe: memory.subscribe,
    start: memory.start,
    notify: memory.notify,
    dropAside: memory.dropAside,
    ...bills,
    ...createEntryActs(deps, memory, bills),
    cancel: (): void => {
      const { sale } = memory.state();
      const payment = sale === undefined ? undefined : paymentOf(sale);
      if (sale === undefined || payment === undefined) return;
      const { charge } = sale;
      void cancelCharge({ ...deps, tell: (heard) => memory.hear(charge.key, heard) }, payment);
    },
    /** The browser says that there is no network. */
    offline: (): void => {
      const { sale } = memory.state();
      if (sale !== undefined && !isDone(sale)) memory.hear(sale.charge.key, { kind: 'silence' });
    },
  };
}

type Bills = ReturnType<typeof createBills>;

/** Begins charges, and takes them off the screen. */
function createBills({ journal, merchant, ...deps }: TillDeps, memory: Memory) {
  const { state, set, used } = memory;
  const begin = (begun: Charge, code?: string): void => {
    if (code !== undefined) used.keep(begun.key, code);
    // Written down first: from here on nothing that happens to the page loses it.
    journal.put({ charge: begun, isAside: false });
    set({ sale: begunSale(begun), entry: '', held: undefined, notice: undefined });
  };
  /** Goes on with the next guest; this one is looked after until its outcome is known. */
  const setAside = (): void => {
    const { sale, aside } = state();
    if (sale === undefined) return;
    journal.put({ charge: sale.charge, isAside: true });
    const kept = { charge: sale.charge, heard: undefined };
    set({ sale: undefined, notice: undefined, aside: [...aside, kept] });
  };
  return {
    setAside,
    charge: (method: Charge['method'], amountFen: number, code?: string): void => {
      const bill = { merchant, reference: journal.nextReference(deps.today()), amountFen };
      const attempt = { key: deps.newKey(), attemptsBefore: 0, renewals: 0 };
      const subject = deps.subject();
      begin({ ...bill, ...attempt, subject, method, beganAtMs: deps.nowMs() }, code);
    },
    /** The bill on the screen once more: it was not paid. */
    again: (method: Charge['method'], code?: string): void => {
      const { sale } = state();
      if (sale === undefined || !isUnpaid(sale)) return;
      const attempt = { key: deps.newKey(), beganAtMs: deps.nowMs(), method };
      begin(nextAttempt(sale, attempt), code);
    },
    dismiss: (): void => {
      const { sale } = state();
      if (sale === undefined || !isDone(sale)) return;
      if (sale.step.kind === 'withdrawn') setAside();
      else set({ sale: undefined, notice: undefined });
    },
  };
}

/** Amount, code and Enter. */
function createEntryActs({ nowMs }: TillDeps, { state, set, notify, used }: Memory, bills: Bills) {
  return {
    press: (key: EntryKey): void => {
      const { sale, entry } = state();
      if (sale === undefined) set({ entry: typedEntry(entry, key), notice: undefined });
    },
    restoreEntry: (entry: string): void => set({ entry }),
    dropHeld: (): void => set({ held: undefined, notice: undefined }),
    takeCode: (code: string): void => {
      const { sale, entry } = state();
      const amountFen = entryAmount(entry);
      const meaning = meaningOf({ sale, amountFen, isUsed: used.has(code) });
      if (meaning === 'busy' || meaning === 'used') return notify(meaning);
      if (meaning === 'again') return bills.again('barcode', code);
      if (amountFen !== undefined && sale === undefined) {
        return bills.charge('barcode', amountFen, code);
      }
      bills.dismiss();
      set({ held: { code, untilMs: nowMs() + CODE_LIFE_MS } });
      return notify('held');
    },
    /** Enter, or the button: charges a code that was scanned before. True when the code is what is missing. */
    enter: (): boolean => {
      const { sale, held, entry } = state();
      const amountFen = entryAmount(entry);
      if (sale !== undefined) return false;
      if (amountFen === undefined) notify('no_amount');
      else if (held === undefined) return true;
      else if (nowMs() <= held.untilMs) bills.charge('barcode', amountFen, held.code);
      else {
        set({ held: undefined });
        notify('held_too_long');
      }
      return false;
    },
    showQr: (): void => {
      const { sale, entry } = state();
      const amountFen = entryAmount(entry);
      if (sale !== undefined) return;
      if (amountFen === undefined) notify('no_amount');
      else bills.charge('qr', amountFen);
    },
  };
}
