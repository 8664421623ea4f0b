/**
 * Answers that go on, as `text/event-stream` has them (https://html.spec.whatwg.org/multipage/server-sent-events.html): each
 * item as it comes. A connection that breaks, ends or falls silent is made again where it was, as a browser's `EventSource` does.
 */
import type { ApiRequest, CallOptions } from './request.ts';
import type { Limit, System } from './system.ts';
import type { Ask } from './transport.ts';

/** How long a browser waits before it comes back, unless it is told otherwise. */
const COME_BACK_MS = 2000;
/** There is nothing more to hear. */
const NO_CONTENT = 204;

type ServerEvent = { readonly id?: string; readonly data?: string; readonly retryMs?: number };

/** Ends with an item that says that it is `final`, or when the gateway has nothing more to say. */
export async function* listenWith<Item>(
  ask: Ask,
  { sleep }: Pick<System, 'sleep'>,
  request: ApiRequest,
  options: CallOptions,
): AsyncGenerator<Item, void, undefined> {
  const { headers } = request.init;
  headers.set('accept', 'text/event-stream');
  let comeBackMs = COME_BACK_MS;
  for (;;) {
    const { response, read: limit } = await ask(request, options, requireStream);
    if (response.status === NO_CONTENT) return;
    try {
      for await (const { id, data, retryMs } of eventsOf(response, limit, options.signal)) {
        if (id !== undefined) headers.set('last-event-id', id);
        comeBackMs = retryMs ?? comeBackMs;
        if (data === undefined) continue;
        const item: Item = JSON.parse(data);
        yield item;
        if (isFinal(item)) return;
      }
    } finally {
      limit.end();
    }
    await sleep(comeBackMs, options.signal);
  }
}

async function requireStream(response: Response, limit: Limit): Promise<Limit> {
  const type = response.headers.get('content-type') ?? '';
  if (type.startsWith('text/event-stream') || response.status === NO_CONTENT) return limit;
  throw new Error('What answered is not the gateway');
}

function isFinal(item: unknown): boolean {
  return typeof item === 'object' && item !== null && 'final' in item && item.final === true;
}

/** The events of one connection, to wherever it ends. */
async function* eventsOf(
  response: Response,
  limit: Limit,
  outer: AbortSignal | undefined,
): AsyncGenerator<ServerEvent, void, undefined> {
  const reader = response.body?.getReader();
  const decoder = new TextDecoder();
  let unread = '';
  for (;;) {
    const chunk = await reader?.read().catch(() => undefined);
    outer?.throwIfAborted();
    // It broke, or came to an end: what was begun is told again.
    if (chunk?.value === undefined) return;
    limit.renew();
    unread += decoder.decode(chunk.value, { stream: true });
    const blocks = unread.split(/\r\n\r\n|\n\n|\r\r/);
    unread = blocks.pop() ?? '';
    yield* blocks.map(eventOf);
  }
}

/** An event of lines `name: value`; a line without a name says nothing. */
function eventOf(block: string): ServerEvent {
  const lines = block.split(/\r\n|\n|\r/).map((line) => /^(\w+): ?(.*)$/.exec(line) ?? []);
  const values = (name: string): readonly string[] =>
    lines.filter(([, given]) => given === name).map(([, , value = '']) => value);
  const [id, retry] = [values('id').at(-1), values('retry').at(-1)];
  const data = values('data');
  return {
    ...(id === undefined ? {} : { id }),
    ...(data.length === 0 ? {} : { data: data.join('\n') }),
    ...(retry !== undefined && /^\d{1,8}$/.test(retry) ? { retryMs: Number(retry) } : {}),
  };
}
