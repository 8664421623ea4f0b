/**
 * Two nodes on one PostgreSQL database and one simulator, without workers and without the network: a test calls the flows
 * of either, stops one in the middle of its transaction, and runs the other against it. Time moves only when the test says so.
 */
import { Client } from 'pg';
import { handle } from '../../simulator/simulator.ts';
import type { MerchantWithApp } from '../../src/core/merchant.ts';
import { fen } from '../../src/core/money.ts';
import { addMerchant } from '../../src/flows/add-merchant.ts';
import { chargeBarcode, type BarcodeInput } from '../../src/flows/charge-barcode.ts';
import type { Deps, FlowSettings } from '../../src/flows/deps.ts';
import type { RefundInput } from '../../src/flows/refund-payment.ts';
import { holdStatements, type HeldDatabase } from '../support/held-database.ts';
import { createTestPostgres, openTestPostgres } from '../support/test-database.ts';
import type { VirtualClock } from '../support/virtual-clock.ts';
import {
  createDeps,
  createShared,
  requireHistories,
  type Shared,
  type Trade,
} from '../support/world.ts';

export const DONGLE = 'B996377230C16FEF1BA98F127C1A4570';
export const SHOP = {
  shopNo: 'DL0001',
  sellerId: '2088212612254111',
  appId: '2016022901171807',
  alipayPublicKey: undefined,
  signType: undefined,
  name: undefined,
} as const;

export type StageNode = Pick<HeldDatabase, 'db' | 'hold' | 'loseAnswer'> & {
  readonly deps: Deps;
};

export type Stage = {
  readonly shared: Shared;
  readonly clock: VirtualClock;
  readonly url: string;
  readonly a: StageNode;
  readonly b: StageNode;
  /** As it is at the beginning; whoever changes its keys reads it anew, as every call of a till does. */
  readonly merchant: MerchantWithApp;
  /** A connection of the test's own. */
  readonly witness: Client;
  /** Resolves when `count` connections wait for a lock that another holds. */
  someoneWaits(count?: number): Promise<void>;
  /** What a call that waits for time comes to: time passes until it is there. */
  inTime<T>(call: Promise<T>): Promise<T>;
  /** The simulator's control API. */
  control(method: 'GET' | 'POST', path: string, body?: object): Record<string, unknown>;
  trade(paymentNo: string): Trade | undefined;
  /** How often this method reached Alipay. */
  callsOf(method: string): number;
  /** Closes everything; throws when a history does not replay to its rows. */
  close(): Promise<void>;
};

/** `aheadMs`: how far the second node's clock is ahead of the first one's. */
export async function createStage(
  settings: Partial<FlowSettings> = {},
  aheadMs = 0,
): Promise<Stage> {
  const url = await createTestPostgres();
  const first = holdStatements(openTestPostgres(url));
  const second = holdStatements(openTestPostgres(url));
  // Time stands still while a database works.
  const shared = createShared(settings, first.db, {
    get isIdle() {
      return first.isIdle && second.isIdle;
    },
    idle: async () => {
      await Promise.all([first.idle(), second.idle()]);
    },
  });
  const { clock, book } = shared;
  const nodeOf = (held: HeldDatabase, name: string, isAheadMs: number): StageNode => {
    const ownClock = { ...clock, nowMs: () => clock.nowMs() + isAheadMs };
    const deps = createDeps(shared, { yes: false }, { db: held.db, clock: ownClock });
    let random = 0;
    // What is random differs from node to node.
    const hex = (bytes: number): string => `${name}${(random += 1)}`.padStart(bytes * 2, '0');
    return { ...held, deps: { ...deps, random: { hex } } };
  };
  const witness = new Client({ connectionString: url });
  await witness.connect();
  const a = nodeOf(first, 'a', 0);
  const added = await addMerchant(a.deps, DONGLE, SHOP);
  if (added.kind !== 'added') throw new Error(added.kind);
  const stage: Stage = {
    shared,
    clock,
    url,
    a,
    b: nodeOf(second, 'b', aheadMs),
    merchant: { ...added.view.merchant, app: added.view.app },
    witness,
    someoneWaits: async (count = 1) => {
      for (;;) {
        const { rowCount } = await witness.query(
          `select pid from pg_stat_activity where datname = current_database()
           and cardinality(pg_blocking_pids(pid)) > 0`,
        );
        if ((rowCount ?? 0) >= count) return;
      }
    },
    inTime: async (call) => {
      const state = { isOver: false };
      const over = call.finally(() => (state.isOver = true));
      while (!state.isOver) await clock.advance(250);
      return over;
    },
    control: (method, path, body) => {
      const { answer } = handle(book, clock.nowMs(), {
        method,
        url: path,
        contentType: 'application/json',
        body: Buffer.from(JSON.stringify(body ?? {})),
      });
      if (answer.kind !== 'reply') throw new Error('the control API never resets');
      return JSON.parse(answer.body.toString('utf8'));
    },
    trade: (paymentNo) =>
      (stage.control('GET', `/simulator/trades?outTradeNo=${paymentNo}`)['trades'] as Trade[])[0],
    callsOf: (method) => shared.calls.filter((made) => made.method === method).length,
    close: async () => {
      await requireHistories(first.db);
      await witness.end();
      await Promise.all([first.db.destroy(), second.db.destroy()]);
    },
  };
  return stage;
}

/** A charge of 88 yuan whose code tells the simulator's story of that number; 9999 is paid at once. */
export function aBarcode(story = '9999', localNo = '1'): BarcodeInput {
  return {
    localNo,
    amountFen: fen(8800),
    // A code is paid with once.
    authCode: `28085193210${localNo.padStart(3, '0')}${story}`,
    subject: 'Tea',
    body: null,
    operatorId: null,
    storeId: null,
    metadata: null,
  };
}

export function aRefund(paymentNo: string, requestNo: string, amountFen: number): RefundInput {
  return { paymentNo, requestNo, amountFen: fen(amountFen), reason: null, storeId: null };
}

/** Sells for 88 yuan at node `a`, and returns the payment's number. */
export async function sell({ a, merchant }: Stage): Promise<string> {
  const result = await chargeBarcode(a.deps, merchant, aBarcode());
  if (result.kind !== 'payment' || result.payment.state !== 'paid') throw new Error(result.kind);
  return result.payment.paymentNo;
}
