/**
 * Lists that are longer than an answer: all items, page after page, and a feed that is followed for ever. Both ask for the next
 * page when the one before was taken, so whoever stops early has asked for little.
 */

type Page<Item> = {
  readonly data: readonly Item[];
  readonly next_cursor: string | null;
  readonly has_more?: boolean;
};

/** Every item of a list, from a cursor on. */
export async function* every<Item>(
  read: (cursor: string | undefined) => Promise<Page<Item>>,
  from: string | undefined,
): AsyncGenerator<Item, void, undefined> {
  let cursor = from;
  for (;;) {
    const page = await read(cursor);
    yield* page.data;
    if (page.next_cursor === null || page.has_more === false) return;
    cursor = page.next_cursor;
  }
}

type FeedPage<Item> = { readonly data: readonly Item[]; readonly next_cursor: string };

/** What the next page of a feed is asked for with. */
type Asked = {
  readonly cursor: string | undefined;
  readonly wait: number;
  readonly retryForMs: number;
};

export type FollowOptions<Options> = Omit<Options, 'cursor'> & {
  /** The id of the last item that was handled, or `now`; from the very first item without it. */
  readonly after?: string | undefined;
};

/** Half a minute: below what proxies cut off. */
const WAIT_S = 30;
/** Whoever does not wait at all asks as fast as the network allows. */
const WAIT_S_MIN = 1;

/** Follows a feed through restarts of the gateway and broken networks. Ends by the signal, or for what time does not mend. */
export async function* follow<Item>(
  read: (asked: Asked) => Promise<FeedPage<Item>>,
  options: FollowOptions<{
    readonly wait?: number | undefined;
    readonly retryForMs?: number | undefined;
  }>,
): AsyncGenerator<Item, void, undefined> {
  const wait = Math.max(WAIT_S_MIN, options.wait ?? WAIT_S);
  const retryForMs = options.retryForMs ?? Infinity;
  let cursor = options.after;
  for (;;) {
    const { data, next_cursor: next } = await read({ cursor, wait, retryForMs });
    yield* data;
    cursor = next;
  }
}
