/**
 * How commands call a gateway over its v2 API, from wherever they run. What goes wrong is told as a sentence that says what to
 * do: no gateway there, another program there, a key that is missing, wrong or too weak. Whether to try again is the caller's.
 */
import type { Command } from 'commander';
import type { Config } from '../../config.ts';
import type { EventType } from '../../core/event-types.ts';
import type { HttpResponse, HttpSend } from '../../system/http.ts';
import type { Random } from '../../system/random.ts';
import { CommandError, type CommandContext } from '../context.ts';

/** What commands are given that call a gateway. */
export type RemoteContext = Pick<CommandContext, 'clock' | 'print'> & {
  readonly random: Random;
  readonly send: HttpSend;
  /** Where the settings say that a gateway listens, and the key that they hold. */
  settings(this: void): { readonly url: string } & Pick<Config, 'apiKey'>;
  /** Tells a person something, apart from what is printed for programs. */
  say(line: string): void;
  /** Does `work` when the operator stops the command, which then ends. */
  onStop(work: () => void): void;
};

export type GatewayOptions = { readonly url?: string; readonly key?: string };

/** What is read of an event; the rest of it is passed on as it came. */
export type FeedEvent = {
  readonly id: string;
  readonly type: EventType;
  readonly created_at: string;
  readonly data: {
    readonly id: string;
    /** Of a refund: the payment that it gives back. */
    readonly payment?: string;
    readonly amount: number;
  };
};

/** What is read of answers: each has what `docs/openapi.json` says of it, which a test holds every answer against. */
export type Answer = {
  readonly object?: string;
  readonly id?: string;
  readonly state?: string;
  readonly simulated?: boolean;
  readonly simulator_url?: string | null;
  readonly merchant?: string;
  /** Of a list. */
  readonly data?: readonly (Answer & FeedEvent)[];
  readonly next_cursor?: string | null;
  readonly has_more?: boolean;
  /** Of a refusal. */
  readonly code?: string;
  readonly detail?: string;
  readonly field?: string;
};

export type Gateway = {
  /** Without a slash at the end. */
  readonly url: string;
  readonly key: string;
  /** `waitS`: how long the gateway was asked to wait before it answers. */
  get(path: string, waitS?: number): Promise<Answer>;
  /** Each call is a new intention. */
  post(path: string, body: object, waitS?: number): Promise<Answer>;
};

/** The gateway cannot answer just now: the same call may be answered later. */
export class GatewayAway extends CommandError {
  readonly retryAfterMs: number;

  constructor(sentence: string, retryAfterMs = 0) {
    super(sentence);
    this.retryAfterMs = retryAfterMs;
  }
}

/** The gateway refused the call, with one of the codes of `docs/errors.md`. */
export class GatewayRefused extends CommandError {
  readonly code: string;
  readonly field: string | undefined;

  constructor(sentence: string, code: string, field: string | undefined) {
    super(sentence);
    this.code = code;
    this.field = field;
  }
}

/** What a gateway takes to answer, beside what it was asked to wait. */
const TIMEOUT_MS = 15_000;
/** A page of a hundred events with all their notes. */
const ANSWER_BYTES_MAX = 16 * 1024 * 1024;
const KEY_BYTES = 16;
const SECOND_MS = 1000;
/** So much of what a simulator said is shown. */
const SAID_MAX = 200;

const MAKE_KEY = 'f2f api-key create NAME';

export function withGatewayOptions(command: Command): Command {
  return command
    .option('--url <url>', 'where the gateway is (that of the settings, http://127.0.0.1:8080)')
    .option('--key <key>', `key of the v2 API (or F2F_API_KEY); "${MAKE_KEY}" makes one`);
}

export function openGateway(context: RemoteContext, options: GatewayOptions): Gateway {
  const settings = context.settings();
  const url = gatewayUrlOf(options.url ?? settings.url);
  const key = options.key ?? settings.apiKey;
  if (key === undefined) {
    throw new CommandError(
      `No API key is given: set F2F_API_KEY, or add --key f2f_…; on the gateway's host "${MAKE_KEY}" makes one`,
    );
  }
  if (!/^[\x21-\x7e]+$/.test(key)) {
    throw new CommandError(`--key is not a key of a gateway; "${MAKE_KEY}" makes one`);
  }
  const call = async (path: string, waitS: number, body?: object): Promise<Answer> => {
    const response = await reach(context.send, url, {
      path,
      timeoutMs: waitS * SECOND_MS + TIMEOUT_MS,
      headers: { authorization: `Bearer ${key}` },
      ...(body && { body, idempotencyKey: context.random.hex(KEY_BYTES) }),
    });
    return read(url, path, response);
  };
  return {
    url,
    key,
    get: (path, waitS = 0) => call(path, waitS),
    post: (path, body, waitS = 0) => call(path, waitS, body),
  };
}

