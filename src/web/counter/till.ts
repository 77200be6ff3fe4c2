import type { LookupAnswer, Offer, TillFace, VisitorName } from '../../counter/model.ts';
import type { Locale } from '../../problems/model.ts';
import { displayOf } from './display-state.ts';
import type { Reading } from './omnibox.ts';
import type { RedemptionQueue } from './queue.ts';
import type { Answered, TillApi } from './till-api.ts';
import { isThere, orderOf, stopsRecognition } from './till-facts.ts';
import type { Notice, TillEvent, TillState } from './till-model.ts';
import { initialState, offersKey, reduce } from './till-state.ts';

const SLOW_MS = 1_500;
const RECENT_TAPS = 20;
const OFFERS_KEPT = 100;

export interface TillPorts {
  readonly api: TillApi;
  readonly queue: RedemptionQueue;
  readonly line: { start(): void; stop(): void; retry(): void };
  readonly language: () => Locale;
  /** A new name for a bill or a request, which nobody else has. */
  readonly newId: () => string;
  readonly changed: (state: TillState) => void;
  /** Puts the keyboard where the next key belongs. */
  readonly focus: (on: 'omnibox' | 'redeem' | 'confirm') => void;
}

/** The till: its state, and what the service is asked because of it. */
export class TillDesk {
  readonly ports: TillPorts;
  #state: TillState;
  /** What coupons would save, as asked before; offline they count as validated. */
  readonly #validated = new Map<string, readonly Offer[]>();
  #undoTimer: ReturnType<typeof setTimeout> | undefined;
  #shownToCustomer = '';

  constructor(till: TillFace, billId: string, ports: TillPorts) {
    this.ports = ports;
    this.#state = { ...initialState(till, billId), queue: ports.queue.items() };
  }

  get state(): TillState {
    return this.#state;
  }

