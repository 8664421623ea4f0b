/**
 * The language of the page: what the person chose here before, else what the browser asks for. Every component reads its words
 * through `useWords`.
 */
import { createContext, useContext, useEffect, useMemo, useState, type ReactNode } from 'react';
import { LANGUAGES, wordsIn, type Language, type WordsOf, type WordTable } from '../words/words.ts';

const STORED_AS = 'f2f_language';

type Choice = {
  readonly language: Language;
  readonly choose: (language: Language) => void;
};

const LanguageContext = createContext<Choice>({ language: 'zh', choose: () => undefined });

function firstLanguage(): Language {
  const stored = localStorage.getItem(STORED_AS);
  return (
    LANGUAGES.find((language) => language === stored) ??
    (navigator.language.startsWith('zh') ? 'zh' : 'en')
  );
}

export function LanguageProvider({ children }: { readonly children: ReactNode }) {
  const [language, setLanguage] = useState(firstLanguage);
  useEffect(() => {
    document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
  }, [language]);
  const choice = useMemo(
    () => ({
      language,
      choose: (chosen: Language) => {
        localStorage.setItem(STORED_AS, chosen);
        setLanguage(chosen);
      },
    }),
    [language],
  );
  return <LanguageContext value={choice}>{children}</LanguageContext>;
}

export function useLanguage(): Choice {
  return useContext(LanguageContext);
}

/** The table's words in the language of the page. */
export function useWords<Table extends WordTable>(table: Table): WordsOf<Table> {
  const { language } = useLanguage();
  return useMemo(() => wordsIn(table, language), [table, language]);
}
