/** What a person can do with a payment: ask Alipay now, cancel, refund. What is not allowed says why not. */
import { useMutation } from '@tanstack/react-query';
import { App, Flex } from 'antd';
import type { Payment } from '../../../client/client.ts';
import { client } from '../../api/client.ts';
import { errorText } from '../../api/error-text.ts';
import { takePayment } from '../../api/live.ts';
import { useLanguage, useWords } from '../../app/language.tsx';
import { useWhyNot } from '../../app/session.tsx';
import { PAYMENT, WHY_NO_CANCEL, WHY_NO_REFUND } from '../../words/payment.ts';
import { PAYMENT_STATE_WORDS } from '../../words/states.ts';
import { ActionButton } from '../action-button.tsx';
import { DialogButton } from '../dialog-button.tsx';
import { RefundForm } from './refund-form.tsx';

type Props = { readonly payment: Payment };

/** A person waits for the outcome of a click so long. */
const WAIT_S = 8;

export function PaymentActions({ payment }: Props) {
  const words = useWords(PAYMENT);
  return (
    <Flex gap={8} wrap component="section" aria-label={words.actions}>
      <CheckButton payment={payment} />
      <CancelButton payment={payment} />
      <RefundButton payment={payment} />
    </Flex>
  );
}

function CheckButton({ payment }: Props) {
  const words = useWords(PAYMENT);
  const states = useWords(PAYMENT_STATE_WORDS);
  const { language } = useLanguage();
  const { message } = App.useApp();
  const whyNot = useWhyNot('read');
  const checking = useMutation({
    mutationFn: () => client.payments.check(payment.id),
    onSuccess: (found) => {
      takePayment(found);
      message.success(words.checked(states[found.state]));
    },
    onError: (error) => message.error(errorText(error, language)),
  });
  return (
    <ActionButton
      type="primary"
      whyNot={whyNot}
      loading={checking.isPending}
      onAct={() => checking.mutate()}
    >
      {words.check}
    </ActionButton>
  );
}

function CancelButton({ payment }: Props) {
  const words = useWords(PAYMENT);
  const whyNot = useWords(WHY_NO_CANCEL);
  const states = useWords(PAYMENT_STATE_WORDS);
  const { language } = useLanguage();
  const { message, modal } = App.useApp();
  const forbidden = useWhyNot('charge');
  const cancelling = useMutation({
    mutationFn: () => client.payments.cancel(payment.id, { wait: WAIT_S }),
    onSuccess: (found) => {
      takePayment(found);
      message.info(words.cancelled(states[found.state]));
    },
    onError: (error) => message.error(errorText(error, language)),
  });
  const ask = (): void => {
    modal.confirm({
      title: words.cancelTitle,
      content: words.cancelText,
      okText: words.cancelYes,
      okButtonProps: { danger: true },
      cancelText: words.cancelNo,
      onOk: () => cancelling.mutateAsync().catch(() => undefined),
    });
  };
  const isAllowed = payment.allowed_actions.includes('cancel');
  return (
    <ActionButton
      danger
      whyNot={forbidden ?? (isAllowed ? undefined : whyNot[payment.state])}
      loading={cancelling.isPending}
      onAct={ask}
    >
      {words.cancel}
    </ActionButton>
  );
}

function RefundButton({ payment }: Props) {
  const words = useWords(PAYMENT);
  const whyNot = useWords(WHY_NO_REFUND);
  const forbidden = useWhyNot('refund');
  const isAllowed = payment.allowed_actions.includes('refund');
  return (
    <DialogButton
      whyNot={forbidden ?? (isAllowed ? undefined : whyNot[payment.state])}
      renderDialog={(close) => <RefundForm payment={payment} onClose={close} />}
    >
      {words.refund}
    </DialogButton>
  );
}
