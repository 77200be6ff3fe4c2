import type { CashDesk } from './cash-desk.ts';
import type { TillDesk } from './till.ts';
import { usableOffers } from './till-facts.ts';
import type { Act } from './view.ts';

interface Desks {
  readonly desk: TillDesk;
  readonly cash: CashDesk;
}

type Deeds = {
  readonly [Kind in Act['kind']]?: (
    desks: Desks,
    act: Extract<Act, { readonly kind: Kind }>,
  ) => unknown;
};

/** What each key and button does at the till; what concerns the page alone is not here. */
const DEEDS: Deeds = {
  'toggle-line': ({ desk }) => desk.toggleLine(),
  redeem: ({ cash }) => cash.redeem(),
  finish: ({ cash }) => cash.finish(),
  hold: ({ cash }) => cash.hold(),
  clear: ({ cash }) => cash.clear(),
  back: ({ cash }) => cash.back(),
  undo: ({ cash }) => cash.undo(),
  upload: ({ cash }) => cash.upload(),
  settle: ({ cash }, { key }) => cash.settle(key),
  pick: ({ desk, cash }, { index }) => cash.pick(usableOffers(desk.state)[index]?.couponId),
  'pick-coupon': ({ cash }, { couponId }) => cash.pick(couponId),
  choose: ({ desk }, { visitor }) => desk.choose(visitor),
  switch: ({ desk }, { key }) => desk.dispatch({ type: 'switch', key }),
  confirm: ({ desk }) => {
    desk.dispatch({ type: 'confirm' });
    desk.ports.focus(desk.state.bill.totalMinor === null ? 'omnibox' : 'redeem');
  },
  mode: ({ desk }, { mode }) => desk.dispatch({ type: 'mode', mode }),
  resume: ({ desk }, { billId }) => desk.dispatch({ type: 'resume', billId }),
  help: ({ desk }) => desk.dispatch({ type: 'dialog', dialog: 'help' }),
  dialog: ({ desk }, { dialog }) => desk.dispatch({ type: 'dialog', dialog }),
};

export function perform(desks: Desks, act: Act): void {
  const deed = DEEDS[act.kind] as ((desks: Desks, act: Act) => unknown) | undefined;
  deed?.(desks, act);
}
