/** Changed settings come first, and a search looks at names, values and meanings in the language of the page. */
import { expect, test } from 'vitest';
import { foundSettings, type Setting } from './found-settings.ts';

const setting = (name: string, value: string | null, isDefault: boolean): Setting => ({
  name,
  value,
  is_default: isDefault,
  is_secret: false,
  text: { en: `what ${name} means`, zh: `${name} 的含义` },
});

const ALL = [
  setting('F2F_HOST', '127.0.0.1', true),
  setting('F2F_PORT', '8081', false),
  setting('F2F_PUBLIC_URL', null, true),
  setting('F2F_CONFIRM', 'strict', false),
];
const namesOf = (wanted: string, language: 'en' | 'zh' = 'en') =>
  foundSettings(ALL, wanted, language).map(({ name }) => name);

test('changed ones come first, each part in its own order', () => {
  expect(namesOf('')).toStrictEqual(['F2F_PORT', 'F2F_CONFIRM', 'F2F_HOST', 'F2F_PUBLIC_URL']);
});

test('each word has to be in the name, the value or the meaning', () => {
  expect(namesOf(' strict ')).toStrictEqual(['F2F_CONFIRM']);
  expect(namesOf('port MEANS')).toStrictEqual(['F2F_PORT']);
  expect(namesOf('含义', 'zh')).toHaveLength(4);
  expect(namesOf('含义')).toStrictEqual([]);
  expect(namesOf('port strict')).toStrictEqual([]);
});
