/**
 * What the till writes down in the browser, before each call and after it: charges whose outcome is not known, the counter of
 * the bills, the shift, and what the clerk chose. Payment codes are never among it: they are money. What cannot be read is as if it
 * were not there.
 */
import type { Charge } from './charge.ts';
import { newTill, referenceOf, type RandomBytes } from './reference.ts';

export type Shelf = Pick<Storage, 'getItem' | 'setItem'>;

/** How a charge left the screen: it is on it, or is looked after beside it. */
export type Entry = { readonly charge: Charge; readonly isAside: boolean };

/** `before`: the one that was closed last, to be printed again. */
export type Shift = {
  readonly beganAtMs: number;
  readonly before?: { readonly fromMs: number; readonly toMs: number } | undefined;
};

/** A refund that was asked for and not answered: the same key is the same refund, however often it is asked for. */
export type WantedRefund = {
  readonly key: string;
  readonly amount: number;
  readonly reason: string;
};

export type Choices = {
  readonly isMuted: boolean;
  readonly isSpeaking: boolean;
  readonly paperMm: 58 | 80;
};

export type Journal = {
  readonly open: () => readonly Entry[];
  readonly put: (entry: Entry) => void;
  readonly drop: (reference: string) => void;
  readonly nextReference: (day: string) => string;
  readonly shop: () => string | undefined;
  readonly chooseShop: (merchant: string) => void;
  readonly subject: (merchant: string) => string | undefined;
  readonly keepSubject: (merchant: string, subject: string) => void;
  /** Of one person at one shop; the first look begins it. */
  readonly shift: (owner: string, nowMs: number) => Shift;
  readonly keepShift: (owner: string, shift: Shift) => void;
  readonly refund: (payment: string) => WantedRefund | undefined;
  /** Undefined once there is an answer. */
  readonly keepRefund: (payment: string, wanted: WantedRefund | undefined) => void;
  readonly choices: () => Choices;
  readonly keepChoices: (choices: Choices) => void;
};

/** By the name that it is kept under. */
type Kept = {
  readonly open: readonly Entry[];
  readonly till: string;
  readonly counter: { readonly day: string; readonly counter: number };
  readonly shop: string;
  readonly refunds: Readonly<Record<string, WantedRefund>>;
  readonly choices: Partial<Choices>;
} & { readonly [shift: `shift_${string}`]: Shift } & {
  readonly [subject: `subject_${string}`]: string;
};

export function shiftOwner(merchant: string, user: string): string {
  return `${merchant}_${user}`;
}

const PREFIX = 'f2f_cashier';
const CHOICES: Choices = { isMuted: false, isSpeaking: false, paperMm: 58 };

export function createJournal(shelf: Shelf, random: RandomBytes): Journal {
  const read = <Name extends keyof Kept>(name: Name): Kept[Name] | undefined => {
    try {
      const text = shelf.getItem(`${PREFIX}_${name}`);
      const kept: Kept[Name] | null = JSON.parse(text ?? 'null');
      return kept ?? undefined;
    } catch {
      return undefined;
    }
  };
  const write = <Name extends keyof Kept>(name: Name, value: Kept[Name]): void => {
    shelf.setItem(`${PREFIX}_${name}`, JSON.stringify(value));
  };
  const open = (): readonly Entry[] => read('open') ?? [];
  const others = (reference: string): readonly Entry[] =>
    open().filter(({ charge }) => charge.reference !== reference);
  const till = (): string => {
    const kept = read('till');
    if (kept !== undefined) return kept;
    const made = newTill(random);
    write('till', made);
    return made;
  };
  return {
    open,
    put: (entry) => write('open', [...others(entry.charge.reference), entry]),
    drop: (reference) => write('open', others(reference)),
    nextReference: (day) => {
      const last = read('counter');
      const counter = last?.day === day ? last.counter + 1 : 1;
      write('counter', { day, counter });
      return referenceOf({ till: till(), day, counter }, random);
    },
    shop: () => read('shop'),
    chooseShop: (merchant) => write('shop', merchant),
    subject: (merchant) => read(`subject_${merchant}`),
    keepSubject: (merchant, subject) => write(`subject_${merchant}`, subject),
    shift: (owner, nowMs) => {
      const kept = read(`shift_${owner}`);
      if (kept !== undefined) return kept;
      const shift = { beganAtMs: nowMs };
      write(`shift_${owner}`, shift);
      return shift;
    },
    keepShift: (owner, shift) => write(`shift_${owner}`, shift),
    refund: (payment) => read('refunds')?.[payment],
    keepRefund: (payment, wanted) => {
      const { [payment]: _before, ...others } = read('refunds') ?? {};
      write('refunds', wanted === undefined ? others : { ...others, [payment]: wanted });
    },
    choices: () => ({ ...CHOICES, ...read('choices') }),
    keepChoices: (choices) => write('choices', choices),
  };
}
