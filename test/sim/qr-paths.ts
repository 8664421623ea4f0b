/**
 * The ways of a payment by QR code, to be played by `crash-points.ts`: scanned and paid, or not, or too late, or made
 * without an answer. The other ways of money are in `money-paths.ts`.
 */
import { BRIEF, type MoneyPath, type Stage } from './crash-points.ts';
import type { Told } from './ledger.ts';
import { CONFIRMED_MS, NOTHING_OR_UNPAID, OUTAGE_MS, PAID, UNPAID } from './path-ends.ts';
import { faultAtFirst } from './scripted-answers.ts';

const SECOND_MS = 1000;
/** Time for a guest to scan and pay. */
const GUEST_MS = 12 * SECOND_MS;
const QR_LIFE_MS = 60 * SECOND_MS;

const QR_ASKS = ['precreate', 'query'];

export const QR_PATHS: readonly MoneyPath[] = [
  {
    name: 'QR code, paid, and a notification tells',
    settings: { qrExpiresS: 30 },
    play: sellByQr,
    ends: PAID,
    endsIfClerkLeft: NOTHING_OR_UNPAID,
    asks: QR_ASKS,
  },
  {
    name: 'QR code, paid, without any notification',
    outageMs: OUTAGE_MS,
    settings: { qrExpiresS: 30, notifyUrl: undefined },
    play: sellByQr,
    ends: PAID,
    endsIfClerkLeft: NOTHING_OR_UNPAID,
    asks: QR_ASKS,
  },
  {
    name: 'QR code that nobody scans',
    play: async ({ begin, clerk }) => {
      const { paymentNo } = await clerk.showQr();
      // How it is shown and asked about until its end is what the other paths are about.
      await clerk.sleep(BRIEF.qrExpiresS * SECOND_MS - SECOND_MS);
      begin();
      await clerk.follow(paymentNo, QR_LIFE_MS);
    },
    ends: UNPAID,
    endsIfClerkLeft: UNPAID,
    asks: ['query', 'close'],
  },
  {
    name: 'QR code that is scanned and not paid',
    play: async (stage) => {
      stage.begin();
      await showAndFollow(stage, scans);
    },
    ends: UNPAID,
    mayEnd: /^closed, closed: keeps 0$/,
    endsIfClerkLeft: NOTHING_OR_UNPAID,
    asks: [...QR_ASKS, 'close'],
  },
  {
    name: 'QR code that is paid as it is closed',
    play: async (stage) => {
      stage.begin();
      await showAndFollow(stage, scans);
    },
    meet: ({ world }, { method, paymentNo }, pass) => {
      if (method === 'close') world.cast.guests.pay(paymentNo);
      return pass();
    },
    ends: PAID,
    // While the gateway was away, Alipay ended the trade by itself.
    mayEnd: UNPAID,
    endsIfClerkLeft: NOTHING_OR_UNPAID,
    asks: [...QR_ASKS, 'close'],
  },
  {
    name: 'QR code, made without an answer',
    settings: { qrExpiresS: 30 },
    play: sellByQr,
    meet: faultAtFirst('precreate', 'drop_response'),
    // A code that nobody saw is left alone; the guest is shown another one.
    ends: /^closed, paid: keeps 1000$/,
    mayEnd: /^(closed, )*paid: keeps 1000$/,
    endsIfClerkLeft: NOTHING_OR_UNPAID,
    asks: QR_ASKS,
  },
];

/** Sells by QR code: a new one when the guest came too late for the one before. */
async function sellByQr(stage: Stage): Promise<void> {
  stage.begin();
  for (;;) {
    const { verdict } = await showAndFollow(stage, paysSoon);
    if (verdict === 'paid') break;
  }
  // Where another number was made before, its slow end is that of a code which nobody scans.
  await stage.clerk.sleep(CONFIRMED_MS);
  stage.end();
}

/** Shows a QR code to a guest, and asks until it is paid or has ended. */
async function showAndFollow(
  stage: Stage,
  guest: (stage: Stage, qrCode: string) => void,
): Promise<Told> {
  const { clerk, world } = stage;
  const { paymentNo, qrCode } = await clerk.showQr();
  world.timeline.after(2 * SECOND_MS, () => guest(stage, qrCode));
  await clerk.sleep(GUEST_MS);
  return clerk.follow(paymentNo, QR_LIFE_MS);
}

function scans({ world }: Stage, qrCode: string): void {
  world.cast.guests.scan(qrCode);
}

function paysSoon({ world: { cast, timeline } }: Stage, qrCode: string): void {
  const paymentNo = cast.guests.scan(qrCode);
  if (paymentNo === undefined) return;
  timeline.after(4 * SECOND_MS, () => cast.guests.pay(paymentNo));
}
