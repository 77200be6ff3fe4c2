import type { Notice } from './till-model.ts';
import { amountText, nameOf, type View } from './view.ts';

/** What happened, in one sentence that says what to do where something is to be done. */
export function noticeText(view: View, notice: Notice): string {
  const words = view.t.notices;
  switch (notice.kind) {
    case 'tapped': {
      const { name } = notice;
      if (name === null) return words.unknown;
      const coupons = view.t.coupons.counted(name.usableCoupons);
      const who = nameOf(view, name);
      if (name.tier === null) return words.tapped(who, coupons);
      return words.tappedTier(who, coupons, name.tier);
    }
    case 'chip':
      return words.chip(nameOf(view, notice.name));
    case 'redeemed':
    case 'queued': {
      const { kind, discountMinor, payableMinor } = notice;
      return words[kind](amountText(view, discountMinor), amountText(view, payableMinor));
    }
    case 'odd-amount':
      return words.oddAmount(amountText(view, notice.totalMinor));
    case 'nothing-found':
      return words.nothingFound(notice.query);
    case 'slow':
      return words.slow(secondsText(view, notice.milliseconds));
    case 'problem':
      return `${notice.problem.title} – ${notice.problem.detail}`;
    default:
      return words[PLAIN[notice.kind]];
  }
}

function secondsText({ locale }: View, milliseconds: number): string {
  const unit = { style: 'unit', unit: 'second', maximumFractionDigits: 1 } as const;
  return new Intl.NumberFormat(locale, unit).format(milliseconds / 1000);
}

const PLAIN = {
  finished: 'finished',
  undone: 'undone',
  'bill-back': 'billBack',
  claimed: 'claimed',
  'stand-tested': 'standTested',
  'confirm-first': 'confirmFirst',
  'no-coupon': 'noCoupon',
  'no-bill': 'noBill',
  'no-collector': 'noCollector',
  'not-enabled': 'notEnabled',
  wait: 'wait',
  unreachable: 'unreachable',
  'undo-needs-line': 'undoNeedsLine',
  'not-validated': 'notValidated',
  'queue-full': 'queueFull',
  conflict: 'conflict',
} as const;
