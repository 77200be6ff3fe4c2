import type { Offer, TillFace } from '../../counter/model.ts';
import {
  afterDone,
  billCleared,
  billHeld,
  billRestored,
  billResumed,
  withAmount,
} from './bill-state.ts';
import type { Bill, Notice, TillEvent, TillState } from './till-model.ts';
import { chosen, heard, switchedTo, withTaps } from './visitor-state.ts';

export function initialState(till: TillFace, billId: string): TillState {
  return {
    till,
    line: { kind: 'off' },
    mode: 'sale',
    bill: newBill(billId),
    visitor: null,
    chips: [],
    offers: null,
    pickedId: null,
    wantedCode: null,
    busy: null,
    taps: [],
    found: [],
    held: [],
    queue: [],
    lastBill: null,
    undo: null,
    notice: null,
    preflight: null,
    session: 'paired',
    dialog: null,
  };
}

function newBill(id: string): Bill {
  return { id, totalMinor: null };
}

/** Everything that the screen knows, after one more event. Nothing here asks a clock. */
export function reduce(state: TillState, event: TillEvent): TillState {
  switch (event.type) {
    case 'line':
      return { ...state, line: event.status };
    case 'heard':
      return heard(state, event.event, event.fresh);
    case 'visitor':
      if (state.visitor?.tap.key !== event.key) return state;
      return { ...state, visitor: { ...state.visitor, details: event.visitor } };
    case 'found':
      if (event.visitors.length > 0) return { ...state, found: event.visitors, notice: null };
      return noticed({ ...state, found: [] }, { kind: 'nothing-found', query: event.query });
    case 'choose':
      return chosen(state, event.visitor, event.at, event.code);
    case 'switch':
      return switchedTo(state, event.key);
    case 'confirm':
      if (state.visitor === null) return state;
      return { ...state, visitor: { ...state.visitor, confirmed: true }, notice: null };
    case 'taps':
      return withTaps(state, event.taps);
    case 'amount':
      return withAmount(state, event.totalMinor, event.odd);
    case 'offers':
      return withOffers(state, event.offers);
    case 'pick':
      return { ...state, pickedId: event.couponId };
    case 'busy':
      return { ...state, busy: event.with };
    case 'done':
      return afterDone(state, event.done, newBill(event.nextBillId));
    case 'hold':
      return billHeld(state, newBill(event.nextBillId));
    case 'resume':
      return billResumed(state, event.billId);
    case 'clear':
      return billCleared(state, newBill(event.nextBillId));
    default:
      return reduceSmall(state, event);
  }
}

type SmallEvent = Extract<
  TillEvent,
  {
    type:
      | 'undone'
      | 'undo-over'
      | 'step-back'
      | 'restore'
      | 'unpaired'
      | 'paired'
      | 'mode'
      | 'queue'
      | 'preflight'
      | 'notice'
      | 'dialog';
  }
>;

function reduceSmall(state: TillState, event: SmallEvent): TillState {
  switch (event.type) {
    case 'undone':
      return billRestored(state, event.parked, { kind: 'undone' });
    case 'restore':
      return state.undo === null
        ? state
        : billRestored(state, state.undo.parked, { kind: 'bill-back' });
    case 'undo-over':
      return state.undo?.kind === 'redemption' ? { ...state, undo: null } : state;
    case 'step-back':
      return steppedBack(state);
    case 'unpaired':
      return { ...state, session: 'ended', line: { kind: 'off' }, busy: null };
    case 'paired':
      return { ...state, session: 'paired', till: event.till };
    case 'mode':
      return { ...state, mode: event.mode, found: [], notice: null };
    case 'queue':
      return { ...state, queue: event.queue };
    case 'preflight':
      return { ...state, preflight: event.checks };
    case 'notice':
      return noticed(state, event.notice);
    case 'dialog':
      return { ...state, dialog: event.dialog };
  }
}

/** Escape: the topmost thing goes, one at a time; a bill goes only by `clear`, which can be undone. */
function steppedBack(state: TillState): TillState {
  if (state.dialog !== null) return { ...state, dialog: null };
  if (state.found.length > 0) return { ...state, found: [] };
  if (state.preflight !== null) return { ...state, preflight: null };
  if (state.notice !== null) return { ...state, notice: null };
  if (state.pickedId !== null) return { ...state, pickedId: null };
  if (state.visitor !== null) return { ...state, visitor: null, offers: null };
  return state;
}

/** Whether Escape has nothing left to take away but the bill. */
export function onlyBillIsLeft(state: TillState): boolean {
  return steppedBack(state) === state && state.bill.totalMinor !== null;
}

/** The offers of another visitor or bill are late and say nothing. The best one is picked. */
function withOffers(state: TillState, offers: TillState['offers']): TillState {
  if (offers === null || offers.key !== offersKey(state)) return state;
  if (offers.state !== 'ready') return { ...state, offers };
  return { ...state, offers, pickedId: pickOf(state, offers.list) };
}

/** What was scanned, what was picked before, or what saves most; nothing without a bill. */
function pickOf({ bill, wantedCode, pickedId }: TillState, offers: readonly Offer[]) {
  if (bill.totalMinor === null) return null;
  const usable = offers.filter((offer) => offer.usable);
  const pick =
    usable.find(({ code }) => code === wantedCode) ??
    usable.find(({ couponId }) => couponId === pickedId) ??
    usable.find(({ best }) => best);
  return pick?.couponId ?? null;
}

/** What the offers on the screen are for; null when there is nobody to have any. */
export function offersKey({ visitor, bill }: TillState): string | null {
  const walletId = visitor?.details?.walletId ?? visitor?.tap.name?.walletId;
  return walletId === undefined ? null : `${walletId} ${bill.totalMinor ?? 0}`;
}

function noticed(state: TillState, notice: Notice | null): TillState {
  return { ...state, notice };
}
