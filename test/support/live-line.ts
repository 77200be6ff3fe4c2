import { type IncomingMessage, request } from 'node:http';
import type { CounterEvent, LineHello } from '../../src/counter/model.ts';

export interface Message {
  readonly id: string | null;
  readonly event: string;
  readonly data: unknown;
}

/** A reader of a live line, as a browser's EventSource is one. */
export interface LineReader {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly messages: readonly Message[];
  readonly hello: LineHello;
  /** All but `hello` and `beat`. */
  events(): CounterEvent[];
  /** Waits until that holds; throws after a while in which it did not. */
  until(holds: () => boolean, withinMs?: number): Promise<void>;
  /** Resolves when the service ends the line. */
  readonly ended: Promise<void>;
  close(): void;
}

export interface LineOptions {
  readonly headers: Readonly<Record<string, string>>;
  readonly after?: number;
  readonly query?: string;
}

/** Opens the line of a terminal and waits for its `hello`, or for a refusal. */
export async function openLine(
  url: string,
  terminalId: string,
  { headers, after, query = '' }: LineOptions,
): Promise<LineReader> {
  const asked = new URLSearchParams(query);
  if (after !== undefined) asked.set('after', String(after));
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request(`${url}/v1/terminals/${terminalId}/events?${asked}`, { headers, agent: false }, resolve)
      .on('error', reject)
      .end();
  });
  const messages: Message[] = [];
  let text = '';
  let woken = () => {};
  response.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
    const whole = text.split('\n\n');
    text = whole.pop() ?? '';
    messages.push(...whole.map(messageIn));
    woken();
  });
  const ended = new Promise<void>((resolve) => response.once('close', resolve));
  response.on('error', () => {});
  void ended.then(() => woken());
  const until = async (holds: () => boolean, withinMs = 10_000) => {
    const end = performance.now() + withinMs;
    while (!holds()) {
      const left = end - performance.now();
      if (left <= 0) throw new Error(`not within ${withinMs} ms`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, Math.min(left, 50));
        woken = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  };
  if (response.statusCode === 200) await until(() => messages.length > 0);
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    messages,
    hello: messages[0]?.data as LineHello,
    events: () =>
      messages
        .filter(({ event }) => event !== 'hello' && event !== 'beat')
        .map(({ data }) => data as CounterEvent),
    until,
    ended,
    close: () => response.destroy(),
  };
}

function messageIn(text: string): Message {
  const fields = new Map(
    text.split('\n').map((line): [string, string] => {
      const colon = line.indexOf(': ');
      return [line.slice(0, colon), line.slice(colon + 2)];
    }),
  );
  return {
    id: fields.get('id') ?? null,
    event: fields.get('event') ?? '',
    data: JSON.parse(fields.get('data') ?? 'null'),
  };
}
