/** What acts on dongles share: who may, and that the list is read again and a message says what was done. */
import { App } from 'antd';
import { queryClient } from '../../api/client.ts';
import { useWords } from '../../app/language.tsx';
import { useSession, useWhyNot } from '../../app/session.tsx';
import { DONGLES } from '../../words/dongles.ts';

export const DONGLES_KEY = ['dongles'] as const;

/** `whyNot` is undefined when the person may; `done` tells what was done. */
export function useDongleAct() {
  const words = useWords(DONGLES);
  const { user } = useSession();
  const { message } = App.useApp();
  const forbidden = useWhyNot('manage');
  return {
    words,
    whyNot: forbidden ?? (user.merchant === null ? undefined : words.operatorsOnly),
    done: (text: string) => (): void => {
      void queryClient.invalidateQueries({ queryKey: DONGLES_KEY });
      message.success(text);
    },
  };
}
