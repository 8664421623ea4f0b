/** Adds an endpoint. Its secret is shown next. */
import type { WebhookEndpoint } from '../../../client/client.ts';
import { client } from '../../api/client.ts';
import { useWords } from '../../app/language.tsx';
import { WEBHOOKS } from '../../words/webhooks.ts';
import { withoutBlanks } from '../blanks.ts';
import { FormDialog } from '../form-dialog.tsx';
import { MerchantField } from '../merchant-field.tsx';
import {
  EndpointFields,
  NEW_ENDPOINT,
  typesOf,
  type EndpointFieldValues,
} from './endpoint-fields.tsx';
import { takeEndpoint } from './use-endpoint.ts';

type Props = {
  readonly onClose: () => void;
  readonly onDone: (made: WebhookEndpoint) => void;
};

type Fields = EndpointFieldValues & { readonly merchant?: string };

export function AddEndpoint({ onClose, onDone }: Props) {
  const words = useWords(WEBHOOKS);
  const send = (wanted: Fields): Promise<WebhookEndpoint> => {
    const { url, description, merchant } = wanted;
    return client.webhookEndpoints.create(
      withoutBlanks({ url, description, merchant, types: typesOf(wanted) }),
    );
  };
  return (
    <FormDialog<Fields, WebhookEndpoint>
      title={words.addTitle}
      yes={words.add}
      initial={NEW_ENDPOINT}
      send={send}
      onDone={(made) => {
        takeEndpoint(made);
        onDone(made);
      }}
      onClose={onClose}
    >
      <EndpointFields />
      <MerchantField allText={words.everyMerchant} hint={words.merchantHint} />
    </FormDialog>
  );
}
