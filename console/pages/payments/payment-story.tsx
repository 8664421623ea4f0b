/** All that happened to a payment, oldest first: every question, answer, silence and act, each with its details for whoever wants them. */
import type { Timeline } from '../../../client/client.ts';
import { useLanguage, useWords } from '../../app/language.tsx';
import { timeText } from '../../time.ts';
import { PAYMENT, STORY_KINDS } from '../../words/payment.ts';
import { QueryState } from '../query-state.tsx';
import { useTimeline } from './use-timeline.ts';

type Entry = Timeline['entries'][number];

export function PaymentStory({ id }: { readonly id: string }) {
  const words = useWords(PAYMENT);
  return (
    <section aria-labelledby="story">
      <h3 id="story">{words.story}</h3>
      <QueryState query={useTimeline(id)}>
        {({ entries }) => (
          <ol className="story">
            {entries.map((entry, index) => (
              // It only grows at its end.
              // oxlint-disable-next-line react/no-array-index-key
              <StoryEntry key={index} entry={entry} />
            ))}
          </ol>
        )}
      </QueryState>
    </section>
  );
}

function StoryEntry({ entry }: { readonly entry: Entry }) {
  const words = useWords(PAYMENT);
  const kinds = useWords(STORY_KINDS);
  const { language } = useLanguage();
  const { at, kind, title, text, detail } = entry;
  return (
    <li className={`story-${kind}`}>
      <div className="story-head">
        <strong>{title[language]}</strong>
        <span className="note">
          {kinds[kind]} · <time dateTime={at}>{timeText(at)}</time>
        </span>
      </div>
      <div className="story-text">{text[language]}</div>
      {Object.keys(detail).length === 0 ? null : (
        <details>
          <summary>{words.detail}</summary>
          <pre>{JSON.stringify(detail, null, 2)}</pre>
        </details>
      )}
    </li>
  );
}
