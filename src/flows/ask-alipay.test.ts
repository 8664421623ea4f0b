/**
 * What Alipay is asked with: the app of today, and once more what else it may be known by where Alipay does not know that;
 * nothing else is asked twice.
 */
import { describe, expect, test } from 'vitest';
import type { AlipayApp } from '../alipay/client.ts';
import { APP } from '../alipay/fixtures.ts';
import { anApp } from '../store/store.fixtures.ts';
import { askAlipay } from './ask-alipay.ts';
import type { LoadedApp } from './load-app.ts';

const TODAY = { ...APP, appId: 'today' };
const OLDER = { ...APP, appId: 'older' };

function loaded(app: AlipayApp, ...others: readonly AlipayApp[]): LoadedApp {
  return { record: anApp(), app, others: () => Promise.resolve(others) };
}

type Outcome = { kind: string; answer?: { subCode?: string } };
const refused = (subCode?: string): Outcome => ({
  kind: 'refused',
  answer: subCode === undefined ? {} : { subCode },
});

/** Asks with the outcomes in turn; tells who asked and what came of it. */
async function asking(app: LoadedApp, outcomes: readonly Outcome[]): Promise<[string[], Outcome]> {
  const asked: string[] = [];
  const outcome = await askAlipay(app, async ({ appId }): Promise<Outcome> => {
    asked.push(appId);
    return outcomes[asked.length - 1]!;
  });
  return [asked, outcome];
}

describe('with a newer and an older key', () => {
  test.each<[string, Outcome]>([
    ['an answer', { kind: 'paid' }],
    ['silence', { kind: 'unknown' }],
    ['a refusal for another reason', refused('ACQ.SELLER_BALANCE_NOT_ENOUGH')],
    ['a refusal without a reason', refused()],
    ['a permission that is missing', refused('isv.insufficient-isv-permissions')],
    [
      'an unknown outcome that claims the signature',
      { kind: 'unknown', answer: { subCode: 'isv.invalid-signature' } },
    ],
  ])('%s ends it', async (_case, outcome) => {
    expect(await asking(loaded(TODAY, OLDER), [outcome])).toStrictEqual([['today'], outcome]);
  });

  test.each([
    'isv.invalid-signature',
    'isv.missing-signature-config',
    'isv.missing-app-cert-sn',
    'isv.app-cert-expired',
    'aop.invalid-app-auth-token',
  ])('%s: once more with the older', async (subCode) => {
    const [asked, outcome] = await asking(loaded(TODAY, OLDER), [
      refused(subCode),
      { kind: 'paid' },
    ]);
    expect(asked).toStrictEqual(['today', 'older']);
    expect(outcome).toStrictEqual({ kind: 'paid' });
  });

  test('both unknown to Alipay: its last word', async () => {
    const last = refused('isv.missing-signature-config');
    const [asked, outcome] = await asking(loaded(TODAY, OLDER), [
      refused('isv.invalid-signature'),
      last,
    ]);
    expect(asked).toStrictEqual(['today', 'older']);
    expect(outcome).toBe(last);
  });
});

test('when others take it that the call has ended, no further one begins', async () => {
  const asked: string[] = [];
  const ask = async ({ appId }: AlipayApp): Promise<Outcome> => {
    asked.push(appId);
    return refused('isv.invalid-signature');
  };
  const isInTime = () => asked.length < 2;
  const outcome = await askAlipay(loaded(TODAY, OLDER, { ...APP, appId: 'oldest' }), ask, isInTime);
  expect(asked).toStrictEqual(['today', 'older']);
  expect(outcome).toStrictEqual(refused('isv.invalid-signature'));
});

test('with one key nothing is asked twice', async () => {
  const outcome = refused('isv.invalid-signature');
  expect(await asking(loaded(TODAY), [outcome])).toStrictEqual([['today'], outcome]);
});

test('a failure of ours is not an outcome', async () => {
  const failing = askAlipay(loaded(TODAY, OLDER), () => Promise.reject(new Error('bug')));
  await expect(failing).rejects.toThrow('bug');
});
