/** What an endpoint hears of: its kinds of events, or all. */
import type { WebhookEndpoint } from '../../../client/client.ts';
import { useWords } from '../../app/language.tsx';
import { WEBHOOKS } from '../../words/webhooks.ts';

export function HeardTypes({ types }: Pick<WebhookEndpoint, 'types'>) {
  const words = useWords(WEBHOOKS);
  if (types.length === 0) return words.allEvents;
  return types.map((type, index) => (
    <span key={type}>
      {index === 0 ? '' : ', '}
      <code>{type}</code>
    </span>
  ));
}
