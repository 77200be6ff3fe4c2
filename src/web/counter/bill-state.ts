import type { Bill, Done, LastBill, Notice, ParkedBill, TillState } from './till-model.ts';
import { shown, switchedTo } from './visitor-state.ts';

export function withAmount(state: TillState, totalMinor: number, odd: boolean): TillState {
  return {
    ...state,
    bill: { ...state.bill, totalMinor },
    offers: null,
    pickedId: null,
    undo: state.undo?.kind === 'bill' ? null : state.undo,
    notice: odd ? { kind: 'odd-amount', totalMinor } : null,
  };
}

function parked({ bill, visitor }: TillState): ParkedBill {
  return { bill, visitor };
}

/** The bill is paid: whoever waits longest is next. */
export function afterDone(state: TillState, done: Done, next: Bill): TillState {
  const { totalMinor, discountMinor, payableMinor } = done;
  const lastBill: LastBill = { totalMinor, discountMinor, payableMinor };
  const undo: TillState['undo'] =
    done.how === 'redeemed'
      ? {
          kind: 'redemption',
          redemptionId: done.redemptionId,
          until: done.undoUntil,
          parked: parked(state),
        }
      : null;
  const notice: Notice =
    done.how === 'finished'
      ? { kind: 'finished' }
      : { kind: done.how, discountMinor, payableMinor };
  const free = { ...shown(state, null), bill: next, lastBill, undo, busy: null };
  const [waiting] = free.chips;
  return { ...(waiting ? switchedTo(free, waiting.key) : free), notice };
}

/** Ctrl+Z: the bill stands there again with its visitor. What came meanwhile is not lost. */
export function billRestored(state: TillState, before: ParkedBill, notice: Notice): TillState {
  const { undo, visitor, bill } = state;
  const waits = visitor !== null && visitor.tap.key !== before.visitor?.tap.key;
  const chips = waits && bill.totalMinor === null ? [...state.chips, visitor.tap] : state.chips;
  const held = bill.totalMinor === null ? state.held : [...state.held, parked(state)];
  const lastBill = undo?.kind === 'bill' ? state.lastBill : null;
  const back = shown({ ...state, chips, held, lastBill }, before.visitor);
  return { ...back, bill: before.bill, undo: null, busy: null, notice };
}

/** Gone from the screen, and one key away. */
export function billCleared(state: TillState, next: Bill): TillState {
  if (state.bill.totalMinor === null) return state;
  const undo = { kind: 'bill', parked: parked(state) } as const;
  return { ...state, bill: next, offers: null, pickedId: null, undo, notice: null };
}

/** Set aside with its visitor while another is served. */
export function billHeld(state: TillState, next: Bill): TillState {
  if (state.bill.totalMinor === null) return { ...state, notice: { kind: 'no-bill' } };
  const held = [...state.held, parked(state)];
  return { ...shown(state, null), bill: next, held, notice: null };
}

/** A held bill comes back; one in work takes its place. */
export function billResumed(state: TillState, billId: string): TillState {
  const back = state.held.find(({ bill }) => bill.id === billId);
  if (back === undefined) return state;
  const others = state.held.filter((one) => one !== back);
  const held = state.bill.totalMinor === null ? others : [...others, parked(state)];
  return { ...shown(state, back.visitor), bill: back.bill, held, notice: null };
}
