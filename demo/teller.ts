/** Tells a story step by step and ends it when a step does not come out as told. */
export class Teller {
  #number = 0;

  /** A part of the story. */
  chapter(title: string): void {
    console.log(`\n${title}`);
  }

  /**
   * One line: what happens, what came of it and why.
   * @throws Error when it came out otherwise than told
   */
  step(what: string, told: string, came: string, why: string): void {
    this.#number += 1;
    const number = String(this.#number).padStart(2);
    if (came !== told) {
      console.log(`${number} ✗ ${what}: ${came}, told was ${told}`);
      throw new Error(`step ${this.#number} did not come out as told`);
    }
    console.log(`${number} ✓ ${what} → ${came}\n      ${why}`);
  }

  get steps(): number {
    return this.#number;
  }
}
