import { equalBytes } from './bytes.ts';
import { SmartTapError } from './error.ts';
import { SES_STATUS, type Ses } from './records/session.ts';

export const SESSION_ID_BYTES = 8;

/**
 * How commands are numbered (protocol §6, by its names of the sources): S is Google's sample
 * terminal and counts 1, 3, 5; K counts 0, 1, 2. Handsets take both.
 */
export type CommandStream = 'S' | 'K';

/** Where a stream begins, and how far a command is ahead of the answer before it. */
const STREAMS: Readonly<Record<CommandStream, { readonly first: number; readonly ahead: number }>> =
  { S: { first: 1, ahead: 1 }, K: { first: 0, ahead: 0 } };

/** The session records of one session, as the terminal counts them. */
export class Sequence {
  readonly #sessionId: Uint8Array;
  readonly #ahead: number;
  #next: number;

  constructor(stream: CommandStream, sessionId: Uint8Array) {
    this.#sessionId = sessionId;
    this.#ahead = STREAMS[stream].ahead;
    this.#next = STREAMS[stream].first;
  }

  /** For the next command. */
  ses(): Ses {
    const sequence = this.#next;
    // An answer has the next number (§6); an error has no body that would say so.
    this.#countFrom(sequence + 1);
    return { sessionId: this.#sessionId, sequence, status: SES_STATUS.ok };
  }

  /**
   * Takes the number of an answer. What it has for a status nobody looks at, and its number may be
   * any: Google's sample terminal goes on from it (protocol §6).
   * @throws SmartTapError when the answer is of another session
   */
  heard({ sessionId, sequence }: Ses): void {
    if (!equalBytes(sessionId, this.#sessionId)) {
      throw new SmartTapError('wrong-value', 'ses/sessionId', 'is of another session');
    }
    this.#countFrom(sequence);
  }

  #countFrom(answered: number): void {
    this.#next = (answered + this.#ahead) % 256;
  }
}
