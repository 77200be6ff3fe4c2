import { vi } from 'vitest';
import type { CounterEvent, Offer, TillFace, Visitor } from '../../src/counter/model.ts';
import { CashDesk } from '../../src/web/counter/cash-desk.ts';
import { RedemptionQueue, type Shelf } from '../../src/web/counter/queue.ts';
import { TillDesk } from '../../src/web/counter/till.ts';
import type { Answered, TillApi } from '../../src/web/counter/till-api.ts';

export const TILL: TillFace = {
  tillId: 'till_1',
  issuerId: '1990',
  issuerName: 'Coffee House',
  storeId: 'harbour',
  storeName: 'Harbour Street',
  terminalId: 'till-01',
  terminalName: 'Till 01',
  collectorId: '20000001',
  listening: false,
  currency: 'CNY',
};

export const nameOf = (who: string) => ({
  walletId: `wal_${who}`,
  name: who,
  number: '11',
  tier: 'Gold',
  isMember: true,
  usableCoupons: 1,
});

let number = 0;
const visitors = new Map<string, ReturnType<typeof nameOf>>();

/** A tap of that member, or of a phone that is nobody's. */
export function tapBy(who: string | null, changed: Partial<CounterEvent> = {}): CounterEvent {
  number += 1;
  const tapId = changed.tapId ?? `tap_${number}`;
  const visitor = who === null ? null : nameOf(who);
  if (visitor !== null) visitors.set(tapId, visitor);
  return {
    number,
    kind: 'tap',
    at: new Date().toISOString(),
    tapId,
    proof: 'static',
    visitor,
    detail: {},
    ...changed,
  };
}

export const offer = (id: string, discountMinor: number, best = false): Offer => ({
  couponId: id,
  code: `CODE${id}`,
  classId: '1990.five',
  name: `coupon ${id}`,
  expiresAt: null,
  usable: true,
  discountMinor,
  payableMinor: 8600 - discountMinor,
  best,
});

export const tooSmall = (id: string, missingMinor: number): Offer => ({
  couponId: id,
  code: `CODE${id}`,
  classId: '1990.ten',
  name: `coupon ${id}`,
  expiresAt: null,
  usable: false,
  refusal: { code: 'min-spend-not-met', title: 'The order is too small', detail: 'Buy more.' },
  missingMinor,
});

export function memoryShelf(): Shelf {
  const kept = new Map<string, string>();
  return {
    getItem: (name) => kept.get(name) ?? null,
    setItem: (name, value) => void kept.set(name, value),
  };
}

export const done = <Value>(value: Value): Answered<Value> => ({ kind: 'done', value });
export const UNREACHABLE = { kind: 'unreachable' } as const;
export const refused = (code: string) =>
  ({ kind: 'refused', problem: { code, title: code, detail: code } }) as const;

/** A till without a browser: the service is what each test says it answers. */
export function newTill(shelf: Shelf = memoryShelf()) {
  let ids = 0;
  const visitor = async (tapId: string): Promise<Answered<Visitor>> => {
    const visitor = visitors.get(tapId) ?? nameOf('nobody');
    return done({ ...visitor, tapId, cards: [], lastVisit: null });
  };
  const api = {
    me: vi.fn<TillApi['me']>(async () => done(TILL)),
    listen: vi.fn<TillApi['listen']>(async () => done({})),
    preflight: vi.fn<TillApi['preflight']>(async () => done([])),
    visitor: vi.fn<TillApi['visitor']>(visitor),
    offers: vi.fn<TillApi['offers']>(async () => done([offer('a', 500, true), offer('b', 300)])),
    lookup: vi.fn<TillApi['lookup']>(async () => done({ visitors: [], coupon: null })),
    taps: vi.fn<TillApi['taps']>(async () => done([])),
    redeem: vi.fn<TillApi['redeem']>(async () =>
      done({ id: 'red_1', discountMinor: 500, payableMinor: 8100 }),
    ),
    reverse: vi.fn<TillApi['reverse']>(async () => done({})),
    display: vi.fn<TillApi['display']>(async () => done(null)),
  };
  const line = { start: vi.fn(), stop: vi.fn(), retry: vi.fn() };
  const focus = vi.fn();
  const queue = new RedemptionQueue(shelf, 'queue');
  const desk = new TillDesk(TILL, 'bill-0', {
    api,
    queue,
    line,
    focus,
    language: () => 'en',
    newId: () => `id-${++ids}`,
    changed: () => {},
  });
  const cash = new CashDesk(desk);
  /** Lets every answer arrive. */
  const settled = () => new Promise<void>((resolve) => setTimeout(resolve));
  const heard = async (event: CounterEvent, fresh = true) => {
    desk.dispatch({ type: 'heard', event, fresh });
    await settled();
  };
  const amount = async (totalMinor: number) => {
    await desk.enter({ kind: 'amount', totalMinor, odd: false });
    await settled();
  };
  return { desk, cash, api, line, focus, queue, settled, heard, amount };
}
