/** What came of one call of an endpoint: its status and how long it took, and word by word what it said, or why it said nothing. */
import type { WebhookTest } from '../../../client/client.ts';
import { useWords } from '../../app/language.tsx';
import { DELIVERIES } from '../../words/deliveries.ts';
import { CopiedText } from '../copied.tsx';

type Props = {
  readonly outcome: Pick<WebhookTest, 'status' | 'answer' | 'fault' | 'duration_ms'>;
};

export function OutcomeHead({ outcome: { status, duration_ms: durationMs } }: Props) {
  const words = useWords(DELIVERIES);
  return (
    <span>
      {status === null ? words.noAnswer : words.status(status)} · {words.tookMs(durationMs)}
    </span>
  );
}

export function Outcome({ outcome: { answer, fault } }: Props) {
  const words = useWords(DELIVERIES);
  return (
    <>
      {fault === null ? null : (
        <p>
          {words.fault}: <code>{fault}</code>
        </p>
      )}
      {answer ? <CopiedText name={words.answer} value={answer} /> : null}
    </>
  );
}
