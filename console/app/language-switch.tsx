/** The button that changes the language of the page. It speaks the other one. */
import { Button } from 'antd';
import { SHELL } from '../words/shell.ts';
import { useLanguage, useWords } from './language.tsx';

export function LanguageSwitch() {
  const words = useWords(SHELL);
  const { language, choose } = useLanguage();
  const other = language === 'zh' ? 'en' : 'zh';
  return (
    <Button type="text" lang={other === 'zh' ? 'zh-CN' : 'en'} onClick={() => choose(other)}>
      {words.otherLanguage}
    </Button>
  );
}
