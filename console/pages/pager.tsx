/**
 * The way through a long list: on, back, and to the beginning. Where one is stands in the address; the places that one came by are kept with
 * it, because the API knows only the way on.
 */
import { Button, Flex } from 'antd';
import { useLocation, useNavigate, useSearchParams } from 'react-router';
import { useWords } from '../app/language.tsx';
import { ACTS } from '../words/acts.ts';

const CURSOR = 'cursor';

export function useCursor(): string | undefined {
  const [search] = useSearchParams();
  return search.get(CURSOR) ?? undefined;
}

/** The cursors of the pages before this one, in their order; the first page has none. */
function cameBy(state: unknown): readonly string[] {
  const known = typeof state === 'object' && state !== null && 'cursors' in state;
  return known && Array.isArray(state.cursors) ? state.cursors.map(String) : [];
}

export function Pager({ nextCursor }: { readonly nextCursor: string | null }) {
  const words = useWords(ACTS);
  const navigate = useNavigate();
  const { state } = useLocation();
  const [search] = useSearchParams();
  const cursor = useCursor();
  const cursors = cursor === undefined ? [] : cameBy(state);
  const go = (to: string | undefined, way: readonly string[]): void => {
    const wanted = new URLSearchParams(search);
    wanted.delete(CURSOR);
    if (to !== undefined) wanted.set(CURSOR, to);
    void navigate({ search: wanted.toString() }, { state: { cursors: way } });
    document.getElementById('content')?.focus();
    window.scrollTo({ top: 0 });
  };
  if (cursor === undefined && nextCursor === null) return null;
  return (
    <Flex component="nav" aria-label={words.pages} gap={8} justify="center" className="pager">
      {cursor === undefined ? null : (
        <Button onClick={() => go(undefined, [])}>{words.firstPage}</Button>
      )}
      {cursors.length === 0 ? null : (
        <Button onClick={() => go(cursors.at(-2), cursors.slice(0, -1))}>{words.pageBefore}</Button>
      )}
      {nextCursor === null ? null : (
        <Button onClick={() => go(nextCursor, [...cursors, nextCursor])}>{words.nextPage}</Button>
      )}
    </Flex>
  );
}
