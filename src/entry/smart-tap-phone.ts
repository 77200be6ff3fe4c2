import { toHex, utf8 } from '../platform/bytes.ts';
import {
  collectorIdBytes,
  createWallet,
  type PassDecision,
  type PassRequest,
  type Primitives,
  type Wallet,
  type WalletCustomer,
} from '../smarttap/index.ts';
import type { SentPass } from '../taps/model.ts';
import { customerOnAir, passOnAir, verticalsAsked } from '../taps/smart-tap.ts';
import { ApduJournal } from './smart-tap-journal.ts';

/** After that much silence the next command begins another tap. */
const SILENCE_MS = 5000;

export interface PhoneOptions {
  readonly collectorId: number;
  readonly keyVersion: number;
  /** The collector's public key, as a point. */
  readonly publicKey: Uint8Array;
  /** At least one. */
  readonly passes: readonly SentPass[];
  readonly locked: boolean;
  readonly readyToPay: boolean;
  /** Whether the user has to choose where several passes match; else all are sent. */
  readonly choose: boolean;
  /** Undefined: as many as real phones send. */
  readonly maxResponseBytes: number | undefined;
}

export interface PhonePlace {
  readonly primitives: Primitives;
  readonly say: (line: string) => void;
  /** Milliseconds of a clock that only rises. */
  readonly now: () => number;
}

/** A phone that holds some passes for one collector, and tells each exchange. */
export class SimulatedPhone {
  readonly #options: PhoneOptions;
  readonly #place: PhonePlace;
  readonly #wallet: Wallet;
  readonly #journal: ApduJournal;
  /** Infinity while the phone is out of the field. */
  #lastAnswerAt = Number.POSITIVE_INFINITY;
  /** `asked` by one tap, `picked` when it is over, `handed-over` by the next. */
  #choice: 'none' | 'asked' | 'picked' | 'handed-over' = 'none';

  constructor(options: PhoneOptions, place: PhonePlace) {
    this.#options = options;
    this.#place = place;
    this.#journal = new ApduJournal(place.say);
    const { maxResponseBytes } = options;
    this.#wallet = createWallet({
      primitives: place.primitives,
      collectorKey: (id, version) =>
        id === options.collectorId && version === options.keyVersion ? options.publicKey : null,
      decide: (request) => this.#decide(request),
      locked: () => options.locked,
      readyToPay: () => options.readyToPay,
      ...(maxResponseBytes !== undefined && { maxResponseBytes }),
    });
  }

  async answer(command: Uint8Array): Promise<Uint8Array> {
    if (this.#place.now() - this.#lastAnswerAt > SILENCE_MS) this.leaveField();
    const response = await this.#wallet.handle(command);
    this.#lastAnswerAt = this.#place.now();
    this.#journal.command(command);
    this.#journal.response(response);
    return response;
  }

  /** The tap is over: the next command begins another. */
  leaveField(): void {
    this.#place.say('the phone has left the field');
    this.#lastAnswerAt = Number.POSITIVE_INFINITY;
    this.#wallet.reset();
    if (this.#choice === 'handed-over') this.#choice = 'none';
    if (this.#choice !== 'asked') return;
    this.#choice = 'picked';
    this.#place.say('its user has picked the first of the passes that match');
  }

  #decide(request: PassRequest): PassDecision {
    const { primitives } = this.#place;
    const types = verticalsAsked(request.serviceTypes);
    const matching = this.#options.passes
      .filter(({ type }) => types?.includes(type) ?? true)
      .map((pass) => passOnAir(primitives, pass));
    const customer = customerFor(primitives, request.collectorId);
    const [first, ...others] = matching;
    if (first === undefined) return { outcome: 'none', customer };
    if (!this.#options.choose || others.length === 0) {
      return { outcome: 'send', passes: [first, ...others], customer };
    }
    if (this.#choice === 'none' || this.#choice === 'asked') {
      this.#choice = 'asked';
      return { outcome: 'choose' };
    }
    this.#choice = 'handed-over';
    return { outcome: 'send', passes: [first], customer };
  }
}

/** One person, whom each collector knows by another id. */
function customerFor({ hmacSha256 }: Primitives, collectorId: number): WalletCustomer {
  const digest = hmacSha256(utf8('the simulated customer'), collectorIdBytes(collectorId));
  return { ...customerOnAir(`ref_${toHex(digest)}`), language: 'en' };
}
