/**
 * One node of the gateway with simulated ports: the real API, flows, worker and SQL. It can die at any port call: what it
 * waits for never returns, its database session is rolled back, its callers see a broken connection. A host is the place
 * where nodes run one after another.
 */
import type { FastifyInstance, InjectOptions } from 'fastify';
import { createAlipayClient } from '../../src/alipay/client.ts';
import { renderEvent } from '../../src/api/v2/events.ts';
import type { Deps, FlowSettings } from '../../src/flows/deps.ts';
import { createKeyRing } from '../../src/flows/key-ring.ts';
import { createNumberSource } from '../../src/flows/take-number.ts';
import { createTurns } from '../../src/flows/turns.ts';
import { makeRealCertificateRequest } from '../../src/system/certificate-request.ts';
import type { HttpSend } from '../../src/system/http.ts';
import type { Log, LogFields } from '../../src/system/log.ts';
import { oneTimeCodes } from '../../src/system/one-time-codes.ts';
import { createPasswords } from '../../src/system/passwords.ts';
import { createNews } from '../../src/system/news.ts';
import type { Vault } from '../../src/system/vault.ts';
import { startWorker } from '../../src/worker/worker.ts';
import type { Gate, SharedDatabase } from './database.ts';
import { keyPair } from './keys.ts';
import type { Prng } from './prng.ts';
import type { Servers } from './servers.ts';
import { SIMULATOR_URL } from './swarm.ts';
import type { Timeline } from './timeline.ts';

/** When a node may die at a port call: before it, once a request is on its way, or after it. */
export type Phase = 'before' | 'during' | 'after';

/** What the world decides about a node's port calls. */
export type Fate = {
  dies(host: Host, port: string, phase: Phase): boolean;
  /** How long this database access is held up; undefined for not at all. */
  stallMs(): number | undefined;
  /** An alarm of the log: an error, with what it says. */
  onAlarm(message: string, fields: LogFields): void;
  onDeath(host: Host): void;
  /** A node tells its own waiting callers that something has changed. */
  onNews(host: Host, topic: string): void;
};

export type HostOptions = {
  readonly name: string;
  readonly timeline: Timeline;
  readonly database: SharedDatabase;
  readonly servers: Servers;
  readonly send: HttpSend;
  /** To programs that want to be called. */
  readonly webhookSend: HttpSend;
  readonly settings: FlowSettings;
  readonly skewMs: number;
  readonly prng: Prng;
  readonly fate: Fate;
};

export type Answer = {
  /** Who answered. */
  readonly node: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
};
export type Reply = Answer | 'broken';

export type Host = {
  readonly name: string;
  readonly isUp: boolean;
  /** How many requests its nodes have answered. */
  readonly answered: number;
  readonly skew: { ms: number };
  /** The ports of the node that runs now. */
  readonly deps: Deps;
  /** `pollMs`: how often its worker looks for rows of other nodes. */
  start(pollMs: number): Promise<void>;
  /** `kill -9`; what comes then is decided by fate. */
  kill(): void;
  /** Another node takes the place of the one that runs. */
  restart(pollMs: number): Promise<void>;
  /** Sends an HTTP request to the node: `broken` when it is down, or dies before it answers. */
  request(options: InjectOptions): Promise<Reply>;
};

type Node = { readonly deps: Deps; readonly app: FastifyInstance; readonly end: () => void };

export function createHost(options: HostOptions): Host {
  let node: Node | undefined;
  let lives = 0;
  let answered = 0;
  const callers = new Set<(reply: Reply) => void>();
  const skew = { ms: options.skewMs };
  const end = (): void => {
    node?.end();
    node = undefined;
    const broken = [...callers];
    callers.clear();
    for (const hearBroken of broken) hearBroken('broken');
  };
  const host: Host = {
    name: options.name,
    skew,
    get isUp() {
      return node !== undefined;
    },
    get answered() {
      return answered;
    },
    get deps() {
      if (node === undefined) throw new Error(`${options.name} is down`);
      return node.deps;
    },
    start: async (pollMs) => {
      lives += 1;
      node = await startNode(options, host, lives, pollMs);
    },
    kill: () => {
      end();
      options.fate.onDeath(host);
    },
    restart: (pollMs) => {
      end();
      return host.start(pollMs);
    },
    request: (request) => {
      const { app } = node ?? {};
      if (app === undefined) return Promise.resolve('broken');
      return new Promise((resolve) => {
        callers.add(resolve);
        // A dead node's answer comes after `broken` was heard, or never.
        void app.inject(request).then(({ statusCode, headers, body }) => {
          if (!callers.delete(resolve)) return;
          answered += 1;
          resolve({ node: options.name, status: statusCode, headers, body });
        });
      });
    },
  };
  return host;
}

