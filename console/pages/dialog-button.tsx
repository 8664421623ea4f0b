/** A button that opens something over the page: a form, a question, a result. It is made anew each time, and gone when it closes. */
import type { ButtonProps } from 'antd';
import { useState, type ReactNode } from 'react';
import { ActionButton } from './action-button.tsx';
import { useFocusOnLeaving } from './use-focus-back.ts';

type Props = Pick<ButtonProps, 'danger' | 'type' | 'size'> & {
  readonly children: string;
  /** Undefined when it is allowed. */
  readonly whyNot: string | undefined;
  readonly renderDialog: (close: () => void) => ReactNode;
};

export function DialogButton({ children, renderDialog, ...button }: Props) {
  const [isOpen, setOpen] = useState(false);
  useFocusOnLeaving();
  return (
    <>
      <ActionButton {...button} onAct={() => setOpen(true)}>
        {children}
      </ActionButton>
      {isOpen ? renderDialog(() => setOpen(false)) : null}
    </>
  );
}
