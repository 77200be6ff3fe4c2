import {
  concatBytes,
  describeCommand,
  describeResponse,
  formatDescription,
  toHex,
} from '../smarttap/index.ts';

const GET_MORE_DATA = '90c00000';
const MORE_DATA = '9100';

/** Tells a tap APDU by APDU: the bytes, and below them what each says, record by record. */
export class ApduJournal {
  readonly #say: (line: string) => void;
  /** The data of an answer in parts, as far as it has come. */
  #parts: Uint8Array[] = [];

  constructor(say: (line: string) => void) {
    this.#say = say;
  }

  command(apdu: Uint8Array): void {
    const hex = toHex(apdu);
    if (!hex.startsWith(GET_MORE_DATA)) this.#parts = [];
    this.#tell(`→ ${hex}`, formatDescription(describeCommand(apdu)));
  }

  /** Where it is the last of several parts, the answer is explained once more as a whole. */
  response(apdu: Uint8Array): void {
    this.#tell(`← ${toHex(apdu)}`, formatDescription(describeResponse(apdu)));
    const statusWord = apdu.subarray(-2);
    this.#parts.push(apdu.subarray(0, -2));
    if (this.#parts.length === 1 || toHex(statusWord) === MORE_DATA) return;
    const whole = concatBytes(...this.#parts, statusWord);
    this.#tell(
      `= the answer of ${this.#parts.length} parts`,
      formatDescription(describeResponse(whole)),
    );
  }

  #tell(head: string, description: string): void {
    this.#say(head);
    this.#say(description.replaceAll(/^/gm, '    '));
  }
}
