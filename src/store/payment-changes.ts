/**
 * SQL of a payment's change together with the one event that tells of it: both are written, or neither. On PostgreSQL they
 * are one statement, which is one way to the server and back instead of four; SQLite, which has no statement that writes
 * two tables, takes a transaction. Changes with more to them are written by the flows, in a transaction on both.
 */
import { sql, type QueryCreator, type QueryResult } from 'kysely';
import type { EventType } from '../core/event-types.ts';
import type { Payment } from '../core/payment.ts';
import { inRace, isPostgres, RaceLost, type Db, type Queryable } from './database.ts';
import { appendEvents, toEventRow, type NewEvent } from './events.ts';
import {
  insertPayment,
  paymentInsert,
  paymentUpdate,
  savePayment,
  toRow,
  toUpdate,
  type PaymentUpdate,
} from './payments.ts';
import { prepared, wroteOne } from './prepared.ts';
import type { PaymentEventTable, PaymentTable, Schema } from './schema.ts';
import { columnsOf, typesOf } from './tables.ts';

/**
 * Stores an intent and the first event of its history. False when its number or attempt exists already. `also` writes what
 * must be stored with them or not at all; what it throws undoes everything, and is thrown here.
 */
export function insertPaymentWithEvent(
  db: Db,
  payment: Payment,
  atMs: number,
  event: NewEvent,
  also?: (tx: Queryable) => Promise<void>,
): Promise<boolean> {
  return writeBoth(db, INSERT, payment, atMs, event, also);
}

/**
 * Writes a payment read at `version - 1` and the event of the change. False when somebody else changed it since. Throws what
 * `isToldAlready` knows when the history tells of the event's notification already.
 */
export function savePaymentWithEvent(
  db: Db,
  payment: Payment,
  atMs: number,
  event: NewEvent,
): Promise<boolean> {
  return writeBoth(db, UPDATE, payment, atMs, event);
}

/** A way to write a payment: with its event in one statement, or alone, for a transaction that goes on with the event. */
type Write = {
  readonly both: (db: Db, payment: Payment, event: NamedEvent) => Promise<QueryResult<unknown>>;
  /** The same, with what a merchant hears of it. */
  readonly told: (
    db: Db,
    payment: Payment,
    event: NamedEvent,
    told: ToldType,
  ) => Promise<QueryResult<unknown>>;
  readonly alone: (tx: Queryable, payment: Payment) => Promise<boolean>;
};

const INSERT: Write = {
  both: (db, payment, event) => insertBoth(db, { ...toRow(payment), ...event }),
  told: (db, payment, event, told) => insertTold(db, { ...toRow(payment), ...event, ...told }),
  alone: insertPayment,
};
const UPDATE: Write = {
  both: (db, payment, event) => updateBoth(db, { ...toUpdate(payment), ...event }),
  told: (db, payment, event, told) => updateTold(db, { ...toUpdate(payment), ...event, ...told }),
  alone: savePayment,
};

async function writeBoth(
  db: Db,
  { both, told, alone }: Write,
  payment: Payment,
  atMs: number,
  event: NewEvent,
  also?: (tx: Queryable) => Promise<void>,
): Promise<boolean> {
  const [type, ...more] = event.told ?? [];
  if (isPostgres(db) && also === undefined && more.length === 0) {
    const row = named(toEventRow(payment, atMs, event));
    return wroteOne(
      await (type === undefined
        ? both(db, payment, row)
        : told(db, payment, row, { 'told type': type })),
    );
  }
  const isWritten = await inRace(db, async (tx) => {
    if (!(await alone(tx, payment))) throw new RaceLost();
    await appendEvents(tx, payment, atMs, [event]);
    await also?.(tx);
    return true;
  });
  return isWritten ?? false;
}

const insertBoth = prepared((db, values: PaymentTable & NamedEvent) => {
  const { event, rest } = apart(values);
  return insertEventOf(
    db.with('written', (from) => paymentInsert(from, rest).returning('merchant_id')),
    event,
  );
});

const updateBoth = prepared((db, values: PaymentUpdate & NamedEvent) => {
  const { event, rest } = apart(values);
  return insertEventOf(
    db.with('written', (from) => paymentUpdate(from, rest).returning('merchant_id')),
    event,
  );
});

const insertTold = prepared((db, { 'told type': type, ...values }: Told<PaymentTable>) => {
  const { event, rest } = apart(values);
  const written = db.with('written', (from) => paymentInsert(from, rest).returning('merchant_id'));
  return insertEventOf(withTold(written, event, type), event);
});

const updateTold = prepared((db, { 'told type': type, ...values }: Told<PaymentUpdate>) => {
  const { event, rest } = apart(values);
  const written = db.with('written', (from) => paymentUpdate(from, rest).returning('merchant_id'));
  return insertEventOf(withTold(written, event, type), event);
});

type ToldType = { readonly 'told type': EventType };
type Told<Values> = Values & NamedEvent & ToldType;
type Written = QueryCreator<Schema & { written: { merchant_id: number } }>;

/** Inserts what a merchant hears, if the change before it was written. */
function withTold(
  db: Written,
  { merchant_id, payment_no, version, at_ms }: PaymentEventTable,
  type: EventType,
): Written {
  const told = { merchant_id, payment_no, version, type, at_ms };
  return db.with('told', (from) =>
    from
      .insertInto('event')
      .columns(TOLD_COLUMNS)
      .expression(
        from
          .selectFrom('written')
          .select(
            TOLD_COLUMNS.map((name) =>
              sql`cast(${told[name]} as ${sql.raw(TOLD_TYPES[name])})`.as(name),
            ),
          ),
      ),
  );
}

const TOLD_COLUMNS = ['merchant_id', 'payment_no', 'version', 'type', 'at_ms'] as const;
const TOLD_TYPES = typesOf('event');

const EVENT_COLUMNS = columnsOf('payment_event');
/** PostgreSQL takes a bare parameter of a `select` for text. */
const EVENT_TYPES = typesOf('payment_event');

/** Inserts the event if the change before it was written. */
function insertEventOf(db: Written, event: PaymentEventTable) {
  return db
    .insertInto('payment_event')
    .columns(EVENT_COLUMNS)
    .expression((from) =>
      from
        .selectFrom('written')
        .select(
          EVENT_COLUMNS.map((name) =>
            sql`cast(${event[name]} as ${sql.raw(EVENT_TYPES[name])})`.as(name),
          ),
        ),
    );
}

/** The columns of an event under names that no column of a payment has: both go into one set of values. */
type NamedEvent = {
  readonly [Name in keyof PaymentEventTable as `event ${Name}`]: PaymentEventTable[Name];
};

function named(event: PaymentEventTable): NamedEvent {
  const entries = Object.entries(event).map(([name, value]) => [`event ${name}`, value]);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- `Object.fromEntries` forgets the names
  return Object.fromEntries(entries) as NamedEvent;
}

function apart<Values extends NamedEvent>(
  values: Values,
): { readonly event: PaymentEventTable; readonly rest: Omit<Values, keyof NamedEvent> } {
  const [event, rest]: [Record<string, unknown>, Record<string, unknown>] = [{}, {}];
  for (const [name, value] of Object.entries(values)) {
    if (name.startsWith('event ')) event[name.slice('event '.length)] = value;
    else rest[name] = value;
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the two halves of what `named` put together
  return { event, rest } as ReturnType<typeof apart<Values>>;
}
