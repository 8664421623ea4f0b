/** What the gateway says of itself: whoever would try something out asks first whether money moves. */
import { afterEach, expect, test } from 'vitest';
import { createWorld, type World } from '../support/world.ts';
import { v2Client } from './client.ts';

let world: World;
afterEach(() => world.close());

test.each([
  [true, 'http://simulator.test', {}],
  [false, null, { simulator: undefined }],
])('simulated: %s, at %s', async (simulated, simulatorUrl, settings) => {
  world = await createWorld(settings);
  const answer = await (await v2Client(world)).get('/v2/gateway');
  expect(answer.body).toEqual({ object: 'gateway', simulated, simulator_url: simulatorUrl });
});
