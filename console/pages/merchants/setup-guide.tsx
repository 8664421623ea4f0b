/**
 * The way to real money, step by step, with what can be done about each beside it. Open until Alipay’s key is there; what cannot be
 * known from here says where it is done.
 */
import { useState, type ReactNode } from 'react';
import { Link } from 'react-router';
import type { Merchant } from '../../../client/client.ts';
import { useGateway } from '../../api/gateway.ts';
import { useWords } from '../../app/language.tsx';
import { GUIDE } from '../../words/merchant-keys.ts';
import { SHELL } from '../../words/shell.ts';
import { Tag } from '../state-tag.tsx';

type Props = {
  readonly merchant: Merchant;
  /** A test since the page was opened has proven everything. */
  readonly isProven: boolean;
  /** The button that tests. */
  readonly test: ReactNode;
};

export function SetupGuide({ merchant, isProven, test }: Props) {
  const words = useWords(GUIDE);
  const { cashier } = useWords(SHELL);
  const { data: gateway } = useGateway();
  const { certificates, alipay_public_key: alipaysKey } = merchant.app;
  const isMissing = certificates === null && alipaysKey === null;
  const [isOpen, setOpen] = useState(isMissing);
  const hasAnswers = isProven || !isMissing;
  return (
    <details
      className="part guide"
      open={isOpen}
      onToggle={({ currentTarget }) => setOpen(currentTarget.open)}
    >
      <summary>
        <h2>{words.title}</h2>
      </summary>
      {gateway?.simulated === true ? <p className="note">{words.simulated}</p> : null}
      <ol>
        <Step
          title={words.contract}
          text={words.contractText}
          isDone={isProven ? true : undefined}
        />
        <Step title={words.ours} text={words.oursText} isDone={isProven ? true : undefined} />
        <Step title={words.alipays} text={words.alipaysText} isDone={hasAnswers} />
        <Step title={words.prove} text={words.proveText} isDone={isProven}>
          {test}
        </Step>
        <Step title={words.fen} text={words.fenText} isDone={undefined}>
          <Link to="/cashier">{cashier}</Link>
        </Step>
      </ol>
    </details>
  );
}

function Step(props: {
  readonly title: string;
  readonly text: string;
  /** Undefined where only a person knows. */
  readonly isDone: boolean | undefined;
  readonly children?: ReactNode;
}) {
  const { title, text, isDone, children } = props;
  const words = useWords(GUIDE);
  return (
    <li>
      <strong>{title}</strong>{' '}
      {isDone === undefined ? null : (
        <Tag tone={isDone ? 'good' : 'doubt'}>{isDone ? words.done : words.toDo}</Tag>
      )}
      <p>{text}</p>
      {children}
    </li>
  );
}
