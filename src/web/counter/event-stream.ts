import type { CounterEvent, LineHello } from '../../counter/model.ts';
import { TERMINAL_EVENT_KINDS } from '../../terminals/model.ts';
import type { LineHandlers } from './live-line.ts';

/**
 * The browser's own EventSource. It is closed when it fails: when to try again is the live line's
 * to say, and the number after which to go on stands in the address.
 */
export function openEventStream(
  terminalId: string,
  after: number | null,
  handlers: LineHandlers,
): () => void {
  const query = after === null ? '' : `?after=${after}`;
  const source = new EventSource(`/v1/terminals/${encodeURIComponent(terminalId)}/events${query}`);
  const on = (kind: string, handle: (message: MessageEvent<string>) => void) =>
    source.addEventListener(kind, handle as EventListener);
  on('hello', ({ data }) => handlers.hello(JSON.parse(data) as LineHello));
  on('beat', () => handlers.beat());
  for (const kind of TERMINAL_EVENT_KINDS) {
    on(kind, ({ data }) => handlers.event(JSON.parse(data) as CounterEvent));
  }
  source.onerror = () => handlers.failed();
  return () => source.close();
}

/** Network and screen tell when it is worth trying at once. */
export function wakeOnReturn(line: { retry(): void; cut(): void }): void {
  addEventListener('online', () => line.retry());
  addEventListener('offline', () => line.cut());
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') line.retry();
  });
}
