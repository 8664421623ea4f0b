/**
 * The settings as an operator may see them in a running gateway: what each is, whether it is the default, and what it means. A
 * value that may hold a secret is never shown, and what is not set is null.
 */
import { SETTINGS, type Config } from './config.ts';
import type { ShownSetting } from './flows/deps.ts';
import { MEANINGS_ZH } from './setting-words.ts';

export function shownSettings(config: Config): readonly ShownSetting[] {
  return settingKeys().map((key) => {
    const { name, meaning, isSecret = false } = SETTINGS[key];
    const value = config[key];
    return {
      name,
      value: isSecret || value === undefined ? null : String(value),
      isDefault: value === SETTINGS[key].default(config),
      isSecret,
      text: { en: meaning, zh: MEANINGS_ZH[key] },
    };
  });
}

function settingKeys(): readonly (keyof Config)[] {
  // `Object.keys` forgets the type of the keys; the object has these and no others.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as the sentence above says
  return Object.keys(SETTINGS) as (keyof Config)[];
}
