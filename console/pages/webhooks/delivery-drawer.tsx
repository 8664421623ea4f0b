/** One delivery: every attempt at it, with what was sent and what was answered, and a button that sends it again. */
import { useMutation } from '@tanstack/react-query';
import { App, Drawer, Flex, Grid } from 'antd';
import { Link } from 'react-router';
import type { WebhookDelivery } from '../../../client/client.ts';
import { client } from '../../api/client.ts';
import { errorText } from '../../api/error-text.ts';
import { useLanguage, useWords } from '../../app/language.tsx';
import { useWhyNot } from '../../app/session.tsx';
import { timeText } from '../../time.ts';
import { DELIVERIES } from '../../words/deliveries.ts';
import { ActionButton } from '../action-button.tsx';
import { CopiedText } from '../copied.tsx';
import { QueryState } from '../query-state.tsx';
import { useFocusBack } from '../use-focus-back.ts';
import { DeliveryTag } from './delivery-tag.tsx';
import { Outcome, OutcomeHead } from './outcome.tsx';
import { readDeliveriesAgain, useDelivery } from './use-deliveries.ts';

type Props = { readonly id: string; readonly onClose: () => void };
type Attempt = NonNullable<WebhookDelivery['attempts']>[number];

const WIDTH_PX = 640;

export function DeliveryDrawer({ id, onClose }: Props) {
  const words = useWords(DELIVERIES);
  useFocusBack();
  const isWide = Grid.useBreakpoint().md ?? true;
  const delivery = useDelivery(id);
  return (
    <Drawer
      open
      size={isWide ? WIDTH_PX : '100%'}
      title={words.one}
      closable={{ 'aria-label': words.close }}
      onClose={onClose}
    >
      <QueryState query={delivery}>
        {(found) => (
          <Flex vertical gap={24}>
            <Head delivery={found} />
            <Attempts delivery={found} />
          </Flex>
        )}
      </QueryState>
    </Drawer>
  );
}

function Head({ delivery }: { readonly delivery: WebhookDelivery }) {
  const words = useWords(DELIVERIES);
  const { event, type, payment, state, next_attempt_at: next } = delivery;
  return (
    <Flex vertical align="flex-start" gap={8}>
      <Flex gap={12} align="center" wrap aria-live="polite">
        <strong>
          <code>{type}</code>
        </strong>
        <DeliveryTag state={state} />
        {next === null ? null : (
          <span className="note">
            {words.next}: {timeText(next)}
          </span>
        )}
      </Flex>
      <span className="note">
        {event} · <Link to={`/console/payments/${payment}`}>{payment}</Link>
      </span>
      <AgainButton delivery={delivery} />
    </Flex>
  );
}

function AgainButton({ delivery: { id } }: { readonly delivery: WebhookDelivery }) {
  const words = useWords(DELIVERIES);
  const { language } = useLanguage();
  const { message } = App.useApp();
  const whyNot = useWhyNot('manage');
  const sending = useMutation({
    mutationFn: () => client.webhookDeliveries.redeliver(id),
    onSuccess: () => {
      readDeliveriesAgain();
      message.success(words.againDone);
    },
    onError: (error) => message.error(errorText(error, language)),
  });
  return (
    <ActionButton whyNot={whyNot} loading={sending.isPending} onAct={() => sending.mutate()}>
      {words.again}
    </ActionButton>
  );
}

/** The last one first: it is what matters. */
function Attempts({ delivery: { attempts = [] } }: { readonly delivery: WebhookDelivery }) {
  const words = useWords(DELIVERIES);
  if (attempts.length === 0) return <p className="note">{words.noAttempt}</p>;
  const numbered = attempts.map((attempt, index) => ({ attempt, number: index + 1 }));
  return (
    <ol className="story">
      {numbered.toReversed().map(({ attempt, number }) => (
        <AttemptItem key={number} attempt={attempt} number={number} />
      ))}
    </ol>
  );
}

function AttemptItem({ attempt, number }: { readonly attempt: Attempt; readonly number: number }) {
  const words = useWords(DELIVERIES);
  const { at, url, request_body: body, request_headers: sent, answer_headers: heard } = attempt;
  return (
    <li>
      <div className="story-head">
        <strong>{words.attempt(number)}</strong>
        <OutcomeHead outcome={attempt} />
        <time className="note" dateTime={at}>
          {timeText(at)}
        </time>
      </div>
      {heard === null ? null : <Headers name={words.answerHeaders} headers={heard} />}
      <Outcome outcome={attempt} />
      <p className="note story-text">
        {words.sentTo} {url}
      </p>
      {sent === null ? null : <Headers name={words.requestHeaders} headers={sent} />}
      <CopiedText name={words.request} value={body} />
    </li>
  );
}

function Headers({
  name,
  headers,
}: {
  readonly name: string;
  readonly headers: Readonly<Record<string, string>>;
}) {
  const lines = Object.entries(headers).map(([header, value]) => `${header}: ${value}`);
  return <CopiedText name={name} value={lines.join('\n')} />;
}
