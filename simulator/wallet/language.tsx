/**
 * The language of the page: what the person chose here before, else what the browser asks for. Components read their words through
 * `useWords`, as `words.title`, `words.of(STORIES['0001'])` or `words.say('renewsIn', '0:42')`.
 */
import { createContext, useContext, useEffect, useMemo, useState } from 'react';
import type { ReactNode } from 'react';

import { remember, remembered } from './system.ts';
import { LANGUAGES, SENTENCES, WORDS } from './words.ts';
import type { Language } from './words.ts';

const STORED_AS = 'wallet_language';

type WordName = keyof typeof WORDS;
export type Spoken = Readonly<Record<WordName, string>> & {
  readonly language: Language;
  readonly choose: (language: Language) => void;
  readonly of: (texts: Readonly<Record<Language, string>>) => string;
  readonly say: (sentence: keyof typeof SENTENCES, value: string) => string;
};

function firstLanguage(): Language {
  const stored = remembered('localStorage', STORED_AS);
  return (
    LANGUAGES.find((language) => language === stored) ??
    (navigator.language.startsWith('zh') ? 'zh' : 'en')
  );
}

function spoken(language: Language, choose: (language: Language) => void): Spoken {
  const entries = Object.entries(WORDS).map(([name, texts]) => [name, texts[language]]);
  return {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the same names, each with its text
    ...(Object.fromEntries(entries) as Record<WordName, string>),
    language,
    choose,
    of: (texts) => texts[language],
    say: (sentence, value) => SENTENCES[sentence][language](value),
  };
}

const LanguageContext = createContext(spoken('zh', () => undefined));

export function LanguageProvider({ children }: { readonly children: ReactNode }) {
  const [language, setLanguage] = useState(firstLanguage);
  const words = useMemo(
    () =>
      spoken(language, (chosen) => {
        remember('localStorage', STORED_AS, chosen);
        setLanguage(chosen);
      }),
    [language],
  );
  useEffect(() => {
    document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
    document.title = words.title;
  }, [language, words]);
  return <LanguageContext value={words}>{children}</LanguageContext>;
}

export const useWords = (): Spoken => useContext(LanguageContext);
