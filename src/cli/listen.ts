/**
 * `f2f listen`: follows a gateway's events and hands each to a program on this host, as a webhook of the gateway would come;
 * without a program it prints them. For development: what it has not handed over when it ends is nobody's debt.
 */
import type { Command } from 'commander';
import { isWebhookSecret, listenSecret } from '../flows/webhook-secrets.ts';
import { CommandError } from './context.ts';
import { printFeed } from './events.ts';
import {
  eventLine,
  findBeginning,
  followFeed,
  goOnText,
  isWanted,
  withFeedOptions,
  type FeedOptions,
} from './remote/feed.ts';
import { createQueue, forward, type Queue } from './remote/forward.ts';
import {
  openGateway,
  webUrlOf,
  withGatewayOptions,
  type Gateway,
  type GatewayOptions,
  type RemoteContext,
} from './remote/gateway.ts';

type ListenOptions = GatewayOptions &
  FeedOptions & {
    readonly forwardTo?: string;
    readonly secret?: string;
    readonly printSecret?: boolean;
  };

/** Events that wait for the program; the others wait in the feed. */
const HELD_MAX = 1000;
const HELD_LOOK_MS = 1000;

export function addListenCommand(program: Command, context: RemoteContext): void {
  const command = program
    .command('listen')
    .description('hand events to a program on this host, as webhooks, while you write it')
    .option('--forward-to <url>', 'the program, e.g. http://127.0.0.1:3000/hook')
    .option('--secret <whsec>', 'sign with this secret, not with the one made from the key')
    .option('--print-secret', 'print the signing secret, and end');
  withFeedOptions(withGatewayOptions(command)).action((options: ListenOptions) =>
    listen(context, options),
  );
}

export async function listen(context: RemoteContext, options: ListenOptions): Promise<void> {
  const gateway = openGateway(context, options);
  const secret = secretOf(gateway, options.secret);
  if (options.printSecret === true) {
    context.print(secret);
    return;
  }
  const { forwardTo } = options;
  const url = forwardTo === undefined ? undefined : webUrlOf('--forward-to', forwardTo).href;
  const cursor = await findBeginning(gateway, options);
  if (url === undefined) {
    context.say(`Events of ${gateway.url}, as they happen. Ctrl-C ends it`);
    await printFeed(context, gateway, { ...options, cursor }, eventLine);
    return;
  }
  context.say(`Events of ${gateway.url} go to ${url}. Ctrl-C ends it`);
  context.say(
    `Signing secret: ${secret}${options.secret === undefined ? ' (the same each time with this key)' : ''}`,
  );
  const queue = createQueue();
  const bell = createBell(context);
  await Promise.all([
    fill(context, gateway, queue, { ...options, cursor, ring: bell.ring }),
    forward(context, { url, secret }, queue, bell.wait),
  ]);
}

/** Puts events into the queue as they come, for ever. */
async function fill(
  context: RemoteContext,
  gateway: Gateway,
  queue: Queue,
  options: FeedOptions & { readonly cursor: string; readonly ring: () => void },
): Promise<void> {
  let { cursor } = options;
  context.onStop(() => {
    const oldest = queue.oldest();
    if (oldest !== undefined) context.say(`${queue.size()} events were not taken`);
    context.say(goOnText(oldest?.cursor ?? cursor));
  });
  for await (const page of followFeed(context, gateway, options)) {
    for (const event of page.events) {
      if (isWanted(options, event)) queue.add({ event, cursor });
      // An event's id is the cursor of what comes after it.
      cursor = event.id;
    }
    cursor = page.next;
    options.ring();
    while (queue.size() >= HELD_MAX) await context.clock.sleep(HELD_LOOK_MS);
  }
}

/** Wakes whoever waits for something to come. */
function createBell({ clock }: Pick<RemoteContext, 'clock'>) {
  let rung = new AbortController();
  return {
    ring: () => rung.abort('rung'),
    wait: async (ms: number): Promise<void> => {
      rung = new AbortController();
      await clock.sleep(Math.min(ms, HELD_LOOK_MS), rung.signal);
    },
  };
}

function secretOf({ key }: Gateway, given: string | undefined): string {
  if (given === undefined) return listenSecret(key);
  if (isWebhookSecret(given)) return given;
  throw new CommandError('--secret must be whsec_ and the base64 of 24 to 64 bytes');
}
