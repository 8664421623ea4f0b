/** One entry of the audit log over the list: what was asked, what came of it, and its place in the chain. */
import { Drawer, Flex, Grid } from 'antd';
import { Link, useLocation, useNavigate } from 'react-router';
import type { AuditEntry } from '../../../client/client.ts';
import { useWords } from '../../app/language.tsx';
import { timeText } from '../../time.ts';
import { ACTOR_KIND_WORDS, AUDIT_LOG } from '../../words/audit-log.ts';
import { PAGE_NAMES } from '../../words/page-names.ts';
import { CopiedText } from '../copied.tsx';
import { Facts, type Fact } from '../facts.tsx';
import { useFocusBack } from '../use-focus-back.ts';
import { Actor, Outcome, useOperationName } from './entry-parts.tsx';
import { listPath } from './filters.ts';
import { targetPath } from './target-path.ts';

const WIDTH_PX = 640;

/** Undefined when it is not among those that are shown. */
export function EntryDrawer({ entry }: { readonly entry: AuditEntry | undefined }) {
  const words = useWords(AUDIT_LOG);
  const names = useWords(PAGE_NAMES);
  const nameOf = useOperationName();
  const navigate = useNavigate();
  const { search } = useLocation();
  useFocusBack();
  const isWide = Grid.useBreakpoint().md ?? true;
  return (
    <Drawer
      open
      size={isWide ? WIDTH_PX : '100%'}
      title={entry === undefined ? names.auditLog : nameOf(entry.operation)}
      closable={{ 'aria-label': words.close }}
      onClose={() => void navigate(`/console/audit-log${search}`)}
    >
      {entry === undefined ? (
        words.notHere
      ) : (
        <Flex vertical gap={24}>
          <EntryFacts entry={entry} />
          <CopiedText name={words.request} value={JSON.stringify(entry.request, null, 2)} />
          <Ways entry={entry} />
        </Flex>
      )}
    </Drawer>
  );
}

function EntryFacts({ entry }: { readonly entry: AuditEntry }) {
  const words = useWords(AUDIT_LOG);
  const { id, at, actor, address, operation, target, outcome, number, hash } = entry;
  const facts: readonly Fact[] = [
    [words.outcome, <Outcome key="outcome" outcome={outcome} />],
    [
      words.code,
      outcome === null ? words.openNote : `HTTP ${outcome.status} · ${timeText(outcome.at)}`,
    ],
    [words.time, timeText(at)],
    [words.actor, <Actor key="actor" actor={actor} />],
    [words.actorId, actor.id, 'copied'],
    [words.address, address ?? '—'],
    [words.target, target, 'copied'],
    [words.operationId, <code key="operation">{operation}</code>],
    [words.id, id, 'copied'],
    [words.number, `${number}`],
    [words.hash, hash, 'copied'],
  ];
  return (
    <section>
      <Facts facts={facts} />
    </section>
  );
}

/** Where to go from here. */
function Ways({ entry: { actor, target } }: { readonly entry: AuditEntry }) {
  const words = useWords(AUDIT_LOG);
  const kinds = useWords(ACTOR_KIND_WORDS);
  const path = target === null ? undefined : targetPath(target);
  const isSomebody = actor.kind === 'user' || actor.kind === 'api_key';
  return (
    <nav className="ways" aria-label={words.ways}>
      {path === undefined ? null : <Link to={path}>{words.look}</Link>}
      {target === null ? null : <Link to={listPath({ target })}>{words.onlyTarget}</Link>}
      <Link to={listPath({ actor: actor.id })}>
        {words.onlyActor(isSomebody ? actor.name : kinds[actor.kind])}
      </Link>
    </nav>
  );
}
