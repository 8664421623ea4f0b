/** Who it was, and what came of it: as the list and the opened entry say it. */
import type { AuditEntry } from '../../../client/client.ts';
import { useWords } from '../../app/language.tsx';
import { ACTOR_KIND_WORDS, OUTCOME_WORDS } from '../../words/audit-log.ts';
import { OPERATION_WORDS } from '../../words/operations.ts';
import { Tag, type Tone } from '../state-tag.tsx';
import { outcomeKind, type OutcomeKind } from './outcome.ts';

export function Actor({ actor: { kind, name } }: Pick<AuditEntry, 'actor'>) {
  const kinds = useWords(ACTOR_KIND_WORDS);
  if (kind === 'nobody' || name === '') return kinds[kind];
  return (
    <>
      {name} <span className="note">{kinds[kind]}</span>
    </>
  );
}

/** What an operation is called; its id where a newer gateway has one that this page does not know. */
export function useOperationName(): (operation: string) => string {
  const words: Readonly<Record<string, string>> = useWords(OPERATION_WORDS);
  return (operation) => words[operation] ?? operation;
}

const TONES: Readonly<Record<OutcomeKind, Tone>> = {
  done: 'good',
  refused: 'bad',
  failed: 'bad',
  replayed: 'over',
  open: 'wait',
};

export function Outcome({ outcome }: Pick<AuditEntry, 'outcome'>) {
  const words = useWords(OUTCOME_WORDS);
  const kind = outcomeKind(outcome);
  return (
    <>
      <Tag tone={TONES[kind]}>{words[kind]}</Tag>
      {outcome === null || outcome.code === null ? null : (
        <span className="note">{outcome.code}</span>
      )}
    </>
  );
}
