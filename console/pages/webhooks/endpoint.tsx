/** One endpoint: how it stands, what can be done with it, and what it was sent. */
import { useMutation } from '@tanstack/react-query';
import { Alert, App } from 'antd';
import { Link } from 'react-router';
import type { WebhookEndpoint } from '../../../client/client.ts';
import { client } from '../../api/client.ts';
import { errorText } from '../../api/error-text.ts';
import { useMerchantName } from '../../api/merchants.ts';
import { useLanguage, useWords } from '../../app/language.tsx';
import { useSession, useWhyNot } from '../../app/session.tsx';
import { timeText } from '../../time.ts';
import { ACTS } from '../../words/acts.ts';
import { WEBHOOKS } from '../../words/webhooks.ts';
import { ActionButton } from '../action-button.tsx';
import { DialogButton } from '../dialog-button.tsx';
import { Facts, type Fact } from '../facts.tsx';
import { PageHead } from '../page-head.tsx';
import { QueryState } from '../query-state.tsx';
import { ChangeEndpoint } from './change-endpoint.tsx';
import { Deliveries } from './deliveries.tsx';
import { DeleteButton, StateButton } from './endpoint-acts.tsx';
import { EndpointTag } from './endpoint-tag.tsx';
import { HeardTypes } from './heard-types.tsx';
import { RotateButton } from './rotate-secret.tsx';
import { TestResult } from './test-result.tsx';
import { useEndpoint, type ReadEndpoint } from './use-endpoint.ts';

type Props = { readonly endpoint: WebhookEndpoint };

export function EndpointPage({ id }: { readonly id: string }) {
  const words = useWords(WEBHOOKS);
  const query = useEndpoint(id);
  return (
    <>
      <p className="way-back">
        <Link to="/console/webhooks">← {words.all}</Link>
      </p>
      <QueryState query={query}>{(read) => <Details read={read} />}</QueryState>
    </>
  );
}

function Details({ read }: { readonly read: ReadEndpoint }) {
  const { endpoint } = read;
  const words = useWords(WEBHOOKS);
  const { language } = useLanguage();
  const { message } = App.useApp();
  const whyNot = useWhyNot('manage');
  const testing = useMutation({
    mutationFn: () => client.webhookEndpoints.test(endpoint.id),
    onError: (error) => message.error(errorText(error, language)),
  });
  return (
    <>
      <PageHead name="webhooks" one={endpoint.description ?? endpoint.url}>
        <ActionButton
          type="primary"
          whyNot={whyNot}
          loading={testing.isPending}
          onAct={() => testing.mutate()}
        >
          {words.test}
        </ActionButton>
        <ChangeButton read={read} />
        <StateButton endpoint={endpoint} />
        <RotateButton endpoint={endpoint} />
        <DeleteButton endpoint={endpoint} />
      </PageHead>
      <p>
        <EndpointTag endpoint={endpoint} />
      </p>
      <Advice endpoint={endpoint} />
      {testing.data === undefined ? null : <TestResult result={testing.data} />}
      <EndpointFacts endpoint={endpoint} />
      <Deliveries endpoint={endpoint} />
    </>
  );
}

function ChangeButton({ read }: { readonly read: ReadEndpoint }) {
  const words = useWords(ACTS);
  const whyNot = useWhyNot('manage');
  return (
    <DialogButton
      whyNot={whyNot}
      renderDialog={(close) => <ChangeEndpoint read={read} onClose={close} />}
    >
      {words.edit}
    </DialogButton>
  );
}

/** What to do about an endpoint that does not take what it is sent. */
function Advice({ endpoint: { state, failing_since: since } }: Props) {
  const words = useWords(WEBHOOKS);
  if (since === null || state === 'disabled') return null;
  const at = timeText(since);
  return (
    <Alert
      className="findings"
      type={state === 'failing' ? 'error' : 'warning'}
      showIcon
      title={state === 'failing' ? words.failingTitle(at) : words.vainSince(at)}
      description={state === 'failing' ? words.failingAdvice : words.vainAdvice}
    />
  );
}

function EndpointFacts({ endpoint }: Props) {
  const words = useWords(WEBHOOKS);
  const { user } = useSession();
  const nameOf = useMerchantName();
  const { id, url, merchant, types, created_at: at, older_secret_until: until } = endpoint;
  const facts: readonly Fact[] = [
    [words.url, url, 'copied'],
    [words.id, id, 'copied'],
    ...(user.merchant === null
      ? [[words.merchant, merchant === null ? words.everyMerchant : nameOf(merchant)] as const]
      : []),
    [words.hears, <HeardTypes key="types" types={types} />],
    ...(until === null ? [] : [[words.secret, words.olderUntil(timeText(until))] as const]),
    [words.created, timeText(at)],
  ];
  return (
    <section aria-labelledby="facts" className="part">
      <h2 id="facts">{words.facts}</h2>
      <Facts facts={facts} />
    </section>
  );
}
