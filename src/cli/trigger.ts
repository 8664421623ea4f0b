/**
 * `f2f trigger TYPE`: makes an event really happen at a gateway with the simulator, by what any caller can do: payment codes
 * that tell stories (`docs/simulator.md`), a cancel, a refund; and once by the simulator's control API. Nothing is made up: the event in the feed is the proof.
 */
import { Argument, type Command } from 'commander';
import { EVENT_TYPES, type EventType } from '../core/event-types.ts';
import { fen, formatYuan } from '../core/money.ts';
import { CommandError } from './context.ts';
import { eventLine, findBeginning, followFeed, paymentOf } from './remote/feed.ts';
import {
  callSimulator,
  GatewayRefused,
  openGateway,
  withGatewayOptions,
  type Answer,
  type FeedEvent,
  type Gateway,
  type GatewayOptions,
  type RemoteContext,
} from './remote/gateway.ts';

type TriggerOptions = GatewayOptions & { readonly merchant?: string; readonly json?: boolean };

type Story = {
  /** The last four digits of the payment code, and what becomes of it at the simulator. */
  readonly code: '0001' | '0002' | '0003' | '0011' | '9999';
  readonly tells: string;
  readonly next?: 'paid_cancel' | 'refund' | 'refund_too_much';
};

const PAID = { code: '9999', tells: 'the guest pays at once' } as const;

/** How each event is made to happen; a new type does not compile until it has a story. */
const STORIES = {
  'payment.created': PAID,
  'payment.awaiting_buyer': { code: '0001', tells: 'the guest has to confirm, and pays 3 s later' },
  'payment.paid': PAID,
  'payment.declined': { code: '0003', tells: 'the balance is too low' },
  'payment.closed': { code: '0011', tells: 'the guest declines after 2 s' },
  'payment.reversed': {
    code: '0002',
    tells: 'the guest pays in the moment of the cancel, and the money goes back',
    next: 'paid_cancel',
  },
  'refund.created': { ...PAID, next: 'refund' },
  'refund.succeeded': { ...PAID, next: 'refund' },
  'refund.failed': { ...PAID, next: 'refund_too_much' },
} as const satisfies Record<EventType, Story>;

const AMOUNT_FEN = 8800;
/** A merchant that is only there for this; its numbers are of the form that Alipay's have. */
const OWN_MERCHANT = {
  shop_no: 'F2F-TRIGGER',
  name: 'f2f trigger',
  seller_id: '2088000199990001',
  app_id: '2021000199990001',
};
/** How long the outcome of a call is waited for. */
const WAIT_S = 20;
/** Longer than any story takes. */
const EVENT_MS_MAX = 60_000;
const CODE_BYTES = 6;
const CODE_DIGITS = 12;
const REFERENCE_BYTES = 6;

export function addTriggerCommand(program: Command, context: RemoteContext): void {
  const command = program
    .command('trigger')
    .description('make an event happen, at a gateway with the simulator')
    .addArgument(new Argument('<type>', 'what is to happen').choices(EVENT_TYPES))
    .option('--merchant <id>', 'at this merchant (mch_…), not at one of its own')
    .option('--json', 'print JSON');
  withGatewayOptions(command).action((type: EventType, options: TriggerOptions) =>
    trigger(context, type, options),
  );
}

export async function trigger(
  context: RemoteContext,
  type: EventType,
  options: TriggerOptions,
): Promise<void> {
  const tell = options.json === true ? () => undefined : (line: string) => context.print(line);
  const gateway = openGateway(context, options);
  const simulatorUrl = await requireSimulator(gateway);
  const cursor = await findBeginning(gateway, { events: [] });
  const story: Story = STORIES[type];
  const payment = await charge(context, gateway, story, options.merchant);
  tell(
    `${payment.id} at ${payment.merchant}: ${formatYuan(fen(AMOUNT_FEN))} yuan, payment code ${payment.authCode} (${story.tells})`,
  );
  await carryOn({ context, gateway, simulatorUrl, tell }, payment.id, story);
  const events = await eventsUntil(context, gateway, cursor, { type, payment: payment.id, tell });
  if (options.json !== true) return;
  const { id, merchant } = payment;
  const refund = events.find((event) => event.data.id !== id)?.data.id ?? null;
  context.print(JSON.stringify({ type, merchant, payment: id, refund, events }, undefined, 2));
}

