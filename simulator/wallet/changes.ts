/**
 * Hears from the simulator that its book changed, for as long as the page is open: server-sent events over a call of our own,
 * because the browser's `EventSource` sends no token. A stream that ends is opened again; what happened meanwhile is asked for
 * then.
 */
import { isApiError, open } from './api.ts';
import { after } from './system.ts';

export type Connection = 'live' | 'lost' | 'refused';

const AGAIN_MS = 1500;

export type Changes = {
  /** Tries at once, as when the person has entered a token. */
  readonly again: () => void;
  readonly close: () => void;
};

export function openChanges(changed: () => void, connection: (state: Connection) => void): Changes {
  let abort = new AbortController();
  let stopWaiting = (): void => undefined;
  const listen = async ({ signal }: AbortController): Promise<void> => {
    try {
      const { body } = await open('wallet/events', { signal });
      connection('live');
      await read(body, changed);
    } catch (error) {
      if (signal.aborted) return;
      if (isApiError(error) && error.status === 403) {
        connection('refused');
        return;
      }
    }
    if (signal.aborted) return;
    connection('lost');
    stopWaiting = after(AGAIN_MS, again);
  };
  const close = (): void => {
    abort.abort();
    stopWaiting();
  };
  const again = (): void => {
    close();
    abort = new AbortController();
    void listen(abort);
  };
  again();
  return { again, close };
}

/** Until the stream ends or breaks. Only one kind of event comes, so its end is all that is looked for. */
async function read(body: Response['body'], changed: () => void): Promise<void> {
  const reader = body?.getReader();
  const decoder = new TextDecoder();
  let text = '';
  for (;;) {
    const { value, done } = (await reader?.read()) ?? { value: undefined, done: true };
    if (done) return;
    text += decoder.decode(value, { stream: true });
    const end = text.lastIndexOf('\n\n');
    if (end < 0) continue;
    if (text.slice(0, end).includes('event: changed')) changed();
    text = text.slice(end + 2);
  }
}
