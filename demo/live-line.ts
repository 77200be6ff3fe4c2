import { setTimeout as pause } from 'node:timers/promises';
import type { CounterEvent } from '../src/counter/model.ts';
import type { Browser } from './browser.ts';

interface Heard {
  readonly event: CounterEvent;
  /** When it was heard, as `performance.now()` tells it. */
  readonly at: number;
}

const PATIENCE_MS = 10_000;

/** The line on which a till hears what happens at its stand. */
export class LiveLine {
  readonly #ended = new AbortController();
  readonly #heard: Heard[] = [];

  /** Open when the service has said hello. */
  static async open(origin: string, terminalId: string, till: Browser): Promise<LiveLine> {
    const line = new LiveLine();
    const response = await fetch(`${origin}/v1/terminals/${terminalId}/events`, {
      headers: { cookie: till.cookie },
      signal: line.#ended.signal,
    });
    if (!response.ok || response.body === null) throw new Error('the live line does not open');
    void line.#read(response.body).catch(() => {});
    return line;
  }

  /** The first event of that kind that was not asked for yet. */
  async next(kind: CounterEvent['kind']): Promise<Heard> {
    const patience = AbortSignal.timeout(PATIENCE_MS);
    for (;;) {
      const index = this.#heard.findIndex(({ event }) => event.kind === kind);
      const [found] = index < 0 ? [] : this.#heard.splice(index, 1);
      if (found) return found;
      await pause(2, undefined, { signal: patience });
    }
  }

  close(): void {
    this.#ended.abort();
  }

  async #read(body: ReadableStream<Uint8Array>): Promise<void> {
    let text = '';
    const decoder = new TextDecoder();
    for await (const chunk of body) {
      text += decoder.decode(chunk, { stream: true });
      const messages = text.split('\n\n');
      text = messages.pop() ?? '';
      for (const message of messages) this.#hear(message);
    }
  }

  #hear(message: string): void {
    const [, data] = /^data: ?(.*)$/m.exec(message) ?? [];
    if (data === undefined || !/^id:/m.test(message)) return;
    this.#heard.push({ event: JSON.parse(data) as CounterEvent, at: performance.now() });
  }
}
