/** Latencies in milliseconds. */
export class Histogram {
  readonly #values: number[] = [];
  #sorted = true;

  get count(): number {
    return this.#values.length;
  }

  add(milliseconds: number): void {
    this.#values.push(milliseconds);
    this.#sorted = false;
  }

  /** The value that this share of all lies at or below; 0 when there is none. */
  percentile(share: number): number {
    if (!this.#sorted) this.#values.sort((left, right) => left - right);
    this.#sorted = true;
    const index = Math.min(this.#values.length - 1, Math.ceil(share * this.#values.length) - 1);
    return this.#values[Math.max(0, index)] ?? 0;
  }
}
