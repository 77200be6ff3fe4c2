import type { Uploaded } from './queue.ts';
import type { TillDesk } from './till.ts';
import { isMoneyMode, objectionTo, orderOf, pickedOffer } from './till-facts.ts';
import type { Done, QueuedRedemption } from './till-model.ts';
import { onlyBillIsLeft } from './till-state.ts';

const UNDO_MS = 10_000;

/** What is done with a bill: redeemed upon, finished, set aside, taken back. */
export class CashDesk {
  readonly #desk: TillDesk;

  constructor(desk: TillDesk) {
    this.#desk = desk;
  }

  /** Enter: the picked coupon on this bill. */
  async redeem(): Promise<void> {
    const desk = this.#desk;
    const objection = objectionTo(desk.state);
    if (objection !== null) {
      desk.say(objection);
      if (objection.kind === 'confirm-first') desk.ports.focus('confirm');
      return;
    }
    const item = this.#redemption();
    if (item === null) return;
    if (desk.state.line.kind === 'lost') {
      this.#keep(item);
      return;
    }
    desk.dispatch({ type: 'busy', with: 'redeeming' });
    const answer = await desk.ports.api.redeem(item.request, item.key);
    desk.dispatch({ type: 'busy', with: null });
    if (answer.kind === 'unreachable') {
      this.#keep(item);
    } else if (answer.kind === 'done') {
      const { id: redemptionId, discountMinor, payableMinor } = answer.value;
      const { totalMinor } = item.request.order;
      const undoUntil = Date.now() + UNDO_MS;
      this.#forget();
      this.#done({
        how: 'redeemed',
        redemptionId,
        undoUntil,
        totalMinor,
        discountMinor,
        payableMinor,
      });
    } else {
      this.#forget();
      desk.failed(answer);
    }
  }

  #forget(): void {
    const walletId = this.#desk.state.visitor?.tap.name?.walletId;
    if (walletId !== undefined) this.#desk.forgetOffers(walletId);
  }

  /** What Enter would redeem, under a key of its own. */
  #redemption(): QueuedRedemption | null {
    const { state, ports } = this.#desk;
    const { collectorId, terminalId } = state.till;
    const offer = pickedOffer(state);
    if (offer === null || collectorId === null) return null;
    return {
      key: ports.newId(),
      queuedAt: Date.now(),
      couponName: offer.name,
      visitorName: state.visitor?.tap.name?.name ?? null,
      discountMinor: offer.discountMinor,
      request: { couponCode: offer.code, collectorId, terminalId, order: orderOf(state) },
      conflict: null,
    };
  }

  /** The customer need not wait for the line: the coupon was found good for this bill. */
  #keep(item: QueuedRedemption): void {
    const desk = this.#desk;
    const { queue } = desk.ports;
    if (!queue.add(item)) {
      desk.say({ kind: 'queue-full' });
      return;
    }
    this.queueChanged();
    const { discountMinor, request } = item;
    const { totalMinor } = request.order;
    const payableMinor = totalMinor - discountMinor;
    this.#done({ how: 'queued', totalMinor, discountMinor, payableMinor });
    void this.upload();
  }

  /** F9: paid without a coupon. */
  finish(): void {
    const { totalMinor } = this.#desk.state.bill;
    const { mode } = this.#desk.state;
    if (isMoneyMode(mode)) this.#desk.say({ kind: 'not-enabled' });
    else if (totalMinor === null) this.#desk.say({ kind: 'no-bill' });
    else this.#done({ how: 'finished', totalMinor, discountMinor: 0, payableMinor: totalMinor });
  }

  #done(done: Done): void {
    this.#desk.dispatch({ type: 'done', done, nextBillId: this.#desk.ports.newId() });
    this.#desk.ports.focus('omnibox');
  }

  hold(): void {
    this.#next('hold');
  }

  clear(): void {
    this.#next('clear');
  }

  #next(type: 'hold' | 'clear'): void {
    this.#desk.dispatch({ type, nextBillId: this.#desk.ports.newId() });
    this.#desk.ports.focus('omnibox');
  }

  /** Escape. */
  back(): void {
    if (onlyBillIsLeft(this.#desk.state)) this.clear();
    else this.#desk.dispatch({ type: 'step-back' });
  }

  /** A coupon that is picked once more is put back. */
  pick(couponId: string | undefined): void {
    if (couponId === undefined) return;
    const desk = this.#desk;
    const again = couponId === desk.state.pickedId;
    desk.dispatch({ type: 'pick', couponId: again ? null : couponId });
    if (!again) desk.ports.focus('redeem');
  }

  /** Ctrl+Z: the last redemption, or the bill that was cleared. */
  async undo(): Promise<void> {
    const desk = this.#desk;
    const { undo, line, busy } = desk.state;
    if (undo === null || busy !== null) return;
    if (undo.kind === 'bill') {
      desk.dispatch({ type: 'restore' });
      return;
    }
    if (line.kind === 'lost') {
      desk.say({ kind: 'undo-needs-line' });
      return;
    }
    desk.dispatch({ type: 'busy', with: 'undoing' });
    const answer = await desk.ports.api.reverse(undo.redemptionId);
    desk.dispatch({ type: 'busy', with: null });
    if (answer.kind === 'done') desk.dispatch({ type: 'undone', parked: undo.parked });
    else if (answer.kind === 'unreachable') desk.say({ kind: 'undo-needs-line' });
    else desk.failed(answer);
  }

  /** Uploads what waits. */
  async upload(): Promise<void> {
    const desk = this.#desk;
    if (desk.state.session === 'ended') return;
    const upload = async (item: QueuedRedemption): Promise<Uploaded> => {
      const answer = await desk.ports.api.redeem(item.request, item.key);
      if (answer.kind === 'done' || answer.kind === 'refused') return answer;
      if (answer.kind === 'unpaired') desk.dispatch({ type: 'unpaired' });
      return { kind: 'later' };
    };
    await desk.ports.queue.drain(upload, () => this.queueChanged());
  }

  /** A conflict was looked at. */
  settle(key: string): void {
    this.#desk.ports.queue.remove(key);
    this.queueChanged();
  }

  /** What waits is read anew. */
  queueChanged(): void {
    const desk = this.#desk;
    const before = conflictsOf(desk.state.queue);
    const queue = desk.ports.queue.items();
    desk.dispatch({ type: 'queue', queue });
    if (conflictsOf(queue) > before) desk.say({ kind: 'conflict' });
  }
}

function conflictsOf(queue: readonly QueuedRedemption[]): number {
  return queue.filter(({ conflict }) => conflict !== null).length;
}
