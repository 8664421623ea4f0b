/** The state of a delivery, as a word in a colour. */
import { useWords } from '../../app/language.tsx';
import { DELIVERY_STATE_WORDS } from '../../words/deliveries.ts';
import { Tag, type Tone } from '../state-tag.tsx';
import type { DeliveryState } from './use-deliveries.ts';

const TONES: Readonly<Record<DeliveryState, Tone>> = {
  pending: 'wait',
  delivered: 'good',
  failed: 'bad',
};

export function DeliveryTag({ state }: { readonly state: DeliveryState }) {
  return <Tag tone={TONES[state]}>{useWords(DELIVERY_STATE_WORDS)[state]}</Tag>;
}
