/** What Alipay said to a test: each question with its answer, Alipay’s code, and what to do about it. */
import { Alert } from 'antd';
import type { MerchantTest } from '../../../client/client.ts';
import { useWords } from '../../app/language.tsx';
import { ADVICE_WORDS, RESULT_WORDS, TEST_WORDS } from '../../words/merchant-keys.ts';

type Finding = MerchantTest['query'];
type Question = 'heartbeat' | 'query';

type Props = {
  readonly ok: boolean;
  readonly okText: string;
  readonly questions: Readonly<Partial<Record<Question, Finding>>>;
};

const QUESTIONS: readonly Question[] = ['heartbeat', 'query'];

export function Findings({ ok, okText, questions }: Props) {
  const words = useWords(TEST_WORDS);
  const results = useWords(RESULT_WORDS);
  const adviceOf = useAdvice();
  return (
    <Alert
      type={ok ? 'success' : 'warning'}
      showIcon
      className="findings"
      title={ok ? okText : words.failed}
      description={
        <dl>
          {QUESTIONS.map((question) => {
            const finding = questions[question];
            if (finding === undefined) return null;
            const advice = adviceOf(finding);
            const said = [finding.message, finding.code && `(${finding.code})`].filter(Boolean);
            return (
              <div key={question}>
                <dt>{words[question]}</dt>
                <dd>
                  <strong>{results[finding.result]}</strong>
                  {said.length === 0 ? null : <span> {said.join(' ')}</span>}
                  {advice === undefined ? null : <p>{advice}</p>}
                </dd>
              </div>
            );
          })}
        </dl>
      }
    />
  );
}

/** Alipay’s code says more than the result. */
function useAdvice(): (finding: Finding) => string | undefined {
  const words: Readonly<Record<string, string>> = useWords(ADVICE_WORDS);
  return ({ result, code }) => words[code ?? ''] ?? words[result];
}