  dispatch(event: TillEvent): void {
    const before = this.#state;
    this.#state = reduce(before, event);
    if (this.#state === before) return;
    this.#follow(before);
    this.ports.changed(this.#state);
  }

  /** What the new state asks for. */
  #follow(before: TillState): void {
    const { visitor, offers, undo, line, session } = this.#state;
    if (session === 'ended' && before.session === 'paired') this.ports.line.stop();
    const tap = visitor?.tap;
    if (tap !== undefined && tap !== before.visitor?.tap && tap.name !== null) {
      void this.#readVisitor(tap.tapId);
    }
    if (offers === null && offersKey(this.#state) !== null) void this.#readOffers();
    if (undo !== before.undo) this.#endUndoInTime();
    if (isThere(line) && !isThere(before.line)) {
      void this.#readTaps();
      if (offersKey(this.#state) !== null) void this.#readOffers();
    }
    this.#showCustomer();
  }

  start(): void {
    if (this.#state.till.listening) this.ports.line.start();
    else void this.#readTaps();
  }

  /** Ctrl+/ and the button: on with a look at what must be there, off, or at once again. */
  async toggleLine(): Promise<void> {
    const { api, line } = this.ports;
    const { kind } = this.#state.line;
    if (kind === 'lost') {
      line.retry();
    } else if (kind === 'off') {
      await this.#turnOn();
    } else {
      line.stop();
      await this.ask(api.listen(false));
    }
  }

  async #turnOn(): Promise<void> {
    const { api, line } = this.ports;
    const checks = await this.ask(api.preflight());
    if (checks === null) return;
    const failed = checks.some(({ ok }) => !ok);
    this.dispatch({ type: 'preflight', checks: failed ? checks : null });
    if (stopsRecognition(checks)) return;
    if ((await this.ask(api.listen(true))) !== null) line.start();
  }

  /** What was typed or scanned, as it was understood. */
  async enter(reading: Reading): Promise<void> {
    if (reading.kind === 'amount') {
      const { totalMinor, odd } = reading;
      this.dispatch({ type: 'amount', totalMinor, odd });
      this.ports.focus('redeem');
      return;
    }
    const { query } = reading;
    const answer = await this.ask(this.ports.api.lookup(query));
    if (answer !== null) this.#found(query, answer);
  }

  #found(query: string, { visitors, coupon }: LookupAnswer): void {
    const [only, another] = visitors;
    if (coupon !== null) {
      const seen = [...visitors, ...this.#state.taps.flatMap(({ name }) => name ?? [])];
      const holder = seen.find(({ walletId }) => walletId === coupon.walletId);
      this.choose(holder ?? stranger(coupon.walletId), coupon.code);
    } else if (only !== undefined && another === undefined) {
      this.choose(only);
    } else {
      this.dispatch({ type: 'found', query, visitors });
    }
  }

  choose(visitor: VisitorName, code: string | null = null): void {
    this.dispatch({ type: 'choose', visitor, at: new Date().toISOString(), code });
    this.ports.focus(this.#state.bill.totalMinor === null ? 'omnibox' : 'redeem');
  }

  /** Whether the till is still known, now that the line fell. */
  async checkPairing(): Promise<void> {
    const answer = await this.ports.api.me();
    if (answer.kind === 'unpaired') this.dispatch({ type: 'unpaired' });
  }

  /** Whether it was paired anew in another window. */
  async pairedAgain(): Promise<void> {
    if (this.#state.session === 'paired') return;
    const answer = await this.ports.api.me();
    if (answer.kind !== 'done') return;
    this.dispatch({ type: 'paired', till: answer.value });
    this.start();
  }

  /** What is told in words of the service is asked for once more. */
  languageChanged(): void {
    this.#showCustomer();
    if (offersKey(this.#state) !== null) void this.#readOffers();
  }

  async #readVisitor(tapId: string | null): Promise<void> {
    if (tapId === null) return;
    const answer = await this.ports.api.visitor(tapId);
    if (answer.kind === 'done') {
      this.dispatch({ type: 'visitor', key: tapId, visitor: answer.value });
    } else if (answer.kind === 'unpaired') {
      this.failed(answer);
    }
  }

  async #readOffers(): Promise<void> {
    const key = offersKey(this.#state);
    if (key === null) return;
    const [walletId = ''] = key.split(' ');
    const before = this.#state.offers?.list ?? [];
    this.dispatch({ type: 'offers', offers: { key, state: 'loading', list: before } });
    const validated = this.#validated.has(key) && this.#state.line.kind === 'lost';
    const answer: Answered<readonly Offer[]> = validated
      ? { kind: 'unreachable' }
      : await this.ports.api.offers(walletId, orderOf(this.#state));
    if (answer.kind === 'done') this.#remember(key, answer.value);
    // Without an answer, what was validated for this very bill still holds.
    const known = answer.kind === 'refused' ? undefined : this.#validated.get(key);
    const list = this.#notQueued(known ?? []);
    const state = known === undefined ? 'failed' : 'ready';
    this.dispatch({ type: 'offers', offers: { key, state, list } });
    if (answer.kind === 'refused' || answer.kind === 'unpaired') this.failed(answer);
  }

  #remember(key: string, offers: readonly Offer[]): void {
    if (this.#validated.size >= OFFERS_KEPT) this.#validated.clear();
    this.#validated.set(key, offers);
  }

  /** What was validated for a wallet is so no more, once a coupon of it is gone. */
  forgetOffers(walletId: string): void {
    for (const key of [...this.#validated.keys()]) {
      if (key.startsWith(`${walletId} `)) this.#validated.delete(key);
    }
  }

  /** What waits to be uploaded is used up here. */
  #notQueued(offers: readonly Offer[]): readonly Offer[] {
    const codes = new Set(this.#state.queue.map(({ request }) => request.couponCode));
    return offers.filter(({ code }) => !codes.has(code));
  }

  async #readTaps(): Promise<void> {
    const answer = await this.ports.api.taps(RECENT_TAPS);
    if (answer.kind === 'done') this.dispatch({ type: 'taps', taps: answer.value });
  }

  #endUndoInTime(): void {
    clearTimeout(this.#undoTimer);
    const { undo } = this.#state;
    if (undo?.kind !== 'redemption') return;
    const over = () => this.dispatch({ type: 'undo-over' });
    this.#undoTimer = setTimeout(over, Math.max(0, undo.until - Date.now()));
  }

  #showCustomer(): void {
    const shown = displayOf(this.#state, this.ports.language());
    const text = JSON.stringify(shown);
    if (text === this.#shownToCustomer || !isThere(this.#state.line)) return;
    this.#shownToCustomer = text;
    void this.ports.api.display(shown);
  }

  /** The answer's value; null, and said on the screen, when there is none. */
  async ask<Value>(asked: Promise<Answered<Value>>): Promise<Value | null> {
    const startedAt = Date.now();
    const answer = await asked;
    const milliseconds = Date.now() - startedAt;
    if (answer.kind !== 'done') {
      this.failed(answer);
      return null;
    }
    if (milliseconds > SLOW_MS) this.say({ kind: 'slow', milliseconds });
    return answer.value;
  }

  failed(answer: Exclude<Answered<unknown>, { kind: 'done' }>): void {
    if (answer.kind === 'unpaired') this.dispatch({ type: 'unpaired' });
    else if (answer.kind === 'refused') this.say({ kind: 'problem', problem: answer.problem });
    else this.say({ kind: 'unreachable' });
  }

  say(notice: Notice): void {
    this.dispatch({ type: 'notice', notice });
  }
}

/** Who holds a coupon that may be redeemed here and is no member here. */
function stranger(walletId: string): VisitorName {
  return { walletId, name: null, number: null, tier: null, isMember: false, usableCoupons: 0 };
}