/** Has the gateway's simulator do something that only its control API can (`docs/simulator.md`). */
export async function callSimulator(
  { send }: RemoteContext,
  url: string,
  path: string,
  body: object,
): Promise<void> {
  const request = {
    method: 'POST',
    url: `${url}${path}`,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    timeoutMs: TIMEOUT_MS,
    maxBytes: ANSWER_BYTES_MAX,
  } as const;
  const response = await send(request).catch((error: unknown) => {
    throw new CommandError(
      `The gateway's simulator does not answer at ${url} (${wordsOf(error)}): run the command where the gateway runs`,
    );
  });
  if (response.status === 200) return;
  const said = Buffer.from(response.body).toString('utf8').slice(0, SAID_MAX);
  throw new CommandError(
    `The gateway's simulator at ${url} refused ${path} (status ${response.status}): ${said}`,
  );
}

function gatewayUrlOf(text: string): string {
  const { origin, pathname, search } = webUrlOf('--url', text);
  if (search !== '') throw new CommandError('--url must have no query');
  return `${origin}${pathname.replace(/\/+$/, '')}`;
}

/** The URL that an option gave. */
export function webUrlOf(option: string, text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isWeb = url?.protocol === 'http:' || url?.protocol === 'https:';
  if (url !== undefined && isWeb && url.username === '' && url.password === '') return url;
  // What stands before an "@" may be a password.
  const shown = text.includes('@') ? 'not shown here' : JSON.stringify(text);
  throw new CommandError(
    `${option} is ${shown}; it must be an http:// or https:// URL without user and password`,
  );
}

type Call = {
  readonly path: string;
  readonly timeoutMs: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: object;
  readonly idempotencyKey?: string;
};

async function reach(send: HttpSend, url: string, call: Call): Promise<HttpResponse> {
  const { path, timeoutMs, headers, body, idempotencyKey } = call;
  const isPost = body !== undefined;
  try {
    return await send({
      method: isPost ? 'POST' : 'GET',
      url: `${url}${path}`,
      headers: {
        ...headers,
        ...(isPost && { 'content-type': 'application/json' }),
        ...(idempotencyKey !== undefined && { 'idempotency-key': idempotencyKey }),
      },
      ...(isPost && { body: JSON.stringify(body) }),
      timeoutMs,
      maxBytes: ANSWER_BYTES_MAX,
    });
  } catch (error) {
    throw new GatewayAway(
      `No gateway answers at ${url} (${wordsOf(error)}). Start it with "npm start", or say with --url where it is`,
    );
  }
}

/** Why nothing came, in a few words. A host with several addresses gives one reason for each, and no words for all. */
export function wordsOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  const first = cause instanceof AggregateError ? (cause.errors[0] as unknown) : cause;
  const words = first instanceof Error ? first.message : String(first);
  return words.trim();
}

function read(url: string, path: string, { status, headers, body }: HttpResponse): Answer {
  const answer = parse(Buffer.from(body).toString('utf8'));
  // A proxy in front of a gateway that is down answers in HTML.
  if (status === 429 || status >= 500) {
    const why = answer?.detail ?? `status ${status}`;
    const retryAfterS = Number(headers['retry-after'] ?? 0);
    throw new GatewayAway(
      `The gateway at ${url} cannot answer just now: ${why.replace(/\.$/, '')}`,
      Number.isFinite(retryAfterS) ? retryAfterS * SECOND_MS : 0,
    );
  }
  if (status >= 200 && status < 300 && answer?.object !== undefined) return answer;
  if (answer?.code === undefined || status < 400) {
    throw new CommandError(
      `What answers at ${url} is no gateway of this program (status ${status} at ${path.split('?')[0]}): say with --url where the gateway is`,
    );
  }
  const { code, detail = code, field } = answer;
  const sentence = SENTENCES[code]?.(detail, url) ?? `The gateway refused: ${detail} (${code})`;
  throw new GatewayRefused(sentence, code, field);
}

/** What a person is told of a refusal, where the gateway's own sentence leaves open what to do. */
const SENTENCES: Readonly<Record<string, (detail: string, url: string) => string>> = {
  api_key_invalid: (_, url) =>
    `The gateway at ${url} does not know this API key, or it was revoked; "f2f api-key list" shows those that there are, "${MAKE_KEY}" makes one`,
  permission_denied: (detail) =>
    `${detail} "${MAKE_KEY}" makes a key with all scopes, for all merchants`,
  merchant_not_found: (detail) =>
    `${detail} --merchant is its id: mch_ and the cpiNo that "f2f merchant list" shows`,
  route_not_found: (_, url) => `The gateway at ${url} is too old for this command: upgrade it`,
};

function parse(text: string): Answer | undefined {
  try {
    const json: Answer | null = JSON.parse(text);
    return typeof json === 'object' && json !== null ? json : undefined;
  } catch {
    // HTML, say: what is no JSON is no answer of a gateway.
    return undefined;
  }
}
