import { utf8 } from '../platform/bytes.ts';
import { errorFacts, type Log } from '../platform/log.ts';
import type { AppContext } from './env.ts';

/** A reader that takes nothing for longer than this is left. */
const STALLED_MS = 30_000;

export interface EventStreamPorts {
  readonly log: Log;
  /** Aborts when the process ends, and with it every stream; null where none outlives its answer. */
  readonly closing: AbortSignal | null;
}

/** What is told: text in the form of server-sent events, made while it is read. */
export type Telling = (signal: AbortSignal) => AsyncGenerator<string, void>;

/** One message; without a number it leaves the reader's last number as it is. */
export function serverSentEvent(kind: string, data: unknown, number?: number): string {
  const id = number === undefined ? '' : `id: ${number}\n`;
  return `${id}event: ${kind}\ndata: ${JSON.stringify(data)}\n\n`;
}

/**
 * Answers with server-sent events. The next is made when the one before was taken, so a slow reader
 * holds no memory here; one that stops reading loses the connection and comes back when it can.
 */
export function eventStream(c: AppContext, ports: EventStreamPorts, telling: Telling): Response {
  const headers = {
    'Content-Type': 'text/event-stream; charset=UTF-8',
    'Cache-Control': 'no-store',
    // A proxy that gathers what comes would make the line late.
    'X-Accel-Buffering': 'no',
  };
  if (c.req.method === 'HEAD') return c.body(null, 200, headers);
  const { stream, ended } = streamOf(telling, ports.closing, {
    failed: (error) => {
      ports.log.warn('a live line broke off', {
        requestId: c.get('requestId'),
        ...errorFacts(error),
      });
    },
    stalled: () => c.env?.outgoing?.destroy(),
  });
  c.env?.answerLasts?.(ended);
  return c.body(stream, 200, headers);
}

interface Ends {
  failed(error: unknown): void;
  stalled(): void;
}

export function streamOf(
  telling: Telling,
  closing: AbortSignal | null,
  ends: Ends,
  stalledMs = STALLED_MS,
): { readonly stream: ReadableStream<Uint8Array>; readonly ended: Promise<void> } {
  const told = new Told(telling, closing, ends, stalledMs);
  const source = {
    pull: (controller: Controller) => told.pull(controller),
    cancel: () => told.leave(),
  };
  return { stream: new ReadableStream(source, { highWaterMark: 0 }), ended: told.ended };
}

type Controller = ReadableStreamDefaultController<Uint8Array>;

/** What is told to one reader, piece by piece, until one side ends it. */
class Told {
  readonly ended: Promise<void>;
  readonly #stop = new AbortController();
  readonly #pieces: AsyncGenerator<string, void>;
  readonly #closing: AbortSignal | null;
  readonly #ends: Ends;
  readonly #stalledMs: number;
  #resolveEnded = () => {};
  #unread: ReturnType<typeof setTimeout> | undefined;
  #left = false;

  constructor(telling: Telling, closing: AbortSignal | null, ends: Ends, stalledMs: number) {
    this.#closing = closing;
    this.#ends = ends;
    this.#stalledMs = stalledMs;
    this.ended = new Promise((resolve) => {
      this.#resolveEnded = resolve;
    });
    if (closing?.aborted) this.#stop.abort();
    closing?.addEventListener('abort', this.#onClosing);
    this.#pieces = telling(this.#stop.signal);
  }

  async pull(controller: Controller): Promise<void> {
    clearTimeout(this.#unread);
    try {
      const next = await this.#pieces.next();
      // The reader went while the piece was made.
      if (this.#left) return;
      if (next.done) {
        controller.close();
        return this.#end();
      }
      controller.enqueue(utf8(next.value));
      this.#unread = setTimeout(() => this.#stall(controller), this.#stalledMs);
    } catch (error) {
      if (this.#left) return;
      this.#ends.failed(error);
      this.#end();
      // The error itself may quote what nobody shall read.
      controller.error(new Error('the line broke off'));
    }
  }

  async leave(): Promise<void> {
    this.#left = true;
    // What waits in the middle of a piece ends by the signal.
    this.#stop.abort();
    await this.#pieces.return();
    this.#end();
  }

  #stall(controller: Controller): void {
    this.#ends.stalled();
    controller.error(new Error('nobody reads any more'));
    void this.leave();
  }

  readonly #onClosing = () => this.#stop.abort();

  #end(): void {
    clearTimeout(this.#unread);
    this.#closing?.removeEventListener('abort', this.#onClosing);
    this.#stop.abort();
    this.#resolveEnded();
  }
}
