/**
 * The history in partitions by day, as `docs/scale.md` tells operators to make them, with the page's own SQL: what was stored
 * before stays, the gateway goes on and knows of nothing, and a notification is still told once.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { applyHint } from '../../src/flows/apply-fact.ts';
import { chargeBarcode } from '../../src/flows/charge-barcode.ts';
import { readHistory } from '../../src/flows/read-history.ts';
import { runRaw } from '../../src/store/store.fixtures.ts';
import { aBarcode, createStage, sell, type Stage } from './stage.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

let stage: Stage;
afterEach(() => stage.close());

/** The SQL of the section in which the history is parted. */
function partitionSql(): string {
  const page = readFileSync(join(import.meta.dirname, '../../docs/scale.md'), 'utf8');
  const [sql] = [...page.matchAll(/```sql\n(.*?)```/gs)]
    .map(([, block = '']) => block)
    .filter((block) => block.includes('partition by range'));
  if (sql === undefined) throw new Error('docs/scale.md tells how to make partitions');
  return sql;
}

test('the history goes on in partitions by day', async () => {
  stage = await createStage();
  const { a, merchant, witness } = stage;
  const before = await sell(stage);
  await witness.query(partitionSql());
  // The partitions of the page are those of 2027.
  await stage.clock.advance(60 * DAY_MS);
  const sold = await chargeBarcode(a.deps, merchant, aBarcode('9999', '2'));
  const after = sold.kind === 'payment' ? sold.payment.paymentNo : '';
  expect(sold).toMatchObject({ payment: { state: 'paid' } });
  expect(after).toMatch(/^FF2701/);

  for (const paymentNo of [before, after]) {
    const key = { merchantId: merchant.merchantId, paymentNo };
    const hint = { notifyId: 'n1', notice: 'paid', detail: { from: 'notification' } } as const;
    await applyHint(a.deps, key, hint);
    await applyHint(a.deps, key, hint);
    const history = await readHistory(a.deps, paymentNo);
    expect(history?.faults).toStrictEqual([]);
    expect(history?.events.filter(({ kind }) => kind === 'hint')).toHaveLength(1);
  }
  const where = await runRaw(
    a.db,
    'select distinct payment_no, tableoid::regclass::text as partition from payment_event order by 1',
  );
  expect(where).toStrictEqual([
    { payment_no: before, partition: 'payment_event_until_2026' },
    { payment_no: after, partition: 'payment_event_2027_01' },
  ]);
});
