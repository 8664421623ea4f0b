/** What happens beside the requests: time passes, buyers do something, Alipay and the receivers of webhooks fail. */
import * as fc from 'fast-check';
import { FAULT_KINDS } from '../../../simulator/book/entities.ts';
import { seeConcern } from '../../../src/store/incidents.ts';
import { findPaymentByNo } from '../../../src/store/payments.ts';
import { NoResponse } from '../../../src/system/http.ts';
import type { World } from '../../support/world.ts';
import type { Memory } from './memory.ts';

export type Act =
  | { readonly act: 'time passes'; readonly ms: number }
  | { readonly act: 'alipay fails'; readonly kind: string; readonly times: number }
  | { readonly act: 'buyer scans'; readonly place: number }
  | { readonly act: 'buyer pays'; readonly place: number; readonly when: 'now' | 'cancel' }
  | { readonly act: 'buyer declines'; readonly place: number }
  | { readonly act: 'receivers answer'; readonly status: number }
  | { readonly act: 'notifications are lost'; readonly count: number }
  | { readonly act: 'a person must look'; readonly place: number }
  | { readonly act: 'v1 refunds'; readonly place: number; readonly number: string };

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

const TIMES_MS = [SECOND_MS, 10 * SECOND_MS, MINUTE_MS, 20 * MINUTE_MS, HOUR_MS, 13 * HOUR_MS];

const PLACE = fc.nat({ max: 5 });
const act = <Name extends Act['act']>(name: Name) => fc.constant(name);

export const ACTS: fc.Arbitrary<Act> = fc.oneof(
  fc.record({ act: act('time passes'), ms: fc.constantFrom(...TIMES_MS) }),
  fc.record({
    act: act('alipay fails'),
    kind: fc.constantFrom(...FAULT_KINDS),
    times: fc.integer({ min: 1, max: 4 }),
  }),
  fc.record({ act: act('buyer scans'), place: PLACE }),
  fc.record({
    act: act('buyer pays'),
    place: PLACE,
    when: fc.constantFrom('now' as const, 'cancel' as const),
  }),
  fc.record({ act: act('buyer declines'), place: PLACE }),
  // 0: nobody is there.
  fc.record({ act: act('receivers answer'), status: fc.constantFrom(200, 500, 302, 0) }),
  fc.record({ act: act('notifications are lost'), count: fc.nat({ max: 3 }) }),
  fc.record({ act: act('a person must look'), place: PLACE }),
  fc.record({
    act: act('v1 refunds'),
    place: PLACE,
    number: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 }),
  }),
);

export async function happen(world: World, memory: Memory, step: Act): Promise<void> {
  const at = (kind: string, place: number): string => {
    const list = memory.all(kind);
    return list[place % list.length] ?? '';
  };
  const numberAt = (place: number): string => at('payment.id', place).replace('pay_', '');
  switch (step.act) {
    case 'time passes':
      return world.clock.advance(step.ms);
    case 'alipay fails': {
      const { kind, times } = step;
      const more = kind === 'delay' ? { ms: 20 * SECOND_MS } : {};
      world.control('POST', '/simulator/faults', { kind, times, ...more });
      return undefined;
    }
    case 'buyer scans':
      world.control('POST', '/simulator/scan', { qrCode: at('qr_code', step.place) });
      break;
    case 'buyer pays': {
      const path = `/simulator/trades/${numberAt(step.place)}/pay`;
      world.control('POST', path, { when: step.when });
      break;
    }
    case 'buyer declines':
      world.control('POST', `/simulator/trades/${numberAt(step.place)}/decline`);
      break;
    case 'receivers answer': {
      const { status } = step;
      world.onWebhook(async () => {
        if (status === 0) throw new NoResponse('connection', 'nobody is there');
        return { status, headers: {}, body: Buffer.from('heard') };
      });
      return undefined;
    }
    case 'notifications are lost':
      world.loseNotifications(step.count);
      return undefined;
    case 'a person must look': {
      const payment = await findPaymentByNo(world.db, numberAt(step.place));
      const concern = { reason: 'late_payment', requestNo: null } as const;
      if (payment !== undefined) await seeConcern(world.db, payment, concern, world.clock.nowMs());
      return undefined;
    }
    case 'v1 refunds': {
      const cpiNo = memory.all('merchant.id').at(-1)?.replace('mch_', '');
      const refund = { outRequestNo: step.number, refundAmount: '0.01' };
      await world.ask('/f2f/refund', { cpiNo, outTradeNo: numberAt(step.place), ...refund });
      return undefined;
    }
    default:
      return step satisfies never;
  }
  return world.clock.settle();
}
