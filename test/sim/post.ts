/**
 * Alipay's notifications on their way to the gateway: lost, late, doubled, in any order, and forged ones beside them. A
 * forgery that is answered `success` is a violation at once.
 */
import { createSign } from 'node:crypto';
import { notificationAnswered, type DueNotification } from '../../simulator/simulator.ts';
import { NOTIFICATION_PATH } from '../../src/api/notifications.ts';
import { privateKey } from './keys.ts';
import type { Network } from './network.ts';
import type { Host } from './node.ts';
import type { Prng } from './prng.ts';
import type { RunRecord } from './record.ts';
import type { Timeline } from './timeline.ts';
import type { Weather } from './world.ts';

export type PostOptions = {
  readonly timeline: Timeline;
  readonly hosts: readonly Host[];
  readonly prng: Prng;
  readonly weather: Weather;
  readonly network: Network;
  readonly record: RunRecord;
};

const MINUTE_MS = 60_000;

/** Takes a notification on its way; the simulator hears what became of it. */
export function createPost(options: PostOptions): (notification: DueNotification) => void {
  const { timeline, prng, weather, hosts, network, record } = options;
  const post = async (contentType: string, body: Buffer | string): Promise<string> => {
    const reply = await prng.pick(hosts).request({
      method: 'POST',
      url: NOTIFICATION_PATH,
      headers: { 'content-type': contentType },
      payload: body,
    });
    return reply === 'broken' ? reply : reply.body;
  };
  const deliver = async (notification: DueNotification): Promise<void> => {
    const { contentType, body, id } = notification;
    const isSuccess = (await post(contentType, body)) === 'success';
    network.follow(notificationAnswered(network.book, timeline.nowMs, id, isSuccess));
  };
  const forge = async (notification: DueNotification): Promise<void> => {
    const kind = prng.pick(FORGERY_KINDS);
    record.mark(`notification: forged, ${kind}`);
    const answer = await post(notification.contentType, forgery(kind, notification.body));
    if (answer === 'success') {
      const paymentNo = notification.outTradeNo;
      record.fail({ rule: 'a forgery is refused', detail: kind, paymentNo });
    }
  };
  return (notification) => {
    const { rates } = weather;
    if (prng.chance(rates.notificationForged)) {
      timeline.after(prng.between(0, MINUTE_MS), () => void forge(notification));
    }
    if (prng.chance(rates.notificationLost)) {
      record.mark('notification: lost');
      timeline.after(10_000, () =>
        network.follow(notificationAnswered(network.book, timeline.nowMs, notification.id, false)),
      );
      return;
    }
    const isLate = prng.chance(rates.notificationDelayed);
    const isDoubled = prng.chance(rates.notificationDuplicated);
    if (isLate) record.mark('notification: late');
    if (isDoubled) record.mark('notification: doubled');
    const afterMs = isLate ? prng.between(1000, 3 * MINUTE_MS) : prng.between(20, 300);
    timeline.after(afterMs, () => void deliver(notification));
    if (!isDoubled) return;
    timeline.after(afterMs + prng.between(0, MINUTE_MS), () => {
      void post(notification.contentType, notification.body);
    });
  };
}

const FORGERY_KINDS = [
  'signature of a stranger',
  'broken signature',
  'no signature',
  'another amount',
  'another app',
  'another seller',
] as const;
type ForgeryKind = (typeof FORGERY_KINDS)[number];

/** What Alipay itself signed, but for another app, seller or amount; or what it never signed. */
function forgery(kind: ForgeryKind, body: Buffer): string {
  const form = new URLSearchParams(body.toString('latin1'));
  if (kind === 'another amount') form.set('total_amount', '0.01');
  if (kind === 'another app') form.set('app_id', '2016000000000001');
  if (kind === 'another seller') form.set('seller_id', '2088000000000001');
  // A claim that would hurt: the forger says that it is paid.
  form.set('trade_status', 'TRADE_SUCCESS');
  form.delete('refund_fee');
  const signer = kind === 'signature of a stranger' ? 'stranger' : 'alipay';
  const text = [...form]
    .filter(([name, value]) => name !== 'sign' && name !== 'sign_type' && value !== '')
    .map(([name, value]) => `${name}=${value}`)
    .toSorted()
    .join('&');
  const sign = createSign('RSA-SHA256').update(text).sign(privateKey(signer), 'base64');
  if (kind === 'no signature') form.delete('sign');
  else form.set('sign', kind === 'broken signature' ? `AAAA${sign.slice(4)}` : sign);
  return form.toString();
}
