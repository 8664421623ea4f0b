/** Time is counted once, in the part that its function belongs to, and waiting is none. */
import { expect, test } from 'vitest';
import { timeByPart } from './profile.ts';

const node = (id: number, functionName: string, url: string) => ({
  id,
  callFrame: { functionName, url },
});

test('samples are summed by part', () => {
  const nodes = [
    node(1, '(idle)', ''),
    node(2, 'run', 'file:///a/src/store/sqlite.ts'),
    node(3, 'findPayment', 'file:///a/src/store/payments.ts'),
    node(4, 'signOneShot', 'node:internal/crypto/sig'),
    node(5, 'writeUtf8String', ''),
    node(6, 'emit', 'node:events'),
  ];
  const times = timeByPart({
    nodes,
    samples: [1, 2, 2, 3, 4, 5, 6],
    timeDeltas: [100, 1, 2, 4, 8, 16, 32],
  });
  expect(Object.fromEntries(times)).toStrictEqual({
    SQLite: 3,
    'Kysely and the files of store/': 4,
    'RSA and hashes': 8,
    'writing to sockets': 16,
    "Node's own JavaScript": 32,
  });
});
