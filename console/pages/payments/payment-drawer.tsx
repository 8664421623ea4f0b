/**
 * One payment over the list: what it is, why it is in its state and what comes next, what can be done, and all that happened to it.
 * Each part is read for itself, and shows for itself when it cannot be.
 */
import { useQuery } from '@tanstack/react-query';
import { Alert, Drawer, Flex, Grid, Typography } from 'antd';
import { Link, useLocation, useNavigate } from 'react-router';
import type { Payment, Timeline } from '../../../client/client.ts';
import { client } from '../../api/client.ts';
import { KEYS } from '../../api/live.ts';
import { useLanguage, useWords } from '../../app/language.tsx';
import { moneyText } from '../../money.ts';
import { PAYMENT } from '../../words/payment.ts';
import { QueryState } from '../query-state.tsx';
import { PaymentTags } from '../state-tag.tsx';
import { useFocusBack } from '../use-focus-back.ts';
import { PaymentActions } from './payment-actions.tsx';
import { PaymentFacts } from './payment-facts.tsx';
import { PaymentRefunds } from './payment-refunds.tsx';
import { PaymentStory } from './payment-story.tsx';
import { sentenceOf } from './sentence.ts';
import { useTimeline } from './use-timeline.ts';

const WIDTH_PX = 640;

export function PaymentDrawer({ id }: { readonly id: string }) {
  const words = useWords(PAYMENT);
  const navigate = useNavigate();
  const { search } = useLocation();
  useFocusBack();
  const isWide = Grid.useBreakpoint().md ?? true;
  const payment = useQuery({
    queryKey: KEYS.payment(id),
    queryFn: () => client.payments.get(id),
  });
  return (
    <Drawer
      open
      size={isWide ? WIDTH_PX : '100%'}
      title={words.title}
      closable={{ 'aria-label': words.close }}
      onClose={() => void navigate(`/console/payments${search}`)}
    >
      <QueryState query={payment}>
        {(found) => (
          <Flex vertical gap={24}>
            <Head payment={found} />
            <Reasons id={id} />
            <Incidents id={id} />
            <PaymentActions payment={found} />
            <PaymentRefunds payment={found} />
            <PaymentStory id={id} />
            <PaymentFacts payment={found} />
          </Flex>
        )}
      </QueryState>
    </Drawer>
  );
}

function Head({ payment }: { readonly payment: Payment }) {
  return (
    <Flex align="center" gap={12} wrap aria-live="polite">
      <Typography.Title level={2} className="drawer-amount">
        {moneyText(payment.amount)}
      </Typography.Title>
      <PaymentTags payment={payment} />
    </Flex>
  );
}

function Reasons({ id }: { readonly id: string }) {
  const words = useWords(PAYMENT);
  const { language } = useLanguage();
  const textOf = (text: Timeline['why']): string => sentenceOf(text[language]);
  return (
    <QueryState query={useTimeline(id)}>
      {({ why, next }) => (
        <dl className="reasons" aria-live="polite">
          <dt>{words.why}</dt>
          <dd>{textOf(why)}</dd>
          <dt>{words.next}</dt>
          <dd>{next === null ? words.nothingNext : textOf(next)}</dd>
        </dl>
      )}
    </QueryState>
  );
}

function Incidents({ id }: { readonly id: string }) {
  const words = useWords(PAYMENT);
  const { language } = useLanguage();
  const { data } = useQuery({
    queryKey: KEYS.incidentsOf(id),
    queryFn: () => client.incidents.list({ payment: id, state: 'open' }),
  });
  return (data?.data ?? []).map(({ id: key, title, advice }) => (
    <Alert
      key={key}
      type="warning"
      showIcon
      title={title[language]}
      description={advice[language]}
      action={<Link to="/console/incidents">{words.incidents}</Link>}
    />
  ));
}
