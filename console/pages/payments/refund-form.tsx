/**
 * Gives money of a payment back. One opened form is one refund, however often it is sent: its key is made when it opens, and what
 * may have arrived without an answer is sent again as it was. Only after a clear no the next try is another one.
 */
import { useMutation } from '@tanstack/react-query';
import { Alert, App, Form, Input, Modal } from 'antd';
import { useState } from 'react';
import { ApiError, NoAnswerError, type Payment, type Refund } from '../../../client/client.ts';
import { client } from '../../api/client.ts';
import { errorText } from '../../api/error-text.ts';
import { takeRefund } from '../../api/live.ts';
import { useLanguage, useWords } from '../../app/language.tsx';
import { moneyText, readYuan, yuanText } from '../../money.ts';
import { PAYMENT } from '../../words/payment.ts';
import { useFocusBack } from '../use-focus-back.ts';

type Props = { readonly payment: Payment; readonly onClose: () => void };

const WAIT_S = 8;
/** As the API has it. */
const REASON_LENGTH_MAX = 256;

export function RefundForm({ payment, onClose }: Props) {
  const words = useWords(PAYMENT);
  useFocusBack();
  const { amount, refunded_amount: back, refunding_amount: asked } = payment;
  const [restFen] = useState(amount - back - asked);
  const [text, setText] = useState(yuanText(restFen));
  const [reason, setReason] = useState('');
  const refunding = useRefund(payment, onClose);
  const amountFen = readYuan(text) ?? 0;
  const isBad = amountFen < 1 || amountFen > restFen;
  // What was sent and may have arrived stays as it was.
  const isSent = isInDoubt(refunding.error);
  const send = (): void => {
    if (!isBad && !refunding.isPending) refunding.mutate({ amountFen, reason });
  };
  return (
    <Modal
      open
      title={words.refundTitle}
      okText={words.refundYes(moneyText(isBad ? 0 : amountFen))}
      okButtonProps={{ danger: true, disabled: isBad, loading: refunding.isPending }}
      cancelText={words.refundNo}
      onOk={send}
      onCancel={onClose}
      mask={{ closable: false }}
    >
      <Form layout="vertical" onFinish={send}>
        <Form.Item
          label={words.refundAmount}
          htmlFor="refund-amount"
          {...(isBad
            ? { validateStatus: 'error', help: words.refundBad(yuanText(restFen)) }
            : { extra: words.refundRest(moneyText(restFen)) })}
        >
          <Input
            id="refund-amount"
            inputMode="decimal"
            autoFocus
            disabled={isSent}
            value={text}
            onChange={({ target }) => setText(target.value)}
            onPressEnter={send}
          />
        </Form.Item>
        <Form.Item
          label={words.refundReason}
          htmlFor="refund-reason"
          extra={words.refundReasonHint}
        >
          <Input
            id="refund-reason"
            maxLength={REASON_LENGTH_MAX}
            disabled={isSent}
            value={reason}
            onChange={({ target }) => setReason(target.value)}
            onPressEnter={send}
          />
        </Form.Item>
      </Form>
      <Trouble error={refunding.error} />
    </Modal>
  );
}

function Trouble({ error }: { readonly error: unknown }) {
  const words = useWords(PAYMENT);
  const { language } = useLanguage();
  if (error === null) return null;
  const isUncertain = isInDoubt(error);
  return (
    <Alert
      type={isUncertain ? 'warning' : 'error'}
      showIcon
      title={errorText(error, language)}
      description={isUncertain ? words.refundUncertain : undefined}
    />
  );
}

/** It may have had its effect: no answer came, or one of a proxy that lost it. */
function isInDoubt(error: unknown): boolean {
  return error instanceof NoAnswerError || (error instanceof ApiError && error.isInDoubt);
}

/** Also where the page came over plain http, which has no `randomUUID`. */
function newKey(): string {
  return crypto.getRandomValues(new Uint32Array(4)).join('-');
}

type Wanted = { readonly amountFen: number; readonly reason: string };

function useRefund({ id }: Payment, onDone: () => void) {
  const words = useWords(PAYMENT);
  const { message } = App.useApp();
  const [idempotencyKey, setKey] = useState(newKey);
  return useMutation({
    mutationFn: ({ amountFen, reason }: Wanted) =>
      client.refunds.create(
        id,
        { amount: amountFen, ...(reason.trim() === '' ? {} : { reason: reason.trim() }) },
        { idempotencyKey, wait: WAIT_S },
      ),
    onError: (error) => {
      if (!isInDoubt(error)) setKey(newKey());
    },
    onSuccess: (refund) => {
      takeRefund(refund);
      tell(refund, words, message);
      onDone();
    },
  });
}

function tell(
  { amount, state, failure }: Refund,
  words: ReturnType<typeof useWords<typeof PAYMENT>>,
  message: ReturnType<typeof App.useApp>['message'],
): void {
  const text = moneyText(amount);
  if (state === 'succeeded') message.success(words.refundDone(text));
  if (state === 'pending') message.info(words.refundPending(text));
  if (state === 'failed') message.error(words.refundRefused(failure?.message ?? ''));
}
