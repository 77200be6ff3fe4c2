import type { CounterEvent, LineHello } from '../../counter/model.ts';
import type { LineStatus } from './till-model.ts';

const SILENCE_MS = 4_500;
const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 15_000;
/** For so long the line says that it is back. */
const BACK_MS = 8_000;
/** What happened longer ago was not just now. */
const FRESH_MS = 120_000;

export interface LineHandlers {
  hello(hello: LineHello): void;
  beat(): void;
  event(event: CounterEvent): void;
  failed(): void;
}

export interface LinePorts {
  /** Opens the stream after that number; null is from now on. Gives what closes it. */
  open(after: number | null, handlers: LineHandlers): () => void;
  /** 0 to 1. */
  random(): number;
  readonly memory: { read(): number | null; write(number: number): void };
  status(status: LineStatus): void;
  heard(event: CounterEvent, fresh: boolean): void;
  /** The line fell; whoever is told may find out whether the till is still known. */
  fell(): void;
}

type Timer = ReturnType<typeof setTimeout>;

/**
 * The live line to a till. It falls when nothing came for a while, whatever the browser believes,
 * comes back by itself, and hands on every event once, however often it was sent.
 */
export class LiveLine {
  readonly #ports: LinePorts;
  #status: LineStatus = { kind: 'off' };
  /** The number of the last event that was handed on; null before the first. */
  #last: number | null;
  #close = () => {};
  #timer: Timer | undefined;
  #attempts = 0;
  #heardAt = 0;
  #silenceMs = SILENCE_MS;
  /** What happened before, in the server's time, happened while the line was not there. */
  #there = 0;
  #missed = 0;
  #serverAheadMs = 0;

  constructor(ports: LinePorts) {
    this.#ports = ports;
    this.#last = ports.memory.read();
  }

  start(): void {
    if (this.#status.kind !== 'off') return;
    this.#attempts = 0;
    this.#heardAt = 0;
    this.#tell({ kind: 'connecting' });
    this.#open();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#close();
    this.#tell({ kind: 'off' });
  }

  /** Tries at once where it would have waited. */
  retry(): void {
    if (this.#status.kind === 'lost' && this.#status.retryAt !== null) this.#again();
  }

  /** The machine says that it has no network. */
  cut(): void {
    if (this.#status.kind !== 'lost') this.#fell();
  }

  #open(): void {
    this.#close();
    let current = true;
    const only =
      <Args extends unknown[]>(handle: (...args: Args) => void) =>
      (...args: Args) => {
        if (current) handle(...args);
      };
    const closeSource = this.#ports.open(this.#last, {
      hello: only((hello) => this.#hello(hello)),
      beat: only(() => this.#alive()),
      event: only((event) => this.#event(event)),
      failed: only(() => this.#fell()),
    });
    this.#close = () => {
      current = false;
      closeSource();
    };
    this.#wait(this.#silenceMs, () => this.#fell());
  }

  #alive(): void {
    this.#heardAt = Date.now();
    this.#wait(this.#silenceMs, () => this.#fell());
  }

  #hello({ now, last, beatSeconds }: LineHello): void {
    const wasLost = this.#status.kind === 'lost';
    this.#silenceMs = Math.max(SILENCE_MS, beatSeconds * 2_000 + 500);
    this.#attempts = 0;
    this.#missed = 0;
    this.#there = Date.parse(now);
    this.#serverAheadMs = this.#there - Date.now();
    // A number beyond the last one is of a terminal that was made anew.
    if (this.#last === null || this.#last > last) this.#remember(last);
    this.#alive();
    if (wasLost) this.#back();
    else this.#tell({ kind: 'on' });
  }

  #event(event: CounterEvent): void {
    this.#alive();
    if (this.#last !== null && event.number <= this.#last) return;
    this.#remember(event.number);
    const happened = Date.parse(event.at);
    this.#ports.heard(event, Date.now() + this.#serverAheadMs - happened < FRESH_MS);
    if (happened > this.#there || event.kind !== 'tap') return;
    this.#missed += 1;
    this.#back();
  }

  /** On again, which is said for a while. */
  #back(): void {
    if (this.#status.kind !== 'back') setTimeout(() => this.#settle(), BACK_MS);
    this.#tell({ kind: 'back', missed: this.#missed });
  }

  #settle(): void {
    if (this.#status.kind === 'back') this.#tell({ kind: 'on' });
  }

  #fell(): void {
    this.#close();
    const before = this.#status;
    if (before.kind === 'off') return;
    const since = before.kind === 'lost' ? before.since : this.#heardAt || Date.now();
    const longest = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** this.#attempts);
    const delay = longest * (0.5 + this.#ports.random() / 2);
    this.#attempts += 1;
    this.#tell({ kind: 'lost', since, retryAt: Date.now() + delay });
    this.#wait(delay, () => this.#again());
    this.#ports.fell();
  }

  #again(): void {
    if (this.#status.kind !== 'lost') return;
    this.#tell({ ...this.#status, retryAt: null });
    this.#open();
  }

  #remember(number: number): void {
    this.#last = number;
    this.#ports.memory.write(number);
  }

  #tell(status: LineStatus): void {
    this.#status = status;
    this.#ports.status(status);
  }

  #wait(milliseconds: number, then: () => void): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(then, milliseconds);
  }
}
