import type { CounterEvent, VisitorName } from '../../counter/model.ts';
import type { ShownVisitor, TillState, TillTap } from './till-model.ts';

const MOST_TAPS = 20;
const MOST_CHIPS = 8;

/** An event of the live line. */
export function heard(state: TillState, event: CounterEvent, fresh: boolean): TillState {
  switch (event.kind) {
    case 'tap':
    case 'joined':
      return tapped(state, tapOf(event), fresh);
    case 'claimed':
      if (event.tapId === null || event.tapId !== state.visitor?.tap.tapId) return state;
      // They are asked for again, with the new coupon among them.
      return { ...state, offers: null, notice: { kind: 'claimed' } };
    case 'stand':
      // A member on the screen is what the cashier looks at.
      return state.visitor === null ? { ...state, notice: { kind: 'stand-tested' } } : state;
    case 'display':
      return state;
  }
}

/** Before the service says more: a printed code, or a phone that was nobody's when it tapped. */
function tapOf({ kind, tapId, number, at, proof, visitor }: CounterEvent): TillTap {
  const weak = proof === 'qr' || (proof === 'static' && (kind === 'joined' || visitor === null));
  const key = tapId ?? `event ${number}`;
  return { key, tapId, at, proof, lowTrust: weak, name: visitor };
}

/**
 * The newest tap takes the screen only where it takes nothing from the cashier: nobody is there, or
 * no bill was begun. Otherwise it waits as a chip.
 */
function tapped(state: TillState, tap: TillTap, fresh: boolean): TillState {
  const remembered = { ...state, taps: withTap(state.taps, tap) };
  if (isSame(state.visitor, tap)) {
    const visitor = visitorOf(tap, state.visitor);
    return { ...remembered, visitor, offers: null, notice: { kind: 'tapped', name: tap.name } };
  }
  if (state.chips.some(({ key }) => key === tap.key)) {
    const chips = state.chips.map((chip) => (chip.key === tap.key ? tap : chip));
    return { ...remembered, chips };
  }
  if (!fresh) return remembered;
  if (state.visitor === null || state.bill.totalMinor === null) {
    return { ...shown(remembered, visitorOf(tap)), notice: { kind: 'tapped', name: tap.name } };
  }
  const chips = [...withoutWallet(state.chips, tap), tap].slice(-MOST_CHIPS);
  return { ...remembered, chips, notice: { kind: 'chip', name: tap.name } };
}

function isSame(visitor: ShownVisitor | null, tap: TillTap): boolean {
  if (visitor === null) return false;
  if (visitor.tap.key === tap.key) return true;
  return tap.name !== null && walletOf(visitor.tap) === tap.name.walletId;
}

function walletOf(tap: TillTap): string | null {
  return tap.name?.walletId ?? null;
}

/** Who tapped again waits once. */
function withoutWallet(chips: readonly TillTap[], tap: TillTap): TillTap[] {
  return chips.filter((chip) => walletOf(chip) === null || walletOf(chip) !== walletOf(tap));
}

/** A better tap of the same member keeps what was read and said of them. */
function visitorOf(tap: TillTap, before: ShownVisitor | null = null): ShownVisitor {
  const known = before !== null && walletOf(before.tap) === walletOf(tap);
  return {
    tap,
    details: known ? before.details : null,
    confirmed: !tap.lowTrust || (known && before.confirmed),
  };
}

export function shown(state: TillState, visitor: ShownVisitor | null): TillState {
  const chips = state.chips.filter(({ key }) => key !== visitor?.tap.key);
  return { ...state, visitor, chips, offers: null, pickedId: null, wantedCode: null, found: [] };
}

/** A visitor who was found by search stands there like one who tapped. */
export function chosen(
  state: TillState,
  name: VisitorName,
  at: string,
  wantedCode: string | null,
): TillState {
  const { visitor } = state;
  if (visitor !== null && walletOf(visitor.tap) === name.walletId) {
    return { ...state, wantedCode, offers: null, found: [], notice: null };
  }
  const tap: TillTap = { key: name.walletId, tapId: null, at, proof: null, lowTrust: false, name };
  const found = shown(state, { tap, details: null, confirmed: true });
  return { ...found, wantedCode, notice: null };
}

/** To one who waits, or back to one of the last taps. Who was there waits instead. */
export function switchedTo(state: TillState, key: string): TillState {
  const tap = [...state.chips, ...state.taps].find((one) => one.key === key);
  if (tap === undefined || state.visitor?.tap.key === key) return state;
  const before = state.visitor?.tap;
  const next = shown(state, visitorOf(tap));
  const waits = before !== undefined && state.bill.totalMinor !== null;
  const chips = waits ? [...next.chips, before] : next.chips;
  return { ...next, chips, notice: { kind: 'tapped', name: tap.name } };
}

/** The last taps as the service remembers them, below what was heard meanwhile. */
export function withTaps(state: TillState, events: readonly CounterEvent[]): TillState {
  const oldestFirst = [...events].sort((left, right) => left.number - right.number);
  const remembered = oldestFirst.map(tapOf).reduce(withTap, [] as readonly TillTap[]);
  const taps = [...state.taps].reverse().reduce(withTap, remembered);
  return { ...state, taps };
}

/** Newest first; a tap that turned into a member keeps its one place. */
function withTap(taps: readonly TillTap[], tap: TillTap): readonly TillTap[] {
  const known = taps.some(({ key }) => key === tap.key);
  if (known) return taps.map((one) => (one.key === tap.key ? tap : one));
  return [tap, ...taps].slice(0, MOST_TAPS);
}
