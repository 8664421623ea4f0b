/**
 * A developer's terminal beside a world: the commands that call a gateway, with the world's API as the gateway, a program of
 * the test's as what they call, and all that they print kept.
 */
import { Command } from 'commander';
import { addEventCommands } from '../../src/cli/events.ts';
import { addListenCommand } from '../../src/cli/listen.ts';
import type { RemoteContext } from '../../src/cli/remote/gateway.ts';
import { addTriggerCommand } from '../../src/cli/trigger.ts';
import { NoResponse, type HttpRequest, type HttpResponse } from '../../src/system/http.ts';
import type { World } from '../support/world.ts';
import { undocumented } from './document.ts';

export const GATEWAY = 'http://gateway.test';
const SIMULATOR = 'http://simulator.test';
export const PROGRAM = 'http://127.0.0.1:3000/hook/';

type Program = (request: HttpRequest) => HttpResponse | Promise<HttpResponse>;

export type Terminal = {
  /** Lines of stdout, and what is told to the person. */
  readonly printed: string[];
  readonly said: string[];
  /** Calls of the gateway, oldest first, as `GET /v2/…`. */
  readonly calls: string[];
  /** Starts a command; it may run for ever. */
  start(...args: string[]): Promise<void>;
  /** Runs a command to its end, and moves the clock meanwhile; returns what it ended with, "" for nothing. */
  run(...args: string[]): Promise<string>;
  /** Who answers at `PROGRAM`. */
  onProgram(program: Program): void;
  /** Answers in the place of the gateway; undefined for the gateway itself. */
  onGateway(answer: (() => HttpResponse | undefined) | undefined): void;
  /** The connections to the gateway break, and there are no others while it is away. */
  cut(isAway: boolean): void;
  /** Ctrl-C: what the command says then is in `said`. */
  stop(): void;
};

const STEP_MS = 100;
const RUN_MS_MAX = 120_000;

export function openTerminal(world: World, key: string | undefined): Terminal {
  const [printed, said, calls]: [string[], string[], string[]] = [[], [], []];
  let program: Program = () => {
    const cause = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    throw new NoResponse('connection', cause.message, cause);
  };
  let instead: (() => HttpResponse | undefined) | undefined;
  let [isAway, isStopped] = [false, false];
  let line = Promise.withResolvers<never>();
  line.promise.catch(() => undefined);
  let stop = (): void => undefined;
  let random = 0;

  const ask = async ({ method, url, headers, body }: HttpRequest): Promise<HttpResponse> => {
    const path = url.slice(GATEWAY.length);
    calls.push(`${method} ${path}`);
    const answered = instead?.();
    if (answered !== undefined) return answered;
    const reply = await world.app.inject({
      method,
      url: path,
      headers,
      ...(body === undefined ? {} : { payload: String(body) }),
    });
    const type = String(reply.headers['content-type']);
    const told = { status: reply.statusCode, type, body: reply.json<object>() };
    const faults = path.startsWith('/v2/x') ? [] : undocumented(method, path, told);
    if (faults.length > 0) throw new Error(`${path}: ${faults.join('; ')}`);
    return { status: reply.statusCode, headers: {}, body: Buffer.from(reply.body) };
  };
  const context: RemoteContext = {
    clock: world.clock,
    random: { hex: (bytes) => (random += 1).toString(16).padStart(2 * bytes, '0') },
    send: async (request) => {
      // Nobody hears the answer: the command has ended.
      if (isStopped) return new Promise(() => undefined);
      if (request.url.startsWith(SIMULATOR)) return world.deps.send(request);
      if (!request.url.startsWith(GATEWAY)) return program(request);
      if (isAway) throw new NoResponse('connection', 'connect ECONNREFUSED');
      return Promise.race([ask(request), line.promise]);
    },
    settings: () => ({ url: GATEWAY, apiKey: key }),
    print: (text) => void printed.push(text),
    say: (text) => void said.push(text),
    onStop: (work) => {
      stop = work;
    },
  };
  const start: Terminal['start'] = async (...args) => {
    const f2f = new Command().exitOverride().configureOutput({ writeErr: () => undefined });
    addListenCommand(f2f, context);
    addEventCommands(f2f, context);
    addTriggerCommand(f2f, context);
    for (const command of f2f.commands) command.exitOverride();
    await f2f.parseAsync(args, { from: 'user' });
  };
  return {
    printed,
    said,
    calls,
    start,
    run: async (...args) => {
      const state = { end: undefined as string | undefined };
      void start(...args).then(
        () => (state.end = ''),
        (error: unknown) => (state.end = error instanceof Error ? error.message : String(error)),
      );
      for (let ms = 0; state.end === undefined && ms < RUN_MS_MAX; ms += STEP_MS) {
        await world.clock.advance(ms === 0 ? 0 : STEP_MS);
      }
      return state.end ?? 'it did not end';
    },
    onProgram: (next) => {
      program = next;
    },
    onGateway: (answer) => {
      instead = answer;
    },
    cut: (away) => {
      isAway = away;
      line.reject(new NoResponse('connection', 'other side closed'));
      line = Promise.withResolvers();
      line.promise.catch(() => undefined);
    },
    stop: () => {
      stop();
      isStopped = true;
    },
  };
}
