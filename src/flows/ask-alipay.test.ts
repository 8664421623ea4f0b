/** Which key Alipay is asked with: today's, and once more the older one where Alipay does not know today's; nothing else is asked twice. */
import { describe, expect, test } from 'vitest';
import { APP } from '../alipay/fixtures.ts';
import { askAlipay } from './ask-alipay.ts';
import type { LoadedApp } from './load-app.ts';

const TODAY = { ...APP, appId: 'today' };
const OLDER = { ...APP, appId: 'older' };

function loaded(...candidates: LoadedApp['candidates']): LoadedApp {
  const record = {
    owner: 'o',
    appId: 'today',
    signType: 'RSA2',
    alipayPublicKey: 'k',
    alipayKeyGiven: false,
    keyId: 1,
    version: 1,
  } as const;
  return { record, candidates };
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

  test.each(['isv.invalid-signature', 'isv.missing-signature-config'])(
    '%s: once more with the older',
    async (subCode) => {
      const [asked, outcome] = await asking(loaded(TODAY, OLDER), [
        refused(subCode),
        { kind: 'paid' },
      ]);
      expect(asked).toStrictEqual(['today', 'older']);
      expect(outcome).toStrictEqual({ kind: 'paid' });
    },
  );

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

test('with one key nothing is asked twice', async () => {
  const outcome = refused('isv.invalid-signature');
  expect(await asking(loaded(TODAY), [outcome])).toStrictEqual([['today'], outcome]);
});

test('a failure of ours is not an outcome', async () => {
  const failing = askAlipay(loaded(TODAY, OLDER), () => Promise.reject(new Error('bug')));
  await expect(failing).rejects.toThrow('bug');
});

test('an app without a key is a mistake of ours', async () => {
  await expect(asking(loaded(), [])).rejects.toThrow('an app has at least one key');
});
