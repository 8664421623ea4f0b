/**
 * Sends again what happened in a range of time. The API takes it in parts; how far it has come is shown, and after a failure the same
 * range goes on where it was. Closing the dialog ends it after the part that is under way.
 */
import { App, Form, Input } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { client } from '../../api/client.ts';
import { useWords } from '../../app/language.tsx';
import { useWhyNot } from '../../app/session.tsx';
import { dayStartMs, timeInputText, timeOfInput } from '../../time.ts';
import { DELIVERIES } from '../../words/deliveries.ts';
import { DialogButton } from '../dialog-button.tsx';
import { FormDialog } from '../form-dialog.tsx';
import { readDeliveriesAgain } from './use-deliveries.ts';

type Props = { readonly endpointId: string };
type Range = { readonly from: string; readonly until: string };

export function RedeliverButton({ endpointId }: Props) {
  const words = useWords(DELIVERIES);
  const whyNot = useWhyNot('manage');
  return (
    <DialogButton
      whyNot={whyNot}
      renderDialog={(close) => <RangeDialog endpointId={endpointId} onClose={close} />}
    >
      {words.range}
    </DialogButton>
  );
}

function RangeDialog({ endpointId, onClose }: Props & { readonly onClose: () => void }) {
  const words = useWords(DELIVERIES);
  const { message } = App.useApp();
  const { count, send } = useRedelivery(endpointId);
  const [today] = useState(() => {
    const nowMs = Date.now();
    return { from: timeInputText(dayStartMs(nowMs)), until: timeInputText(nowMs) };
  });
  return (
    <FormDialog<Range, number>
      title={words.rangeTitle}
      yes={words.rangeYes}
      initial={today}
      send={send}
      onDone={(sent) => {
        readDeliveriesAgain();
        if (sent === 0) message.info(words.rangeNone);
        else message.success(words.rangeDone(sent));
      }}
      onClose={onClose}
    >
      <p>{words.rangeNote}</p>
      <Form.Item name="from" label={words.from} rules={[{ required: true }]}>
        <Input type="datetime-local" step={1} />
      </Form.Item>
      <Form.Item
        name="until"
        label={words.until}
        dependencies={['from']}
        rules={[
          { required: true },
          ({ getFieldValue }) => ({
            validator: async (_rule, until: string) => {
              if (until <= String(getFieldValue('from'))) throw new Error(words.timeBad);
            },
          }),
        ]}
      >
        <Input type="datetime-local" step={1} />
      </Form.Item>
      <output>{count === 0 ? null : words.rangeSoFar(count)}</output>
    </FormDialog>
  );
}

type Place = {
  readonly range: string;
  readonly cursor: string | undefined;
  readonly count: number;
};

function useRedelivery(endpointId: string) {
  const [count, setCount] = useState(0);
  const place = useRef<Place>(undefined);
  const isLeft = useRef(false);
  useEffect(() => {
    isLeft.current = false;
    return () => {
      isLeft.current = true;
    };
  }, []);
  const send = async ({ from, until }: Range): Promise<number> => {
    const range = `${from} ${until}`;
    const known = place.current?.range === range ? place.current : undefined;
    let { cursor, count: sent } = known ?? { cursor: undefined, count: 0 };
    const times = { from: timeOfInput(from), until: timeOfInput(until) };
    do {
      const part = await client.webhookEndpoints.redeliver(endpointId, { ...times, cursor });
      cursor = part.next_cursor ?? undefined;
      sent += part.count;
      place.current = { range, cursor, count: sent };
      setCount(sent);
    } while (cursor !== undefined && !isLeft.current);
    return sent;
  };
  return { count, send };
}
