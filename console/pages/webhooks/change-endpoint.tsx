/** Changes where an endpoint is, what it is called, and what it hears of. Only what differs is sent. */
import { App } from 'antd';
import type { ChangeWebhookEndpointBody, WebhookEndpoint } from '../../../client/client.ts';
import { client } from '../../api/client.ts';
import { useWords } from '../../app/language.tsx';
import { WEBHOOKS } from '../../words/webhooks.ts';
import { FormDialog } from '../form-dialog.tsx';
import { useAsOpened } from '../use-as-opened.ts';
import { EndpointFields, fieldsOf, typesOf, type EndpointFieldValues } from './endpoint-fields.tsx';
import { readEndpointAgain, takeEndpoint, type ReadEndpoint } from './use-endpoint.ts';

type Props = { readonly read: ReadEndpoint; readonly onClose: () => void };

export function ChangeEndpoint({ read, onClose }: Props) {
  const { endpoint, etag } = useAsOpened(read);
  const words = useWords(WEBHOOKS);
  const { message } = App.useApp();
  const send = async (wanted: EndpointFieldValues): Promise<WebhookEndpoint> => {
    const change = changeOf(endpoint, wanted);
    if (Object.keys(change).length === 0) return endpoint;
    return client.webhookEndpoints.change(endpoint.id, change, { ifMatch: etag });
  };
  return (
    <FormDialog<EndpointFieldValues, WebhookEndpoint>
      title={words.changeTitle}
      initial={fieldsOf(endpoint)}
      send={send}
      onDone={(now) => {
        if (now === endpoint) return;
        takeEndpoint(now);
        message.success(words.changed);
      }}
      onOutdated={() => readEndpointAgain(endpoint.id)}
      onClose={onClose}
    >
      <EndpointFields />
    </FormDialog>
  );
}

function changeOf(before: WebhookEndpoint, wanted: EndpointFieldValues): ChangeWebhookEndpointBody {
  const url = wanted.url.trim();
  const description = wanted.description?.trim() || null;
  const types = typesOf(wanted);
  const isSame =
    types.length === before.types.length && types.every((type) => before.types.includes(type));
  return {
    ...(url === before.url ? {} : { url }),
    ...(description === before.description ? {} : { description }),
    ...(isSame ? {} : { types }),
  };
}
