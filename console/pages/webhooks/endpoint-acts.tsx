/** Buttons of an endpoint that say first what they do: enable, disable, delete. */
import { App } from 'antd';
import { useNavigate } from 'react-router';
import type { WebhookEndpoint } from '../../../client/client.ts';
import { client } from '../../api/client.ts';
import { useWords } from '../../app/language.tsx';
import { useWhyNot } from '../../app/session.tsx';
import { WEBHOOKS } from '../../words/webhooks.ts';
import { AskedAct } from '../asked-act.tsx';
import { dropEndpoint, takeEndpoint } from './use-endpoint.ts';

type Props = { readonly endpoint: WebhookEndpoint };

export function StateButton({ endpoint: { id, state } }: Props) {
  const words = useWords(WEBHOOKS);
  const whyNot = useWhyNot('manage');
  const { message } = App.useApp();
  const done = (text: string) => (now: WebhookEndpoint) => {
    takeEndpoint(now);
    message.success(text);
  };
  if (state === 'enabled') {
    return (
      <AskedAct
        key="disable"
        danger
        whyNot={whyNot}
        title={words.disableTitle}
        does={<p>{words.disableDoes}</p>}
        yes={words.disableYes}
        act={() => client.webhookEndpoints.change(id, { enabled: false })}
        onDone={done(words.disabled)}
      >
        {words.disable}
      </AskedAct>
    );
  }
  return (
    <AskedAct
      key="enable"
      whyNot={whyNot}
      title={words.enableTitle}
      does={<p>{words.enableDoes}</p>}
      yes={words.enableYes}
      act={() => client.webhookEndpoints.change(id, { enabled: true })}
      onDone={done(words.enabled)}
    >
      {words.enable}
    </AskedAct>
  );
}

export function DeleteButton({ endpoint: { id } }: Props) {
  const words = useWords(WEBHOOKS);
  const whyNot = useWhyNot('manage');
  const navigate = useNavigate();
  const { message } = App.useApp();
  return (
    <AskedAct
      danger
      whyNot={whyNot}
      title={words.deleteTitle}
      does={<p>{words.deleteDoes}</p>}
      yes={words.deleteYes}
      act={() => client.webhookEndpoints.delete(id)}
      onDone={() => {
        message.success(words.deleted);
        void navigate('/console/webhooks');
        dropEndpoint(id);
      }}
    >
      {words.delete}
    </AskedAct>
  );
}
