/**
 * Answers that go on: each item is heard once and in order, however the bytes are cut and wherever the connection ends. The
 * operation is one that a document may have (`generator.test.ts` makes a method of it).
 */
import { describe, expect, test } from 'vitest';
import { ApiError, NoAnswerError } from '../../client/client.ts';
import { system as realSystem } from '../../client/system.ts';
import { createTransport } from '../../client/transport.ts';
import {
  networkFailure,
  problem,
  proxyPage,
  standIn,
  type Asked,
  type Reaction,
} from './stand-in.ts';

type Status = { readonly state: string; readonly final?: boolean };
const OPERATION = { method: 'GET', path: '/v2/payments/{id}/stream' };
const TARGET = {
  url: 'http://gateway.test',
  credentials: () => ({ authorization: 'Bearer f2f_key' }),
  timeoutMs: 30_000,
  retryForMs: 60_000,
};

function listen(react: (asked: Asked, attempt: number) => Reaction, options = {}) {
  const { system, asked, pausesMs } = standIn(react);
  const { listen } = createTransport(TARGET, system);
  return { heard: listen<Status>(OPERATION, { path: ['pay_1'], options }), asked, pausesMs };
}

/** A stream of these pieces, which then ends, or breaks. */
function streamOf(pieces: readonly (string | Uint8Array)[], end: 'ends' | 'breaks' = 'ends') {
  const rest = pieces.map((piece) => (typeof piece === 'string' ? Buffer.from(piece) : piece));
  const body = new ReadableStream<Uint8Array>({
    pull: (controller) => {
      const piece = rest.shift();
      if (piece !== undefined) controller.enqueue(piece);
      else if (end === 'ends') controller.close();
      else controller.error(new TypeError('terminated'));
    },
  });
  return new Response(body, { headers: { 'content-type': 'text/event-stream' } });
}

const nothingMore = () => new Response(null, { status: 204 });
const said = (id: number, state: string, more = ''): string =>
  `id: ${id}\ndata: {"state":"${state}"${more}}\n\n`;
const FINAL = said(3, 'paid', ',"final":true');

async function statesOf(heard: AsyncIterable<Status>): Promise<string[]> {
  const states: string[] = [];
  for await (const { state } of heard) states.push(state);
  return states;
}

describe('items are heard', () => {
  const text = `retry: 1000\n\n${said(1, 'created')}:\n\n${said(2, '等待付款 🍵')}id: 9\n\n${FINAL}`;

  test.each([
    ['at once', [text]],
    ['byte by byte', Array.from(Buffer.from(text), (byte) => Uint8Array.of(byte))],
    ['with the line ends of another system', [text.replaceAll('\n', '\r\n')]],
    ['with those cut', Array.from(text.replaceAll('\n', '\r\n').split(/(?<=\r)/))],
    ['with data over several lines', [text.replace('{"state"', '{\ndata: "state"')]],
    ['and nothing after the final one', [text, said(4, 'never')]],
  ])('%s', async (_name, pieces) => {
    const { heard, asked } = listen((_asked, attempt) =>
      attempt === 1 ? streamOf(pieces) : nothingMore(),
    );
    expect(await statesOf(heard)).toStrictEqual(['created', '等待付款 🍵', 'paid']);
    expect(asked).toHaveLength(1);
    expect(asked[0]?.headers.get('accept')).toBe('text/event-stream');
    expect(asked[0]?.headers.get('authorization')).toBe('Bearer f2f_key');
  });
});