/** Where the gateway's simulator is. */
async function requireSimulator(gateway: Gateway): Promise<string> {
  const { simulated, simulator_url: url } = await gateway.get('/v2/gateway');
  if (simulated === true && typeof url === 'string') return url;
  throw new CommandError(
    `The gateway at ${gateway.url} speaks to the real Alipay, where an event is somebody's money; "trigger" is for gateways with the simulator (F2F_ALIPAY=simulator)`,
  );
}

type Charged = { readonly id: string; readonly merchant: string; readonly authCode: string };

/** Charges at the merchant that is named, at the key's own, or else at ours. */
async function charge(
  { random }: RemoteContext,
  gateway: Gateway,
  { code }: Story,
  named: string | undefined,
): Promise<Charged> {
  const digits = Number.parseInt(random.hex(CODE_BYTES), 16) % 10 ** CODE_DIGITS;
  const authCode = `28${String(digits).padStart(CODE_DIGITS, '0')}${code}`;
  const body = {
    method: 'barcode',
    auth_code: authCode,
    amount: AMOUNT_FEN,
    merchant_reference: `trigger-${random.hex(REFERENCE_BYTES)}`,
    subject: 'f2f trigger',
  };
  const at = (merchant: string | undefined): Promise<Answer> =>
    gateway.post('/v2/payments', merchant === undefined ? body : { ...body, merchant });
  const payment = await at(named).catch(async (error: unknown) => {
    const isOperators = error instanceof GatewayRefused && error.code === 'invalid_request';
    if (named !== undefined || !isOperators || error.field !== 'merchant') throw error;
    return at(await ownMerchant(gateway));
  });
  const { id = '', merchant = '' } = payment;
  return { id, merchant, authCode };
}

/** The id of our merchant, made at the first time. */
async function ownMerchant(gateway: Gateway): Promise<string | undefined> {
  const made = await gateway.post('/v2/merchants', OWN_MERCHANT).catch((error: unknown) => {
    if (error instanceof GatewayRefused && error.code === 'shop_no_taken') return undefined;
    throw error;
  });
  if (made !== undefined) return made.id;
  const { data = [] } = await gateway.get(`/v2/merchants?shop_no=${OWN_MERCHANT.shop_no}`);
  return data[0]?.id;
}

type Stage = {
  readonly context: RemoteContext;
  readonly gateway: Gateway;
  readonly simulatorUrl: string;
  readonly tell: (line: string) => void;
};

/** What the story does after the charge. */
async function carryOn(
  { context, gateway, simulatorUrl, tell }: Stage,
  payment: string,
  { next }: Story,
): Promise<void> {
  if (next === undefined) return;
  const path = `/v2/payments/${payment}`;
  if (next === 'paid_cancel') {
    const trade = payment.replace(/^pay_/, '');
    const guest = `/simulator/trades/${trade}/pay`;
    await callSimulator(context, simulatorUrl, guest, { when: 'cancel' });
    tell('cancelled');
    await gateway.post(`${path}/cancel?wait=${WAIT_S}`, {}, WAIT_S);
    return;
  }
  await gateway.get(`${path}?wait=${WAIT_S}`, WAIT_S);
  const isTooMuch = next === 'refund_too_much';
  const amount = isTooMuch ? AMOUNT_FEN + 1 : AMOUNT_FEN;
  tell(`refund of ${formatYuan(fen(amount))} yuan${isTooMuch ? ', more than was paid' : ''}`);
  try {
    await gateway.post(`${path}/refunds?wait=${WAIT_S}`, { amount }, WAIT_S);
  } catch (error) {
    const isExpected = error instanceof GatewayRefused && error.code === 'refund_exceeds_payment';
    if (!(isTooMuch && isExpected)) throw error;
  }
}

type Wanted = {
  readonly type: EventType;
  readonly payment: string;
  readonly tell: (line: string) => void;
};

/** The events of the payment, up to the one that is wanted. */
async function eventsUntil(
  context: RemoteContext,
  gateway: Gateway,
  cursor: string,
  { type, payment, tell }: Wanted,
): Promise<readonly FeedEvent[]> {
  const untilMs = context.clock.monotonicMs() + EVENT_MS_MAX;
  const events: FeedEvent[] = [];
  for await (const page of followFeed(context, gateway, { cursor })) {
    for (const event of page.events) {
      if (paymentOf(event) !== payment) continue;
      events.push(event);
      tell(eventLine(event));
      if (event.type === type) return events;
    }
    if (context.clock.monotonicMs() > untilMs) break;
  }
  throw new CommandError(
    `${type} did not come within a minute; "f2f payment show" on the gateway's host tells what became of ${payment}`,
  );
}
