/** What is shown of the settings: everything but what may hold a secret. */
import { expect, test } from 'vitest';
import { readConfig } from './config.ts';
import { shownSettings } from './shown-settings.ts';

test('a setting is shown with its value, a secret without', () => {
  const shown = shownSettings(
    readConfig({
      F2F_DATABASE_URL: 'postgres://f2f:hunter2@db/f2f',
      F2F_API_KEY: 'f2f_hunter2',
      F2F_SIMULATOR_TOKEN: 'hunter2',
      F2F_TOKEN_TTL_S: '60',
    }),
  );
  expect(JSON.stringify(shown)).not.toContain('hunter2');
  const of = (name: string) => shown.find((setting) => setting.name === name);
  expect(of('F2F_DATABASE_URL')).toMatchObject({ value: null, isDefault: false, isSecret: true });
  expect(of('F2F_TOKEN_TTL_S')).toMatchObject({ value: '60', isDefault: false });
  expect(of('F2F_WEBHOOKS')).toMatchObject({ value: 'any', isDefault: true });
  expect(of('F2F_PUBLIC_URL')).toMatchObject({ value: null, isDefault: true, isSecret: false });
  for (const { text } of shown) expect(text.zh).toMatch(/[\u4e00-\u9fff]/);
});