describe('a connection that ended is made again where it was', () => {
  test.each(['ends', 'breaks'] as const)('when it %s', async (end) => {
    const { heard, asked, pausesMs } = listen((_asked, attempt) =>
      attempt === 1
        ? streamOf([`retry: 700\n\n${said(7, 'created')}id: 8\n\n`, 'id: 9\ndata: {"sta'], end)
        : streamOf([FINAL]),
    );
    expect(await statesOf(heard)).toStrictEqual(['created', 'paid']);
    // What was not heard to its end was not heard.
    expect(asked.map(({ headers }) => headers.get('last-event-id'))).toStrictEqual([null, '8']);
    expect(pausesMs).toStrictEqual([700]);
  });

  test('until there is nothing more to hear', async () => {
    const { heard, asked } = listen((_asked, attempt) =>
      attempt === 1 ? streamOf([said(1, 'closed')]) : nothingMore(),
    );
    expect(await statesOf(heard)).toStrictEqual(['closed']);
    expect(asked).toHaveLength(2);
  });

  test('through what a network does meanwhile', async () => {
    const { heard } = listen((_asked, attempt) => {
      const troubles = [
        networkFailure('ECONNREFUSED'),
        proxyPage(502),
        proxyPage(200),
        problem(503, 'database_unavailable'),
        streamOf([said(1, 'created')], 'breaks'),
        networkFailure('ECONNRESET'),
      ];
      return troubles[attempt - 1] ?? streamOf([FINAL]);
    });
    expect(await statesOf(heard)).toStrictEqual(['created', 'paid']);
  });

  test('as soon as it falls silent', async () => {
    const signals: AbortSignal[] = [];
    const system = {
      ...realSystem,
      sleep: () => Promise.resolve(),
      fetch: async (_url: unknown, { signal }: RequestInit = {}) => {
        signals.push(signal!);
        if (signals.length > 1) return signals.length > 2 ? nothingMore() : streamOf([FINAL]);
        const body = new ReadableStream<Uint8Array>({
          start: (controller) => {
            controller.enqueue(Buffer.from(said(1, 'created')));
            signal!.addEventListener('abort', () => controller.error(signal!.reason));
          },
        });
        return new Response(body, { headers: { 'content-type': 'text/event-stream' } });
      },
    };
    const { listen } = createTransport({ ...TARGET, timeoutMs: 20 }, system);
    const heard = listen<Status>(OPERATION, { path: ['pay_1'] });
    expect(await statesOf(heard)).toStrictEqual(['created', 'paid']);
    expect(signals).toHaveLength(2);
    expect(signals[0]?.reason).toMatchObject({ name: 'TimeoutError' });
  });
});

test('a connection lasts as long as something comes, if only a sign of life', async () => {
  const { system, asked } = standIn(() => 'silence');
  const pieces = [said(1, 'created'), ...Array.from({ length: 9 }, () => ':\n\n'), FINAL];
  let [nowMs, endsAtMs] = [0, 0];
  const body = new ReadableStream<Uint8Array>({
    pull: (controller) => {
      nowMs += 10_000;
      const piece = pieces.shift();
      if (piece === undefined) controller.close();
      else if (nowMs > endsAtMs) controller.error(new DOMException('late', 'TimeoutError'));
      else controller.enqueue(Buffer.from(piece));
    },
  });
  const { listen } = createTransport(TARGET, {
    ...system,
    fetch: async (...args) => {
      const isFirst = asked.length === 0;
      await system.fetch(...args).catch(() => undefined);
      const headers = { 'content-type': 'text/event-stream' };
      return isFirst ? new Response(body, { headers }) : nothingMore();
    },
    limit: (ms, outer) => {
      const renew = (): void => void (endsAtMs = nowMs + ms);
      renew();
      return { ...system.limit(ms, outer), renew };
    },
  });
  const heard = listen<Status>(OPERATION, { path: ['pay_1'] });
  expect(await statesOf(heard)).toStrictEqual(['created', 'paid']);
  expect(asked).toHaveLength(1);
});

describe('it ends', () => {
  test('with what the gateway refuses', async () => {
    const { heard } = listen(() => problem(404, 'payment_not_found'));
    const error = await statesOf(heard).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({ code: 'payment_not_found' });
  });

  test('when nobody answers any more', async () => {
    const { heard } = listen((_asked, attempt) =>
      attempt === 1 ? streamOf([said(1, 'created')]) : networkFailure('ECONNREFUSED'),
    );
    expect((await heard.next()).value).toStrictEqual({ state: 'created' });
    await expect(heard.next()).rejects.toThrow(NoAnswerError);
  });

  test('with the caller’s signal', async () => {
    const controller = new AbortController();
    const { heard } = listen(() => streamOf([said(1, 'created'), said(2, 'paid')]), {
      signal: controller.signal,
    });
    await heard.next();
    controller.abort(new Error('closing time'));
    await expect(heard.next()).rejects.toThrow('closing time');
  });

  test('with its connection, when the caller has heard enough', async () => {
    let signal: AbortSignal | null | undefined;
    const system = {
      ...realSystem,
      fetch: async (_url: unknown, init: RequestInit = {}) => {
        ({ signal } = init);
        return streamOf([said(1, 'created'), said(2, 'paid')]);
      },
    };
    const heard = createTransport(TARGET, system).listen<Status>(OPERATION, { path: ['pay_1'] });
    for await (const { state } of heard) if (state === 'created') break;
    expect(signal?.aborted).toBe(true);
  });
});
