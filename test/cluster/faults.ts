/**
 * What goes wrong in the cluster: a table of faults, each with the part that it strikes, how it begins and how it ends. When
 * which of them comes is in `storm.ts`.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { faultsOf } from '../e2e/plan.ts';
import type { Prng } from '../sim/prng.ts';
import { startAgain, type Node, type Scene } from './scene.ts';
import { holdRows, LOCKS, takeConnections } from './strangers.ts';

/** What a fault strikes. Nothing is struck twice at a time. */
export type Part = 'gateway' | 'database' | 'simulator' | 'network of Alipay';

export type Fault = {
  readonly part: Part;
  /** How often it comes, against the others. */
  readonly weight: number;
  /** Needs a standby. */
  readonly needsStandby?: true;
  /** Strikes, and resolves when everything is as before. */
  strike(scene: Scene, draw: Prng, node: Node): Promise<void>;
};

/** Longer than the longest lease of these gateways, and than their patience with a silent database. */
const LONG_MS = 13_000;
/** How long whatever watches over a primary takes to notice that it died. */
const NOTICE_MS_MAX = 1500;
const OUTPUT_LENGTH_MAX = 3000;

export const FAULTS = {
  'gateway killed': {
    part: 'gateway',
    weight: 4,
    strike: async (_scene, draw, node) => {
      if (!node.gateway.isAlive()) throw new Error(`it was dead: ${endOf(node)}`);
      await node.gateway.kill('SIGKILL');
      await delay(draw.below(5000));
      await startAgain(node);
    },
  },
  'gateway stopped in order': {
    part: 'gateway',
    weight: 2,
    strike: async (_scene, draw, node) => {
      const exitCode = await node.gateway.kill('SIGTERM');
      if (exitCode !== 0) throw new Error(`it ended with exit code ${exitCode}: ${endOf(node)}`);
      await delay(draw.below(2000));
      await startAgain(node);
    },
  },
  'gateway stands still': {
    part: 'gateway',
    weight: 4,
    strike: async (_scene, draw, node) => {
      const pid = node.gateway.pid();
      process.kill(pid, 'SIGSTOP');
      await delay(draw.between(1000, LONG_MS));
      process.kill(pid, 'SIGCONT');
    },
  },
  'gateway without the database': {
    part: 'gateway',
    weight: 2,
    strike: async (_scene, draw, { line }) => {
      line.fallSilent();
      await delay(draw.between(1000, LONG_MS));
      // Either what was said arrives late, or never.
      if (draw.chance(0.5)) line.cut();
      line.goOn();
    },
  },
  'database stopped at once': {
    part: 'database',
    weight: 3,
    strike: async ({ database }, draw) => {
      await database.stopAtOnce();
      await delay(draw.below(3000));
      await database.startAgain();
    },
  },
  'primary lost, standby promoted': {
    part: 'database',
    weight: 4,
    needsStandby: true,
    strike: async ({ database, nodes }, draw) => {
      await database.stopAtOnce();
      await delay(draw.below(NOTICE_MS_MAX));
      await database.promote();
      for (const { line } of nodes) line.cut();
      await delay(draw.below(1000));
      await database.addStandby();
    },
  },
  'connections severed': {
    part: 'database',
    weight: 3,
    strike: async ({ nodes }) => {
      for (const { line } of nodes) line.cut();
    },
  },
  'database silent': {
    part: 'database',
    weight: 2,
    strike: async ({ nodes }, draw) => {
      for (const { line } of nodes) line.fallSilent();
      await delay(draw.between(500, LONG_MS / 2));
      for (const { line } of nodes) line.goOn();
    },
  },
  'database slow': {
    part: 'database',
    weight: 2,
    strike: async ({ nodes }, draw) => {
      const ms = draw.between(10, 150);
      for (const { line } of nodes) line.slowDown(ms);
      await delay(draw.between(2000, 6000));
      for (const { line } of nodes) line.slowDown(0);
    },
  },
  'connections all taken': {
    part: 'database',
    weight: 2,
    strike: async (scene, draw) => {
      const held = await takeConnections(scene.url());
      await delay(draw.between(500, 5000));
      await held.letGo();
    },
  },
  'rows held by a stranger': {
    part: 'database',
    weight: 3,
    strike: async (scene, draw) => {
      const held = await holdRows(scene.url(), draw.pick(LOCKS));
      await delay(draw.between(500, 8000));
      await held.letGo();
    },
  },
  'simulator killed': {
    part: 'simulator',
    weight: 2,
    strike: async ({ simulatorProgram }, draw) => {
      await simulatorProgram.kill('SIGKILL');
      await delay(draw.below(2000));
      await simulatorProgram.restart();
    },
  },
  'Alipay suffers': {
    part: 'network of Alipay',
    weight: 3,
    strike: async ({ simulator }, draw) => {
      // The simulator may be down just now, and then it suffers from that.
      for (const fault of faultsOf(draw.below(1000))) {
        await simulator.fault(fault).catch(() => undefined);
      }
    },
  },
} as const satisfies Record<string, Fault>;

/** What a gateway said last. */
function endOf({ gateway }: Node): string {
  return gateway.output().slice(-OUTPUT_LENGTH_MAX);
}

export type FaultKind = keyof typeof FAULTS;
// The table has these keys and no others.
export const FAULT_KINDS = Object.keys(FAULTS) as readonly FaultKind[];