async function startNode(
  options: HostOptions,
  host: Host,
  life: number,
  pollMs: number,
): Promise<Node> {
  const { timeline, settings, fate, database } = options;
  const prng = options.prng.fork(`life ${life}`);
  const gate = createGate(options, host);
  const wall = timeline.clock(host.skew);
  const clock = { ...wall, sleep: gate.call('sleep', wall.sleep) };
  const send = gate.call('send', options.send);
  const random = { hex: (bytes: number) => hex(prng, bytes) };
  const db = database.connect(gate);
  const deps: Deps = {
    db,
    clock,
    random,
    log: alarmLog(fate),
    news: createNews(clock, (topic) => fate.onNews(host, topic)),
    vault: OPEN_VAULT,
    keyRing: createKeyRing(OPEN_VAULT),
    // Nobody signs in.
    passwords: createPasswords(),
    oneTimeCodes,
    makeKeyPair: () => Promise.resolve(keyPair('app')),
    makeCertificateRequest: makeRealCertificateRequest,
    numbers: createNumberSource(db, random),
    turns: createTurns(),
    send,
    settings,
    about: {
      version: '0.0.0',
      database: 'sqlite',
      alipay: 'simulator',
      publicUrl: null,
      settings: [],
    },
    webhooks: {
      send: gate.call('webhook', options.webhookSend),
      allow: 'any',
      isPublic: () => true,
      render: (event) => renderEvent({ db, vault: OPEN_VAULT }, event),
    },
    alipay: createAlipayClient({
      send,
      clock,
      gatewayUrl: `${SIMULATOR_URL}/gateway.do`,
      timeoutMs: settings.alipayTimeoutMs,
    }),
  };
  const app = await options.servers.take(deps);
  startWorker(deps, pollMs);
  return {
    deps,
    app,
    end: () => {
      gate.isDead = true;
      database.abandon(gate);
    },
  };
}

type NodeGate = Gate & {
  isDead: boolean;
  call<A extends unknown[], R>(
    port: string,
    work: (...args: A) => Promise<R>,
  ): (...args: A) => Promise<R>;
};

/** What a dead node waits for. */
function never<T>(): Promise<T> {
  return new Promise(() => undefined);
}

function createGate({ timeline, fate }: HostOptions, host: Host): NodeGate {
  const isLast = (port: string, phase: Phase): boolean => {
    if (!gate.isDead && fate.dies(host, port, phase)) host.kill();
    return gate.isDead;
  };
  const gate: NodeGate = {
    isDead: false,
    pass: async (port, work) => {
      if (isLast(port, 'before')) return never();
      const result = work();
      return isLast(port, 'after') ? never() : result;
    },
    stall: () => {
      const ms = fate.stallMs();
      if (ms === undefined) return undefined;
      return new Promise((resolve) => {
        timeline.after(ms, () => {
          if (!gate.isDead) resolve();
        });
      });
    },
    call:
      (port, work) =>
      (...args) =>
        guarded(isLast, port, () => work(...args)),
  };
  return gate;
}

async function guarded<R>(
  isLast: (port: string, phase: Phase) => boolean,
  port: string,
  start: () => Promise<R>,
): Promise<R> {
  if (isLast(port, 'before')) return never();
  const pending = start();
  // Whether it resolves or rejects, a node that died meanwhile does not hear of it.
  if (isLast(port, 'during')) return pending.then(never<R>, never<R>);
  const settled = await pending.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  if (isLast(port, 'after')) return never();
  if ('error' in settled) throw settled.error;
  return settled.value;
}

function hex(prng: Prng, bytes: number): string {
  let text = '';
  for (let at = 0; at < bytes; at += 1) text += prng.below(256).toString(16).padStart(2, '0');
  return text;
}

function alarmLog(fate: Fate): Log {
  const quiet = (): void => undefined;
  return {
    debug: quiet,
    info: quiet,
    warn: quiet,
    error: (fields, message) => fate.onAlarm(message, fields),
  };
}

/** Sealing is not what a simulation is about, and its random bytes would make runs differ. */
const OPEN_VAULT: Vault = {
  seal: (secret, context) => `${context} ${secret}`,
  open: (sealed, context) => sealed.slice(context.length + 1),
  token: (what) => what,
};
