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
  /** What the answer to the last command has: its number and one (§6). */
  #answer = 0;

  constructor(stream: CommandStream, sessionId: Uint8Array) {
    this.#sessionId = sessionId;
    this.#ahead = STREAMS[stream].ahead;
    this.#next = STREAMS[stream].first;
  }

  /** For the next command. */
  ses(): Ses {
    const sequence = this.#next;
    this.#answer = (sequence + 1) % 256;
    this.#next = (this.#answer + this.#ahead) % 256;
    return { sessionId: this.#sessionId, sequence, status: SES_STATUS.ok };
  }

  /**
   * Checks that an answer is the one to the last command; what it has for a status nobody looks at.
   * @throws SmartTapError when it is of another session, or of another command (protocol §6)
   */
  heard({ sessionId, sequence }: Ses): void {
    if (!equalBytes(sessionId, this.#sessionId)) {
      throw new SmartTapError('wrong-value', 'ses/sessionId', 'is of another session');
    }
    if (sequence === this.#answer) return;
    const reason = `is ${sequence}, not ${this.#answer} after the command's number`;
    throw new SmartTapError('wrong-value', 'ses/sequence', reason);
  }
}
