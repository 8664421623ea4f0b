/**
 * A button for an act that cannot be taken back, or touches what is running: it says first what the act does, and what went wrong if
 * it did.
 */
import { Alert, Modal } from 'antd';
import type { ReactNode } from 'react';
import { errorText } from '../api/error-text.ts';
import { useLanguage, useWords } from '../app/language.tsx';
import { ACTS } from '../words/acts.ts';
import { DialogButton } from './dialog-button.tsx';
import { useAct } from './use-act.ts';
import { useFocusBack } from './use-focus-back.ts';

type Props<Made> = {
  /** On the button. */
  readonly children: string;
  /** Undefined when it is allowed. */
  readonly whyNot: string | undefined;
  readonly danger?: boolean;
  /** Beside a word in a list. */
  readonly isSmall?: boolean;
  readonly title: string;
  /** What it does, and what it leaves alone. */
  readonly does: ReactNode;
  /** The word for going ahead. */
  readonly yes: string;
  readonly act: () => Promise<Made>;
  readonly onDone: (made: Made) => void;
};

export function AskedAct<Made>(props: Props<Made>) {
  const { children, whyNot, danger = false, isSmall = false } = props;
  return (
    <DialogButton
      danger={danger}
      size={isSmall ? 'small' : 'medium'}
      whyNot={whyNot}
      renderDialog={(close) => <Ask {...props} onClose={close} />}
    >
      {children}
    </DialogButton>
  );
}

function Ask<Made>(props: Props<Made> & { readonly onClose: () => void }) {
  const { title, does, yes, danger = false, act, onDone, onClose } = props;
  const words = useWords(ACTS);
  const { language } = useLanguage();
  useFocusBack();
  const acting = useAct<Made>({
    onSuccess: (made) => {
      onClose();
      onDone(made);
    },
  });
  return (
    <Modal
      open
      title={title}
      okText={yes}
      okButtonProps={{ danger, loading: acting.isPending }}
      cancelText={words.giveUp}
      onOk={() => acting.begin(act)}
      onCancel={onClose}
      mask={{ closable: false }}
    >
      <div className="does">{does}</div>
      {acting.error === null ? null : (
        <Alert type="error" showIcon title={errorText(acting.error, language)} />
      )}
    </Modal>
  );
}
