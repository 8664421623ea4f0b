/**
 * The state of a till with whoever listens to it, and what the gateway is asked because of it: for the sale on the screen, and for
 * those that left it before their outcome was known. What the clerk does is in `till.ts`.
 */
import {
  afterHearing,
  isOver,
  resumedSale,
  wantsNewCode,
  type Charge,
  type Heard,
  type Sale,
} from './charge.ts';
import { askFor, followPayment, lookForCharge, sendCharge, type Ports } from './drive-charge.ts';
import type { Journal } from './journal.ts';

export type Notice = 'busy' | 'used' | 'no_code' | 'no_amount' | 'held' | 'held_too_long';

/** A charge that left the screen before its outcome was known; `heard` once it is. */
export type Aside = { readonly charge: Charge; readonly heard: Heard | undefined };

export type TillState = {
  readonly entry: string;
  /** A code that was scanned before the amount was typed. */
  readonly held: { readonly code: string; readonly untilMs: number } | undefined;
  readonly sale: Sale | undefined;
  readonly aside: readonly Aside[];
  /** `count` tells the same notice twice from once. */
  readonly notice: { readonly kind: Notice; readonly count: number } | undefined;
};

export type TillDeps = Pick<Ports, 'payments' | 'pause' | 'signedOut'> & {
  readonly merchant: string;
  readonly journal: Journal;
  readonly nowMs: () => number;
  readonly newKey: () => string;
  /** Of the number of the bill: the day in Shanghai. */
  readonly today: () => string;
  readonly subject: () => string;
};

export type Memory = ReturnType<typeof createMemory>;

const ASIDE_EVERY_MS = 3000;
/** The gateway does not know it, and nothing is on its way to it any more. */
const ABSENT_AFTER_MS = 120_000;
const USED_CODES_KEPT = 50;

/** Begins with what was written down before the page was loaded anew. */
function firstState({ journal, merchant }: TillDeps): TillState {
  const own = journal.open().filter(({ charge }) => charge.merchant === merchant);
  const resumed = own.find(({ isAside }) => !isAside);
  const aside = own.filter((entry) => entry !== resumed);
  return {
    entry: '',
    held: undefined,
    sale: resumed === undefined ? undefined : resumedSale(resumed.charge),
    aside: aside.map(({ charge }) => ({ charge, heard: undefined })),
    notice: undefined,
  };
}

export function createMemory(deps: TillDeps) {
  const { journal } = deps;
  let current = firstState(deps);
  let renew = (): void => undefined;
  const listeners = new Set<() => void>();
  const used = createUsedCodes();
  const driver = createDriver(deps, used.codeOf, (key, heard) => hear(key, heard));

  const set = (change: Partial<TillState>): void => {
    current = { ...current, ...change };
    const { sale } = current;
    // The outcome is on the screen: whoever loads the page anew finds it in the list.
    if (sale !== undefined && isSettled(sale)) journal.drop(sale.charge.reference);
    // What did not become a payment did not use its code either.
    if (sale?.step.kind === 'absent') used.forget(sale.charge.key);
    if (sale !== undefined && wantsNewCode(sale)) return renew();
    driver.drive(sale);
    for (const listener of listeners) listener();
  };
  const hear = (key: string, heard: Heard): void => {
    const { sale } = current;
    if (sale?.charge.key === key) set({ sale: afterHearing(sale, heard) });
  };
  const dropAside = (reference: string): void => {
    journal.drop(reference);
    set({ aside: current.aside.filter(({ charge }) => charge.reference !== reference) });
  };
  const memory = {
    state: () => current,
    set,
    hear,
    dropAside,
    used,
    notify: (kind: Notice): void =>
      set({ notice: { kind, count: (current.notice?.count ?? 0) + 1 } }),
    onRenewal: (does: () => void): void => {
      renew = does;
    },
    subscribe: (listener: () => void) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    /** Begins to ask; what it gives ends that. */
    start: () => {
      const ending = new AbortController();
      driver.start(current.sale);
      void lookAfter(deps, memory, ending.signal);
      return () => {
        ending.abort();
        driver.stop();
      };
    },
  };
  return memory;
}

/** The codes that were charged, by the key of their call. They are nowhere but in here. */
function createUsedCodes() {
  const codes = new Map<string, string>();
  return {
    codeOf: (key: string) => codes.get(key),
    has: (code: string) => [...codes.values()].includes(code),
    forget: (key: string) => void codes.delete(key),
    keep: (key: string, code: string): void => {
      codes.set(key, code);
      const [oldest] = codes.keys();
      if (codes.size > USED_CODES_KEPT && oldest !== undefined) codes.delete(oldest);
    },
  };
}

/** Asks for the sale on the screen: one thing at a time, and another one as soon as its step changes. */
function createDriver(
  deps: TillDeps,
  codeOf: (key: string) => string | undefined,
  hear: (key: string, heard: Heard) => void,
) {
  let isStarted = false;
  let driven: { readonly id: string; readonly ending: AbortController } | undefined;
  const drive = (sale: Sale | undefined): void => {
    const id = sale === undefined ? '' : `${sale.charge.key} ${sale.step.kind}`;
    if (!isStarted || driven?.id === id) return;
    driven?.ending.abort();
    driven = { id, ending: new AbortController() };
    if (sale === undefined) return;
    const { key } = sale.charge;
    const ports: Ports = { ...deps, tell: (heard) => hear(key, heard) };
    void driveSale(ports, sale, codeOf(key), driven.ending.signal);
  };
  return {
    drive,
    start: (sale: Sale | undefined): void => {
      isStarted = true;
      drive(sale);
    },
    stop: (): void => {
      isStarted = false;
      driven?.ending.abort();
      driven = undefined;
    },
  };
}

function isSettled({ step }: Sale): boolean {
  return step.kind === 'over' || step.kind === 'refused' || step.kind === 'absent';
}

async function driveSale(
  ports: Ports,
  sale: Sale,
  code: string | undefined,
  signal: AbortSignal,
): Promise<void> {
  const { charge, step } = sale;
  if (step.kind === 'sending') return sendCharge(ports, charge, code, signal);
  if (step.kind === 'looking') return lookForCharge(ports, charge, signal);
  if (step.kind === 'open' || step.kind === 'withdrawn') {
    return followPayment(ports, step.payment.id, signal);
  }
}

/** Asks for the charges that left the screen until each has its outcome: what was paid stays until the clerk has seen it. */
async function lookAfter(
  deps: TillDeps,
  till: Pick<Memory, 'state' | 'set' | 'dropAside'>,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    for (const { charge, heard } of till.state().aside) {
      if (heard !== undefined) continue;
      const answer = await askFor(deps, charge, signal);
      if (signal.aborted) return;
      const isLost = answer.kind === 'absent' && deps.nowMs() - charge.beganAtMs > ABSENT_AFTER_MS;
      const payment = answer.kind === 'payment' ? answer.payment : undefined;
      if (payment?.state === 'paid') {
        till.set({
          aside: till
            .state()
            .aside.map((aside) =>
              aside.charge.key === charge.key ? { charge, heard: answer } : aside,
            ),
        });
      } else if (isLost || (payment !== undefined && isOver(payment))) {
        till.dropAside(charge.reference);
      }
    }
    await deps.pause(ASIDE_EVERY_MS, signal);
  }
}
