/** What came of a test: whether the program took it, and what it said. */
import { Alert } from 'antd';
import type { WebhookTest } from '../../../client/client.ts';
import { useWords } from '../../app/language.tsx';
import { WEBHOOKS } from '../../words/webhooks.ts';
import { Outcome, OutcomeHead } from './outcome.tsx';

export function TestResult({ result }: { readonly result: WebhookTest }) {
  const words = useWords(WEBHOOKS);
  return (
    <Alert
      className="findings"
      type={result.ok ? 'success' : 'error'}
      showIcon
      title={result.ok ? words.testOk : words.testRefused}
      description={
        <>
          <OutcomeHead outcome={result} />
          {result.ok ? null : <p>{words.testAdvice}</p>}
          <Outcome outcome={result} />
        </>
      }
    />
  );
}
