/**
 * Lists and the feed, read to where they end and beyond: nothing is left out, nothing is asked for that nobody wants, and
 * whoever comes back with a stored cursor misses nothing. The stand-in keeps a list and gives it out by pages.
 */
import { describe, expect, test } from 'vitest';
import { NoAnswerError, type Event } from '../../client/client.ts';
import { json, networkFailure, problem, proxyPage, standIn, type Asked } from './stand-in.ts';

const queryOf = ({ url }: Asked) => new URL(url).searchParams;

/** A list of these, a page of `limit` after each cursor: the cursor is the place of the last one. */
function listOf(ids: readonly string[]) {
  return (asked: Asked) => {
    const from = Number(queryOf(asked).get('cursor') ?? 0);
    const to = from + Number(queryOf(asked).get('limit') ?? 20);
    const data = ids.slice(from, to).map((id) => ({ id }));
    return json({ object: 'list', data, next_cursor: to < ids.length ? String(to) : null });
  };
}

/** A feed of these: its end has a cursor like any place. */
function feedOf(ids: readonly string[]) {
  return (asked: Asked) => {
    const from = Number(queryOf(asked).get('cursor') ?? 0);
    const data = ids.slice(from, from + 2).map((id) => ({ id }));
    const next = from + data.length;
    const hasMore = next < ids.length;
    return json({ object: 'list', data, next_cursor: String(next), has_more: hasMore });
  };
}

/** The first items of an endless feed. */
async function take(feed: AsyncIterable<Event>, count: number): Promise<Event[]> {
  const taken: Event[] = [];
  for await (const event of feed) {
    taken.push(event);
    if (taken.length === count) break;
  }
  return taken;
}

async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const found: Item[] = [];
  for await (const item of items) found.push(item);
  return found;
}

const idsOf = (events: readonly { id: string }[]): string[] => events.map(({ id }) => id);
const IDS = ['a', 'b', 'c', 'd', 'e'];

describe('a list is read to its end', () => {
  test('page after page, with what was asked for on each', async () => {
    const { client, asked } = standIn(listOf(IDS));
    const found = await all(client.payments.listAll({ state: 'paid', limit: 2 }));
    expect(idsOf(found)).toStrictEqual(IDS);
    expect(asked.map((one) => queryOf(one).toString())).toStrictEqual([
      'state=paid&limit=2',
      'state=paid&limit=2&cursor=2',
      'state=paid&limit=2&cursor=4',
    ]);
  });

  test('from a cursor, when there is one', async () => {
    const { client } = standIn(listOf(IDS));
    const found = await all(client.payments.listAll({ cursor: '3' }));
    expect(idsOf(found)).toStrictEqual(['d', 'e']);
  });

  test('and no further than somebody reads', async () => {
    const { client, asked } = standIn(listOf(IDS));
    for await (const payment of client.payments.listAll({ limit: 2 })) {
      if (payment.id === 'b') break;
    }
    expect(asked).toHaveLength(1);
  });

  test('also a feed, to its end of now', async () => {
    const { client, asked } = standIn(feedOf(IDS));
    expect(idsOf(await all(client.events.listAll()))).toStrictEqual(IDS);
    expect(asked).toHaveLength(3);
  });

  test('whatever happens to one page', async () => {
    const read = listOf(IDS);
    const { client } = standIn((asked, attempt) => (attempt === 2 ? proxyPage(502) : read(asked)));
    const found = await all(client.merchants.listAll({ limit: 3 }));
    expect(idsOf(found)).toStrictEqual(IDS);
  });
});

describe('the feed is followed', () => {
  test('in order, waiting for what comes, with what was asked for', async () => {
    const { client, asked } = standIn(feedOf(IDS));
    const feed = client.events.follow({ after: '1', types: 'payment.paid', wait: 45 });
    expect(idsOf(await take(feed, 4))).toStrictEqual(['b', 'c', 'd', 'e']);
    expect(asked.map((one) => queryOf(one).toString())).toStrictEqual([
      'types=payment.paid&wait=45&cursor=1',
      'types=payment.paid&wait=45&cursor=3',
    ]);
  });

  test('never without waiting', async () => {
    const { client, asked } = standIn(feedOf(IDS));
    await take(client.events.follow(), 1);
    await take(client.events.follow({ wait: undefined }), 1);
    await take(client.events.follow({ wait: 0 }), 1);
    expect(asked.map((one) => queryOf(one).get('wait'))).toStrictEqual(['30', '30', '1']);
  });

  test('after the one that was handled last', async () => {
    const { client } = standIn(feedOf(IDS));
    const again = await take(client.events.follow({ after: '2' }), 3);
    expect(idsOf(again)).toStrictEqual(['c', 'd', 'e']);
  });

  test('through an hour in which nobody answers', async () => {
    const read = feedOf(IDS);
    const HOUR_MS = 3_600_000;
    const { client, asked } = standIn((one, attempt) => {
      const isAway = attempt > 1 && one.atMs < HOUR_MS;
      return isAway ? networkFailure('ECONNREFUSED') : read(one);
    });
    expect(idsOf(await take(client.events.follow(), 5))).toStrictEqual(IDS);
    expect(asked.at(-1)?.atMs).toBeGreaterThan(HOUR_MS);
  });

  test('no longer than the caller wants to try', async () => {
    const { client } = standIn(() => networkFailure('ECONNREFUSED'));
    const following = take(client.events.follow({ retryForMs: 5000 }), 1);
    await expect(following).rejects.toThrow(NoAnswerError);
  });

  test('until the key is no longer good', async () => {
    const read = feedOf(IDS);
    const { client } = standIn((asked, attempt) =>
      attempt === 1 ? read(asked) : problem(401, 'api_key_invalid'),
    );
    await expect(take(client.events.follow(), 5)).rejects.toMatchObject({
      code: 'api_key_invalid',
    });
  });

  test('until the signal says so', async () => {
    const controller = new AbortController();
    const { client } = standIn(feedOf(IDS));
    const heard: string[] = [];
    const following = (async () => {
      for await (const { id } of client.events.follow({ signal: controller.signal })) {
        heard.push(id);
        if (id === 'd') controller.abort(new Error('closing time'));
      }
    })();
    await expect(following).rejects.toThrow('closing time');
    expect(heard).toStrictEqual(['a', 'b', 'c', 'd']);
  });
});
