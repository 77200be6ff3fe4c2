import { decodeResponse, MAX_LE } from './apdu.ts';
import { concatBytes } from './bytes.ts';
import { encodeSmartTapCommand, type SmartTapCommand } from './commands.ts';
import { SmartTapError } from './error.ts';
import { SW, statusClass } from './status-words.ts';

/** Sends one command APDU to the handset, gives its response APDU, and rejects if it is gone. */
export type Transceive = (apdu: Uint8Array) => Promise<Uint8Array>;

/** What a terminal says. */
export type Wanted = Exclude<SmartTapCommand, { name: 'unknown' }>;

/** One command and its answer, as they were on the air. */
export interface Exchange {
  readonly name: Wanted['name'];
  readonly command: Uint8Array;
  readonly response: Uint8Array;
}

/** The whole answer to a command, of however many parts. */
export interface Answer {
  readonly data: Uint8Array;
  readonly sw: number;
}

/** The link rejected: the handset is gone. */
export class FieldLost extends Error {
  override readonly name = 'FieldLost';
}

/** More than the largest bundle needs, so that a handset cannot keep a terminal for ever. */
const MAX_PARTS = 2048;
/** Google asks for at least one (protocol §9.3). */
const MAX_RETRIES = 2;

/** The handset, as seen by a terminal: it takes commands, and remembers what was said. */
export class Link {
  readonly exchanges: Exchange[] = [];
  readonly #transceive: Transceive;

  constructor(transceive: Transceive) {
    this.#transceive = transceive;
  }

  /** Sends what `command` makes, and makes it anew while the handset says that this may help. */
  async ask(command: () => Wanted): Promise<Answer> {
    for (let retries = 0; ; retries++) {
      const answer = await this.#whole(command());
      if (statusClass(answer.sw) !== 'transient' || retries === MAX_RETRIES) return answer;
    }
  }

  /** An answer with all its parts put together. */
  async #whole(command: Wanted): Promise<Answer> {
    const parts: Uint8Array[] = [];
    let next = command;
    for (let count = 0; count < MAX_PARTS; count++) {
      const { data, sw } = await this.#exchange(next);
      parts.push(data);
      const further = continuation(sw);
      if (further === null) return { data: concatBytes(...parts), sw };
      next = further;
    }
    throw new SmartTapError('too-long', 'response', `is of more than ${MAX_PARTS} parts`);
  }

  async #exchange(wanted: Wanted): Promise<Answer> {
    const command = encodeSmartTapCommand(wanted);
    const response = await this.#carry(command);
    this.exchanges.push({ name: wanted.name, command, response });
    return decodeResponse(response);
  }

  async #carry(command: Uint8Array): Promise<Uint8Array> {
    try {
      return await this.#transceive(command);
    } catch (cause) {
      throw new FieldLost('the handset is gone', { cause });
    }
  }
}

/** How to go on after an answer that is not whole: by Smart Tap's own way, or by ISO 7816-4's. */
function continuation(sw: number): Wanted | null {
  if (sw === SW.moreData) return { name: 'get-more-data' };
  if (statusClass(sw) !== 'fetch-response') return null;
  // Some readers' chips leave the fetching to the terminal (protocol §2).
  return { name: 'get-response', le: sw % MAX_LE || MAX_LE };
}
