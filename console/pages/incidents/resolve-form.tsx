/** Asks what was found and done before an incident counts as dealt with: the note is kept with it. */
import { useMutation } from '@tanstack/react-query';
import { Alert, App, Form, Input, Modal } from 'antd';
import { useState } from 'react';
import type { Incident } from '../../../client/client.ts';
import { client, queryClient } from '../../api/client.ts';
import { errorText } from '../../api/error-text.ts';
import { KEYS } from '../../api/live.ts';
import { useLanguage, useWords } from '../../app/language.tsx';
import { INCIDENTS } from '../../words/incidents.ts';
import { useFocusBack } from '../use-focus-back.ts';

type Props = { readonly incident: Incident; readonly onClose: () => void };

/** As the API has it. */
const NOTE_LENGTH_MAX = 500;

export function ResolveForm({ incident, onClose }: Props) {
  const words = useWords(INCIDENTS);
  const { language } = useLanguage();
  const { message } = App.useApp();
  useFocusBack();
  const [note, setNote] = useState('');
  const [isAsked, setAsked] = useState(false);
  const resolving = useMutation({
    mutationFn: () => client.incidents.resolve(incident.id, { note: note.trim() }),
    onSuccess: () => {
      for (const queryKey of [KEYS.incidents, KEYS.gateway, ['payment', incident.payment]]) {
        void queryClient.invalidateQueries({ queryKey });
      }
      message.success(words.done);
      onClose();
    },
  });
  const isEmpty = note.trim() === '';
  const send = (): void => {
    setAsked(true);
    if (!isEmpty) resolving.mutate();
  };
  const isMissing = isAsked && isEmpty;
  return (
    <Modal
      open
      title={words.resolveTitle}
      okText={words.resolveYes}
      okButtonProps={{ loading: resolving.isPending }}
      cancelText={words.resolveNo}
      onOk={send}
      onCancel={onClose}
      mask={{ closable: false }}
    >
      <p>{incident.title[language]}</p>
      <Form layout="vertical">
        <Form.Item
          label={words.note}
          htmlFor="note"
          validateStatus={isMissing ? 'error' : ''}
          help={isMissing ? words.noteNeeded : undefined}
        >
          <Input.TextArea
            id="note"
            autoFocus
            rows={3}
            maxLength={NOTE_LENGTH_MAX}
            value={note}
            onChange={({ target }) => setNote(target.value)}
          />
        </Form.Item>
      </Form>
      {resolving.error === null ? null : (
        <Alert type="error" showIcon title={errorText(resolving.error, language)} />
      )}
    </Modal>
  );
}
