/**
 * No lost wake-ups: whatever is told between `follow` and `next`, or between two calls of `next`, is heard. Waits end
 * when told, when time is up, or at the stop. Time is a virtual clock, so that a wait that nobody ends stays pending.
 */
import { beforeEach, describe, expect, test } from 'vitest';
import { createVirtualClock, type VirtualClock } from '../../test/support/virtual-clock.ts';
import { createNews, type News } from './news.ts';

let clock: VirtualClock;
let news: News;

beforeEach(() => {
  clock = createVirtualClock(1_000_000);
  news = createNews(clock);
});

/** Whether the promise settles without time passing. */
async function endsNow(waiting: Promise<void>): Promise<boolean> {
  let ended = false;
  void waiting.then(() => (ended = true));
  await clock.settle();
  return ended;
}

describe('a follower', () => {
  test('hears what was told between follow and next', async () => {
    const follower = news.follow('a');
    news.tell('a');
    expect(await endsNow(follower.next(1000))).toBe(true);
  });

  test('hears what was told while it waits', async () => {
    const waiting = news.follow('a').next(1000);
    expect(await endsNow(waiting)).toBe(false);
    news.tell('a');
    expect(await endsNow(waiting)).toBe(true);
  });

  test('hears what was told between two waits, and only once', async () => {
    const follower = news.follow('a');
    news.tell('a');
    await follower.next(1000);
    news.tell('a');
    news.tell('a');
    expect(await endsNow(follower.next(1000))).toBe(true);
    expect(await endsNow(follower.next(1000))).toBe(false);
  });

  test('does not hear again what woke it', async () => {
    const follower = news.follow('a');
    const first = follower.next(1000);
    news.tell('a');
    await first;
    expect(await endsNow(follower.next(1000))).toBe(false);
  });

  test('does not hear what was told before it followed', async () => {
    news.tell('a');
    expect(await endsNow(news.follow('a').next(1000))).toBe(false);
  });

  test('does not hear other topics', async () => {
    const waiting = news.follow('a').next(1000);
    news.tell('b');
    news.tell('');
    expect(await endsNow(waiting)).toBe(false);
  });

  test('looks again by itself when its time is up', async () => {
    const waiting = news.follow('a').next(1000);
    await clock.advance(999);
    expect(await endsNow(waiting)).toBe(false);
    await clock.advance(1);
    expect(await endsNow(waiting)).toBe(true);
  });

  test('looks at the time it was told, if that comes first', async () => {
    const follower = news.follow('a');
    const waiting = follower.next(1000);
    news.tell('a', 1_000_400);
    news.tell('a', 1_000_300);
    news.tell('a', 1_000_500);
    await clock.advance(299);
    expect(await endsNow(waiting)).toBe(false);
    await clock.advance(1);
    expect(await endsNow(waiting)).toBe(true);
    expect(await endsNow(follower.next(1000))).toBe(false);
  });

  test('sleeps on when it looks before the told time anyway', async () => {
    const waiting = news.follow('a').next(1000);
    news.tell('a', 1_002_000);
    await clock.advance(999);
    expect(await endsNow(waiting)).toBe(false);
    await clock.advance(1);
    expect(await endsNow(waiting)).toBe(true);
  });

  test('is told a time before it waits, too', async () => {
    const follower = news.follow('a');
    news.tell('a', 1_000_300);
    const waiting = follower.next(1000);
    await clock.advance(299);
    expect(await endsNow(waiting)).toBe(false);
    await clock.advance(1);
    expect(await endsNow(waiting)).toBe(true);
  });

  test('sleeps no longer than asked when the clock is set back', async () => {
    const behind = { ms: 0 };
    const set = createNews({ ...clock, nowMs: () => clock.nowMs() - behind.ms });
    const waiting = set.follow('a').next(1000);
    behind.ms = 3_600_000;
    await clock.advance(1000);
    expect(await endsNow(waiting)).toBe(true);
  });

  test('is not woken twice by one telling that came with the end of its time', async () => {
    const follower = news.follow('a');
    const waiting = follower.next(1000);
    await clock.advance(1000);
    await waiting;
    expect(await endsNow(follower.next(1000))).toBe(false);
  });

  test('sleeps no longer when it closes', async () => {
    const follower = news.follow('a');
    const waiting = follower.next(1000);
    follower.close();
    expect(await endsNow(waiting)).toBe(true);
  });

  test('leaves the others of its topic alone when it closes', async () => {
    const [one, other] = [news.follow('a'), news.follow('a')];
    one.close();
    one.close();
    const waiting = other.next(1000);
    news.tell('a');
    expect(await endsNow(waiting)).toBe(true);
  });

  test('can follow again after all had closed', async () => {
    news.follow('a').close();
    const follower = news.follow('a');
    news.tell('a');
    expect(await endsNow(follower.next(1000))).toBe(true);
  });

  test('that closed late does not take the topic from one that came after it', async () => {
    const early = news.follow('a');
    early.close();
    const late = news.follow('a');
    early.close();
    news.tell('a');
    expect(await endsNow(late.next(1000))).toBe(true);
  });
});

test('all followers of a topic are woken', async () => {
  const waits = Array.from({ length: 5 }, () => news.follow('a').next(1000));
  news.tell('a');
  for (const waiting of waits) expect(await endsNow(waiting)).toBe(true);
});

describe('the stop', () => {
  test('ends every wait', async () => {
    const waits = ['a', 'b', 'b'].map((topic) => news.follow(topic).next(1000));
    expect(news.stopping).toBe(false);
    news.stop();
    expect(news.stopping).toBe(true);
    for (const waiting of waits) expect(await endsNow(waiting)).toBe(true);
  });

  test('ends later waits at once, also of those that follow later', async () => {
    const follower = news.follow('a');
    news.stop();
    for (const next of [follower.next(1000), follower.next(1000), news.follow('b').next(1000)]) {
      expect(await endsNow(next)).toBe(true);
    }
  });
});
