/** One incident: its texts are the API's, and it can be resolved with a note by whoever may. */
import { Flex, Typography } from 'antd';
import { Link } from 'react-router';
import type { Incident } from '../../../client/client.ts';
import { useMerchantName } from '../../api/merchants.ts';
import { useLanguage, useWords } from '../../app/language.tsx';
import { useWhyNot } from '../../app/session.tsx';
import { timeText } from '../../time.ts';
import { INCIDENTS } from '../../words/incidents.ts';
import { DialogButton } from '../dialog-button.tsx';
import { IncidentTag } from '../state-tag.tsx';
import { ResolveForm } from './resolve-form.tsx';

type Props = { readonly incident: Incident };

export function IncidentCard({ incident }: Props) {
  const words = useWords(INCIDENTS);
  const { language } = useLanguage();
  const nameOf = useMerchantName();
  const { id, title, happened, undecided, advice, state, payment, merchant } = incident;
  const { opened_at: openedAt, last_seen_at: seenAt, seen_count: count } = incident;
  return (
    <article aria-labelledby={id} className="incident">
      <Flex gap={12} align="center" wrap>
        <Typography.Title level={2} id={id} className="section-title">
          {title[language]}
        </Typography.Title>
        <IncidentTag state={state} />
      </Flex>
      <p className="note">
        {nameOf(merchant)} · {words.opened} {timeText(openedAt)} ·{' '}
        {words.seen(count, timeText(seenAt))}
      </p>
      <dl className="reasons">
        <dt>{words.happened}</dt>
        <dd>{happened[language]}</dd>
        <dt>{words.undecided}</dt>
        <dd>{undecided[language]}</dd>
        <dt>{words.advice}</dt>
        <dd>{advice[language]}</dd>
      </dl>
      <Flex gap={12} align="center" wrap>
        <Link to={`/console/payments/${payment}`}>{words.look}</Link>
        {state === 'open' ? <ResolveButton incident={incident} /> : null}
      </Flex>
      <Resolution incident={incident} />
    </article>
  );
}

function ResolveButton({ incident }: Props) {
  const words = useWords(INCIDENTS);
  const whyNot = useWhyNot('manage');
  return (
    <DialogButton
      whyNot={whyNot}
      renderDialog={(close) => <ResolveForm incident={incident} onClose={close} />}
    >
      {words.resolve}
    </DialogButton>
  );
}

function Resolution({ incident }: Props) {
  const words = useWords(INCIDENTS);
  const { resolved_at: at, resolved_by: by, note } = incident;
  if (at === null) return null;
  return (
    <p className="resolution">
      {words.resolvedBy(by ?? '—', timeText(at))}
      {note === null ? null : <q>{note}</q>}
    </p>
  );
}
