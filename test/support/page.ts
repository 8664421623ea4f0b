/**
 * A page that shows a payment, as a browser runs it: an EventSource of undici's, which follows the standard and comes back by
 * itself.
 */
import { EventSource } from 'undici';

export type Page = {
  /** The states that it was told, oldest first. */
  readonly states: readonly string[];
  /** It was told to stay away, or refused: it does not come back. */
  readonly isOver: () => boolean;
  readonly close: () => void;
};

export function openPage(url: string): Page {
  const source = new EventSource(url);
  const states: string[] = [];
  source.addEventListener('message', (event) => {
    const { state } = JSON.parse(String(event.data)) as { state: string };
    states.push(state);
  });
  return {
    states,
    isOver: () => source.readyState === EventSource.CLOSED,
    close: () => source.close(),
  };
}
