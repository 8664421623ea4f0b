/** What is sent waits for nobody: it reaches whoever reads, and a client that does not read is let go. */
import { expect, test } from 'vitest';
import { createEventStream, eventOf } from './event-stream.ts';

test('what was sent is read in order, to its end', async () => {
  const events = createEventStream();
  events.send(eventOf(1, 'a'));
  events.send(eventOf(2, 'b'));
  const ended = events.end();
  const text = (await events.body.toArray()).join('');
  expect(text).toBe('id: 1\ndata: a\n\nid: 2\ndata: b\n\n');
  await ended;
  expect(events.gone.aborted).toBe(true);
});

test('a client that does not read costs a few kilobytes, and then nothing', async () => {
  const events = createEventStream();
  let sent = 0;
  while (!events.body.destroyed && sent < 1000) {
    events.send(eventOf((sent += 1), 'x'.repeat(200)));
  }
  expect(events.body.destroyed).toBe(true);
  expect(sent).toBeLessThan(100);
  // Whoever goes on sending for a moment, before it hears of it, does no harm.
  events.send(eventOf(0, 'x'));
  await events.end();
  expect(events.gone.aborted).toBe(true);
});
