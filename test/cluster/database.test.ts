/** A standby of the test's own making is a real one: what was committed is there when it takes the primary's place. */
import { expect, test } from 'vitest';
import { withClient } from '../support/postgres-setup.ts';
import { startDatabase } from './database.ts';

/** A loaded machine copies and starts servers slowly. */
const MS_MAX = 120_000;

test(
  'what was committed is on the standby that takes over, and on the one after it',
  async () => {
    const database = await startDatabase();
    try {
      await withClient(database.url(), (client) => client.query('create table it (n int)'));
      for (const n of [1, 2]) {
        await database.addStandby();
        const before = database.port();
        await withClient(database.url(), (client) =>
          client.query('insert into it values ($1)', [n]),
        );
        await database.stopAtOnce();
        await database.promote();
        expect(database.port()).not.toBe(before);
      }
      const { rows } = await withClient(database.url(), (client) =>
        client.query('select n from it order by n'),
      );
      expect(rows).toEqual([{ n: 1 }, { n: 2 }]);
    } finally {
      await database.close();
    }
  },
  MS_MAX,
);
