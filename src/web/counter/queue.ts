import type { Problem, QueuedRedemption } from './till-model.ts';

/** So many redemptions wait at a till at most: each of them is a promise that may be refused. */
export const MOST_QUEUED = 20;

/** A `Storage`, or what stands for one in a test. */
export interface Shelf {
  getItem(name: string): string | null;
  setItem(name: string, value: string): void;
}

export type Uploaded =
  | { readonly kind: 'done' }
  /** The service has decided otherwise: somebody must look. */
  | { readonly kind: 'refused'; readonly problem: Problem }
  /** Not now: the line is down, or the till is not known. */
  | { readonly kind: 'later' };

/**
 * What could not be uploaded, in order. It is read from the shelf before each change, so that two
 * windows of one till see one queue; a key that is sent twice is redeemed once.
 */
export class RedemptionQueue {
  readonly #shelf: Shelf;
  readonly #name: string;
  #draining = false;

  constructor(shelf: Shelf, name: string) {
    this.#shelf = shelf;
    this.#name = name;
  }

  items(): readonly QueuedRedemption[] {
    const text = this.#shelf.getItem(this.#name);
    return text === null ? [] : (JSON.parse(text) as QueuedRedemption[]);
  }

  /** False when it is full. The same key is kept once. */
  add(item: QueuedRedemption): boolean {
    const items = this.items();
    if (items.some(({ key }) => key === item.key)) return true;
    if (items.length >= MOST_QUEUED) return false;
    this.#keep([...items, item]);
    return true;
  }

  /** A conflict was looked at. */
  remove(key: string): void {
    this.#keep(this.items().filter((item) => item.key !== key));
  }

  /**
   * Uploads what waits, oldest first, each under the key that it was made with. Stops where the
   * service cannot be reached; a refusal stays for decision and holds up nothing behind it.
   */
  async drain(
    upload: (item: QueuedRedemption) => Promise<Uploaded>,
    changed: () => void,
  ): Promise<void> {
    if (this.#draining) return;
    this.#draining = true;
    try {
      for (;;) {
        // Read anew each time: more may be added while one is on its way.
        const item = this.items().find(({ conflict }) => conflict === null);
        if (item === undefined) return;
        const outcome = await upload(item);
        if (outcome.kind === 'later') return;
        if (outcome.kind === 'done') this.remove(item.key);
        else this.#mark(item.key, outcome.problem);
        changed();
      }
    } finally {
      this.#draining = false;
    }
  }

  #mark(key: string, conflict: Problem): void {
    this.#keep(this.items().map((item) => (item.key === key ? { ...item, conflict } : item)));
  }

  #keep(items: readonly QueuedRedemption[]): void {
    this.#shelf.setItem(this.#name, JSON.stringify(items));
  }
}
