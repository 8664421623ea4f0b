/**
 * Shows what the gateway tells once, when it is made: a key, a secret, a link. Nothing closes it by mistake; a button says that it is
 * stored.
 */
import { Alert, Flex, Modal } from 'antd';
import type { ReactNode } from 'react';
import { useWords } from '../app/language.tsx';
import { ACTS } from '../words/acts.ts';
import { CopiedText } from './copied.tsx';
import { useFocusBack } from './use-focus-back.ts';

type Props = {
  readonly title: string;
  /** What the secret is called, and it. */
  readonly name: string;
  readonly secret: string;
  readonly onClose: () => void;
  /** What to do with it. */
  readonly children?: ReactNode;
};

export function SecretOnce({ title, name, secret, onClose, children }: Props) {
  const words = useWords(ACTS);
  useFocusBack();
  return (
    <Modal
      open
      title={title}
      okText={words.stored}
      onOk={onClose}
      closable={false}
      keyboard={false}
      mask={{ closable: false }}
      cancelButtonProps={{ style: { display: 'none' } }}
    >
      <Flex vertical gap={12}>
        <Alert type="warning" showIcon title={words.onceOnly} />
        <CopiedText name={name} value={secret} />
        {children}
      </Flex>
    </Modal>
  );
}
