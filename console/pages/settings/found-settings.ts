/** Which settings a person sees, and in which order. Pure. */
import type { GetGatewayAnswer } from '../../../client/client.ts';
import type { Language } from '../../words/words.ts';

export type Setting = NonNullable<GetGatewayAnswer['settings']>[number];

/** Those that hold each of the words, whatever the case; what somebody changed comes first. */
export function foundSettings(
  settings: readonly Setting[],
  wanted: string,
  language: Language,
): readonly Setting[] {
  const words = wanted.toLowerCase().split(/\s+/);
  const isFound = ({ name, value, text }: Setting): boolean => {
    const all = `${name} ${value ?? ''} ${text[language]}`.toLowerCase();
    return words.every((word) => all.includes(word));
  };
  const found = settings.filter(isFound);
  return [
    ...found.filter(({ is_default: isDefault }) => !isDefault),
    ...found.filter(({ is_default: isDefault }) => isDefault),
  ];
}
