/**
 * A form over the page. What the server refuses stands at its field, or above the buttons where it is about no field; the form stays
 * as it was typed until it is sent or given up.
 */
import { Alert, Button, Form, Modal, type FormInstance } from 'antd';
import { useId, type ReactNode } from 'react';
import { ApiError } from '../../client/client.ts';
import { errorText } from '../api/error-text.ts';
import { useLanguage, useWords } from '../app/language.tsx';
import { ACTS } from '../words/acts.ts';
import { useAct } from './use-act.ts';
import { useFocusBack } from './use-focus-back.ts';

type Props<Values extends object, Made> = {
  readonly title: string;
  /** The word on the button that sends it, unless it saves. */
  readonly yes?: string;
  /** Named as the API names its fields, so that what it says finds them. */
  readonly initial: Partial<Values>;
  readonly send: (values: Values) => Promise<Made>;
  readonly onDone: (made: Made) => void;
  /** What comes next takes its place: it does not close by itself. */
  readonly staysOpen?: boolean;
  /** Reads again what somebody else has changed since; the form closes then. */
  readonly onOutdated?: () => void;
  readonly onClose: () => void;
  /** The fields: `Form.Item`s. */
  readonly children: ReactNode;
};

export function FormDialog<Values extends object, Made>(props: Props<Values, Made>) {
  const {
    title,
    yes,
    initial,
    send,
    onDone,
    onOutdated,
    onClose,
    children,
    staysOpen = false,
  } = props;
  const words = useWords(ACTS);
  const { language } = useLanguage();
  const [form] = Form.useForm<Values>();
  const id = useId();
  useFocusBack();
  const sending = useAct<Made>({
    onSuccess: (made) => {
      if (!staysOpen) onClose();
      onDone(made);
    },
    onError: (error) => showAtField(form, error, errorText(error, language)),
  });
  const { error } = sending;
  const readAgain = (
    <Button
      onClick={() => {
        onClose();
        onOutdated?.();
      }}
    >
      {words.readAgain}
    </Button>
  );
  return (
    <Modal
      open
      title={title}
      okText={yes ?? words.save}
      // Also by Enter in any of its fields.
      okButtonProps={{ htmlType: 'submit', form: id, loading: sending.isPending }}
      cancelText={words.giveUp}
      onCancel={onClose}
      mask={{ closable: false }}
    >
      <Form<Values>
        form={form}
        name={id}
        layout="vertical"
        initialValues={initial}
        requiredMark="optional"
        validateMessages={{ required: words.needed }}
        onFinish={(values) => sending.begin(() => send(values))}
      >
        {children}
      </Form>
      {error === null || fieldOf(form, error) !== undefined ? null : (
        <Alert
          type="error"
          showIcon
          title={errorText(error, language)}
          action={isOutdated(error) && onOutdated !== undefined ? readAgain : undefined}
        />
      )}
    </Modal>
  );
}

function isOutdated(error: unknown): boolean {
  return error instanceof ApiError && error.code === 'precondition_failed';
}

/** The field of the form that an error is about: `authorization.app_auth_token`, or what it begins with. */
function fieldOf(form: FormInstance, error: unknown): readonly string[] | undefined {
  if (!(error instanceof ApiError) || error.field === undefined) return undefined;
  const path = error.field.split('.');
  const names = path.map((_part, index) => path.slice(0, path.length - index));
  return names.find((name) => form.getFieldInstance([...name]) !== undefined);
}

function showAtField<Values>(form: FormInstance<Values>, error: unknown, text: string): void {
  const name = fieldOf(form, error);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it is the name of one of its fields
  if (name !== undefined) form.setFields([{ name: [...name], errors: [text] } as never]);
}
