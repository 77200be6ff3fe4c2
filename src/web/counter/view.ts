import type { VisitorName } from '../../counter/model.ts';
import type { Locale } from '../../problems/model.ts';
import type { CounterTexts } from '../texts/counter.ts';
import { money } from '../ui/format.ts';
import type { Command, Plain } from './keys.ts';
import type { Reading } from './omnibox.ts';
import { currencyOf } from './till-facts.ts';
import type { Dialog, TillState } from './till-model.ts';

export type Density = 'auto' | 'touch' | 'compact';

/** What a cashier chose for this screen. */
export interface Preferences {
  readonly density: Density;
  readonly oneCharacterKeys: boolean;
  readonly sound: boolean;
}

export const PREFERENCES: Preferences = { density: 'auto', oneCharacterKeys: true, sound: false };

/** What is done on the screen: a key's command, or something that has a place there. */
export type Act =
  | Command
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'enter'; readonly reading: Reading | null }
  | { readonly kind: 'switch'; readonly key: string }
  | { readonly kind: 'choose'; readonly visitor: VisitorName }
  | { readonly kind: 'pick-coupon'; readonly couponId: string }
  | { readonly kind: 'resume'; readonly billId: string }
  | { readonly kind: 'dialog'; readonly dialog: Dialog | null }
  | { readonly kind: 'settle'; readonly key: string }
  | { readonly kind: 'prefer'; readonly preferences: Preferences }
  | Plain<'confirm' | 'clear' | 'upload' | 'language'>;

/** Everything that the screen is drawn from. */
export interface View {
  readonly state: TillState;
  readonly locale: Locale;
  readonly t: CounterTexts;
  readonly preferences: Preferences;
  /** What stands in the entry field. */
  readonly text: string;
  /** Milliseconds of this machine's clock; it moves while something counts down. */
  readonly now: number;
  readonly alsoOpen: boolean;
  readonly act: (act: Act) => void;
}

export function amountText({ locale, state }: View, minor: number): string {
  return money(locale, currencyOf(state), minor);
}

/** What a visitor is called: the name, the number, or only what kind of visitor it is. */
export function nameOf({ t }: View, visitor: VisitorName | null): string {
  if (visitor === null) return t.member.someone;
  if (visitor.name !== null) return visitor.name;
  if (visitor.number !== null) return t.member.number(visitor.number);
  return visitor.isMember ? t.member.nameless : t.member.guest;
}
