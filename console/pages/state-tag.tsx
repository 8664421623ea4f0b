/** The state of something, as a word in a colour; what went back of a payment is a word of its own beside it. */
import type { Incident, Payment, Refund } from '../../client/client.ts';
import { useWords } from '../app/language.tsx';
import {
  INCIDENT_STATE_WORDS,
  PAYMENT_STATE_WORDS,
  REFUND_STATE_WORDS,
  REFUNDED_WORDS,
} from '../words/states.ts';

export type Tone = 'good' | 'bad' | 'doubt' | 'wait' | 'over';

const PAYMENT_TONES: Readonly<Record<Payment['state'], Tone>> = {
  created: 'doubt',
  awaiting_buyer: 'wait',
  paid: 'good',
  declined: 'bad',
  closed: 'over',
  reversed: 'over',
};
const REFUND_TONES: Readonly<Record<Refund['state'], Tone>> = {
  pending: 'wait',
  succeeded: 'good',
  failed: 'bad',
};
const INCIDENT_TONES: Readonly<Record<Incident['state'], Tone>> = {
  open: 'doubt',
  resolved: 'over',
};

export function PaymentTags({ payment }: { readonly payment: Payment }) {
  const words = useWords(PAYMENT_STATE_WORDS);
  const more = useWords(REFUNDED_WORDS);
  const { state, amount, refunded_amount: back, refunding_amount: asked, late } = payment;
  return (
    <span className="tags">
      <Tag tone={PAYMENT_TONES[state]}>{words[state]}</Tag>
      {asked > 0 ? <Tag tone="wait">{more.pending}</Tag> : null}
      {back > 0 ? <Tag tone="over">{back === amount ? more.all : more.part}</Tag> : null}
      {late ? <Tag tone="doubt">{more.late}</Tag> : null}
    </span>
  );
}

export function RefundTag({ state }: Pick<Refund, 'state'>) {
  return <Tag tone={REFUND_TONES[state]}>{useWords(REFUND_STATE_WORDS)[state]}</Tag>;
}

export function IncidentTag({ state }: Pick<Incident, 'state'>) {
  return <Tag tone={INCIDENT_TONES[state]}>{useWords(INCIDENT_STATE_WORDS)[state]}</Tag>;
}

export function Tag({ tone, children }: { readonly tone: Tone; readonly children: string }) {
  return <span className={`tag tag-${tone}`}>{children}</span>;
}
