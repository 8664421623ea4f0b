/**
 * Calls of operations: a request is sent until there is an answer, or until nothing more is to be hoped for. Whether it is sent
 * again is decided in `retry.ts`; the request, with its idempotency key, is made before the first attempt in `request.ts`.
 */
import { ApiError, NoAnswerError } from './errors.ts';
import { requestOf, type ApiRequest, type CallOptions } from './request.ts';
import type { Input, Operation, Target } from './request.ts';
import { leavesDoubt, pauseAfter, retryAfterOf, wasNeverSent, type Outcome } from './retry.ts';
import { listenWith } from './stream.ts';
import type { Limit, System } from './system.ts';

export type Transport = {
  /** Resolves to the answer. */
  readonly call: <Answer>(operation: Operation, input: Input) => Promise<Answer>;
  /** Gives each item of an answer that goes on. */
  readonly listen: <Item>(
    operation: Operation,
    input: Input,
  ) => AsyncGenerator<Item, void, undefined>;
};

/** What holds for each call that says nothing else. */
export type Patience = { readonly timeoutMs: number; readonly retryForMs: number };

const SECOND_MS = 1000;

/** A success, and what was read of it. */
export type Success<Read> = { readonly response: Response; readonly read: Read };

/** Sends the request until there is a success, and throws what there is instead. */
export type Ask = <Read>(
  request: ApiRequest,
  options: CallOptions,
  /** What makes a success of a response; a response that it throws at counts as none. */
  read: (response: Response, limit: Limit) => Promise<Read>,
) => Promise<Success<Read>>;

export function createTransport(target: Target & Patience, system: System): Transport {
  const ask = createAsk(target, system);
  return {
    call: async <Answer>(operation: Operation, input: Input): Promise<Answer> => {
      const request = requestOf(target, system, operation, input);
      const { response, read } = await ask(request, input.options ?? {}, readAnswer);
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the document says what the gateway answers, and a test holds every answer against it
      return remember(read as Answer, response.headers);
    },
    listen: (operation, input) =>
      listenWith(ask, system, requestOf(target, system, operation, input), input.options ?? {}),
  };
}

function createAsk(patience: Patience, system: System): Ask {
  return async (request, options, read) => {
    const timeoutMs = waitMsOf(options) + (options.timeoutMs ?? patience.timeoutMs);
    const retryForMs = options.retryForMs ?? patience.retryForMs;
    const { isReading, isRepeatable, idempotencyKey } = request;
    let isInDoubt = false;
    let failedAtMs: number | undefined;
    for (let attempt = 1; ; attempt += 1) {
      const outcome = await send(system, request, { timeoutMs, outer: options.signal, read });
      if (outcome.kind === 'success') return outcome;
      // What one attempt left open, a later one that is refused does not settle.
      isInDoubt ||= !isReading && leavesDoubt(outcome);
      const pauseMs = pauseAfter(outcome, { attempt, isRepeatable, chance: system.chance() });
      const nowMs = system.monotonicMs();
      failedAtMs ??= nowMs;
      if (pauseMs === undefined || nowMs + pauseMs > failedAtMs + retryForMs) {
        throw outcome.kind === 'refusal'
          ? new ApiError(outcome, { isInDoubt, idempotencyKey })
          : new NoAnswerError(outcome.cause, attempt, { isInDoubt, idempotencyKey });
      }
      await system.sleep(pauseMs, options.signal);
    }
  };
}

/** The gateway may take so long to answer because it was asked to. */
function waitMsOf(options: CallOptions): number {
  const wait = 'wait' in options ? Number(options.wait ?? 0) : 0;
  return Number.isFinite(wait) ? wait * SECOND_MS : 0;
}

type Attempt<Read> = {
  readonly timeoutMs: number;
  readonly outer: AbortSignal | undefined;
  readonly read: (response: Response, limit: Limit) => Promise<Read>;
};

/** One attempt. Rejects only when the caller's own signal ended it. */
async function send<Read>(
  system: System,
  { url, init }: ApiRequest,
  { timeoutMs, outer, read }: Attempt<Read>,
): Promise<({ readonly kind: 'success' } & Success<Read>) | Outcome> {
  outer?.throwIfAborted();
  const limit = system.limit(timeoutMs, outer);
  // A browser's own refuses to be called as a method of anything.
  const { fetch: sendByNetwork } = system;
  try {
    const response = await sendByNetwork(url, { ...init, signal: limit.signal });
    const { ok, status, headers } = response;
    if (ok) return { kind: 'success', response, read: await read(response, limit) };
    const body = jsonOf(await response.text());
    limit.end();
    return { kind: 'refusal', status, body, retryAfterS: retryAfterOf(headers.get('retry-after')) };
  } catch (cause) {
    limit.end();
    outer?.throwIfAborted();
    return { kind: 'silence', cause, isUnsent: wasNeverSent(cause) };
  }
}

/** A success that cannot be read is none: a hotel's network answers with its own page. */
async function readAnswer(response: Response, limit: Limit): Promise<unknown> {
  const text = await response.text();
  limit.end();
  const answer = text === '' ? undefined : jsonOf(text);
  if (answer !== undefined || response.status === NO_CONTENT) return answer;
  throw new Error('What answered is not the gateway');
}

const NO_CONTENT = 204;

/** Undefined when it is something else: an error may be anybody's. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

const headersOfAnswers = new WeakMap<object, Headers>();

function remember<Answer>(answer: Answer, headers: Headers): Answer {
  if (typeof answer === 'object' && answer !== null) headersOfAnswers.set(answer, headers);
  return answer;
}

/** The headers that an answer came with: `etag`, `idempotent-replayed`, `ratelimit-remaining`. */
export function headersOf(answer: object): Headers {
  const headers = headersOfAnswers.get(answer);
  if (headers === undefined) throw new TypeError('headersOf: this is no answer of the gateway');
  return headers;
}
