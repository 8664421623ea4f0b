/**
 * HTTP servers for nodes. Building one costs more than what a short story does with it, so a server whose world is over
 * serves a node of the next one. While a world lasts, each of its nodes has a server to itself, also the dead ones: what
 * they have under way must never reach the ports of a later node.
 */
import type { FastifyInstance } from 'fastify';
import type { Metrics } from '../../src/api/metrics.ts';
import { buildServer } from '../../src/api/server.ts';
import type { Deps } from '../../src/flows/deps.ts';

/** The servers of one world. */
export type Servers = {
  /** A server for a node with these ports. */
  take(deps: Deps): Promise<FastifyInstance>;
  /** The world is over, and nothing in it runs any more. */
  giveBack(): void;
};

type Server = { readonly app: FastifyInstance; readonly ports: { current: Deps } };

const idle: Server[] = [];

export function createServers(): Servers {
  const taken: Server[] = [];
  return {
    take: async (deps) => {
      const server = idle.pop() ?? (await build(deps));
      server.ports.current = deps;
      taken.push(server);
      return server.app;
    },
    giveBack: () => void idle.push(...taken.splice(0)),
  };
}

async function build(deps: Deps): Promise<Server> {
  const ports = { current: deps };
  const view = Object.defineProperties(
    {},
    Object.fromEntries(
      // Every node has ports of the same names.
      (Object.keys(deps) as (keyof Deps)[]).map((name) => [
        name,
        { enumerable: true, get: () => ports.current[name] },
      ]),
    ),
  );
  // It has exactly the properties of `deps`.
  const app = await buildServer({ deps: view as Deps, metrics: NO_METRICS, rateLimit: 'off' });
  return { app, ports };
}

const NO_METRICS: Metrics = {
  observeHttp: () => undefined,
  countV1: () => undefined,
  expectV1: () => undefined,
  countV2Problem: () => undefined,
  expectV2: () => undefined,
  countNotification: () => undefined,
  observeAlipay: () => undefined,
  contentType: 'text/plain',
  text: () => Promise.resolve(''),
};
