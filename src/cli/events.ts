/**
 * `f2f events …`: what happened at a gateway, as its feed tells it: to read along, or one event in full.
 */
import type { Command } from 'commander';
import {
  eventLine,
  findBeginning,
  followFeed,
  goOnText,
  isWanted,
  withFeedOptions,
  type FeedOptions,
} from './remote/feed.ts';
import {
  openGateway,
  withGatewayOptions,
  type FeedEvent,
  type Gateway,
  type GatewayOptions,
  type RemoteContext,
} from './remote/gateway.ts';

type TailOptions = GatewayOptions & FeedOptions & { readonly json?: boolean };

export function addEventCommands(program: Command, context: RemoteContext): void {
  const events = program.command('events').description('what happened, as the feed tells it');
  const tail = events
    .command('tail')
    .description('print events as they happen, a line each')
    .option('--json', 'each as the JSON that a webhook holds');
  withFeedOptions(withGatewayOptions(tail)).action(async (options: TailOptions) => {
    const gateway = openGateway(context, options);
    const cursor = await findBeginning(gateway, options);
    const lineOf = options.json === true ? JSON.stringify : eventLine;
    await printFeed(context, gateway, { ...options, cursor }, (event) => lineOf(event));
  });
  const one = events.command('show <id>').description('one event, in full');
  withGatewayOptions(one).action(async (id: string, options: GatewayOptions) => {
    const event = await openGateway(context, options).get(`/v2/events/${encodeURIComponent(id)}`);
    context.print(JSON.stringify(event, undefined, 2));
  });
}

/** Prints events as they come, for ever, and at the stop where to go on. */
export async function printFeed(
  context: RemoteContext,
  gateway: Gateway,
  options: FeedOptions & { readonly cursor: string },
  lineOf: (event: FeedEvent) => string,
): Promise<void> {
  let { cursor } = options;
  context.onStop(() => context.say(goOnText(cursor)));
  for await (const page of followFeed(context, gateway, options)) {
    for (const event of page.events) {
      if (isWanted(options, event)) context.print(lineOf(event));
    }
    cursor = page.next;
  }
}
