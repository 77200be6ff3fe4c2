import { type Doing, type Happening, next, type Proof, SLOW_MS, type Step } from './steps.ts';
import { type NdefReader, newReader, seenTag } from './web-nfc.ts';

/** How often it is looked whether somebody touched the stand. */
const LOOK_MS = 1500;

export interface WritingLine {
  /** Tells the service what was read back. */
  report(proof: Proof): Promise<Happening>;
  /** Whether the stand was touched since. */
  isVerified(): Promise<boolean>;
}

/** Does what each step asks for, and tells the page of the next. */
export class WritingDesk {
  readonly #url: string;
  readonly #line: WritingLine;
  readonly #show: (step: Step) => void;
  #step: Step = { at: 'preparing' };
  #reader: NdefReader | null = null;
  #ending = new AbortController();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(url: string, line: WritingLine, show: (step: Step) => void) {
    this.#url = url;
    this.#line = line;
    this.#show = show;
  }

  readonly tell = (happening: Happening): void => {
    const before = this.#step;
    this.#step = next(before, happening, this.#url);
    if (this.#step === before) return;
    this.#show(this.#step);
    this.#enter(before, this.#step);
  };

  #enter(before: Step, step: Step): void {
    if (step.at === 'written') this.#enterWritten(before, step.lock);
    if (before.at === step.at) return;
    clearTimeout(this.#timer);
    switch (step.at) {
      case 'asking':
        void this.#scan();
        break;
      case 'waiting':
      case 'checking':
        this.#hintLater();
        break;
      case 'writing':
        this.#hintLater();
        void this.#write(step.overwrite);
        break;
      case 'reporting':
        void this.#line.report(step.proof).then(this.tell);
        break;
      case 'start':
      case 'failed':
      case 'refused':
        this.#stop();
        break;
      case 'verified':
        buzz([60, 80, 60]);
        break;
      default:
        break;
    }
  }

  #enterWritten(before: Step, lock: string): void {
    if (before.at !== 'written') {
      // While it reads here, this phone would not open the stand's page as a member's does.
      this.#stop();
      buzz([60]);
      void this.#awaitTouch();
    } else if (lock === 'locking' && before.lock !== 'locking') void this.#lock();
  }

  #hintLater(): void {
    this.#timer = setTimeout(() => this.tell({ what: 'slow' }), SLOW_MS);
  }

  async #scan(): Promise<void> {
    this.#ending = new AbortController();
    await this.#attempt('scan', async () => {
      const reader = newReader();
      this.#reader = reader;
      reader.addEventListener('reading', (event) => {
        this.tell({ what: 'seen', tag: seenTag(event) });
      });
      reader.addEventListener('readingerror', () => this.tell({ what: 'unreadable' }));
      await reader.scan({ signal: this.#ending.signal });
      this.tell({ what: 'allowed' });
    });
  }

  #write(overwrite: boolean): Promise<void> {
    return this.#attempt('write', async () => {
      const message = { records: [{ recordType: 'url' as const, data: this.#url }] };
      await this.#reader?.write(message, { overwrite, signal: this.#ending.signal });
      buzz([30]);
      this.tell({ what: 'wrote' });
    });
  }

  #lock(): Promise<void> {
    return this.#attempt('lock', async () => {
      this.#ending = new AbortController();
      await newReader().makeReadOnly({ signal: this.#ending.signal });
      buzz([60]);
      this.tell({ what: 'locked' });
    });
  }

  async #attempt(doing: Doing, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      const name = error instanceof Error ? error.name : '';
      this.tell({ what: 'error', doing, name });
    }
  }

  async #awaitTouch(): Promise<void> {
    while (this.#step.at === 'written') {
      const verified = await this.#line.isVerified().catch(() => false);
      if (verified) this.tell({ what: 'verified' });
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  }

  #stop(): void {
    this.#ending.abort();
    this.#reader = null;
  }
}

function buzz(pattern: number[]): void {
  if ('vibrate' in navigator) navigator.vibrate(pattern);
}
