/** The state of an endpoint, as a word in a colour, and since when attempts are in vain. */
import type { WebhookEndpoint } from '../../../client/client.ts';
import { useWords } from '../../app/language.tsx';
import { timeText } from '../../time.ts';
import { ENDPOINT_STATE_WORDS, WEBHOOKS } from '../../words/webhooks.ts';
import { Tag, type Tone } from '../state-tag.tsx';

const TONES: Readonly<Record<WebhookEndpoint['state'], Tone>> = {
  enabled: 'good',
  disabled: 'over',
  failing: 'bad',
};

export function EndpointTag({ endpoint }: { readonly endpoint: WebhookEndpoint }) {
  const words = useWords(WEBHOOKS);
  const states = useWords(ENDPOINT_STATE_WORDS);
  const { state, failing_since: since } = endpoint;
  return (
    <span className="tags">
      <Tag tone={TONES[state]}>{states[state]}</Tag>
      {since === null ? null : <Tag tone="doubt">{words.vainSince(timeText(since))}</Tag>}
    </span>
  );
}
