import type { HistoryEntry } from '../../coupons/history-model.ts';
import type { Holding } from '../../coupons/holdings-model.ts';
import type { Weekday } from '../../coupons/model.ts';
import type { Locale } from '../../problems/model.ts';
import { conditionsOf } from '../claim/worth.ts';
import { walletTexts } from '../texts/wallet.ts';

/** A day by the merchant's clock. */
export function day(at: Date, timeZone: string, locale: Locale): string {
  return format(at, timeZone, locale, { dateStyle: 'medium' });
}

function format(at: Date, timeZone: string, locale: Locale, how: Intl.DateTimeFormatOptions) {
  return new Intl.DateTimeFormat(locale, { ...how, timeZone }).format(at);
}

const STEPS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const;

/** How long ago something was. */
export function ago(at: Date, now: Date, locale: Locale): string {
  const passed = Math.max(0, now.getTime() - at.getTime());
  const [unit, length] = STEPS.find(([, ms]) => passed >= ms) ?? ['minute', 60_000];
  const style = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  return style.format(-Math.floor(passed / length), unit);
}

/** From which order on and up to how much, each as one sentence. */
export function conditions(
  terms: Pick<Holding, 'discount' | 'minSpendMinor'>,
  locale: Locale,
): string[] {
  const told = conditionsOf(terms, locale);
  return terms.minSpendMinor > 0 ? told : [walletTexts[locale].coupon.noMinimum, ...told];
}

/** What else a coupon asks for, each as one sentence. */
export function rules(holding: Holding, locale: Locale): string[] {
  const texts = walletTexts[locale].coupon;
  const { scope, scene } = holding;
  const goods = (names: readonly string[]) => listed(names, locale);
  return [
    scope.kind !== 'all' && texts.only(goods(scope.include)),
    scope.kind !== 'all' && scope.exclude.length > 0 && texts.except(goods(scope.exclude)),
    holding.regularPriceOnly && texts.regularPriceOnly,
    holding.membersOnly && texts.membersOnly,
    holding.plusOnly && texts.plusOnly,
    scene === 'in_store' && texts.inStore,
    scene === 'online' && texts.online,
    holding.exclusive && texts.exclusive,
  ].filter((rule) => rule !== false);
}

/** The hours of the week in which a coupon is usable; none: always. */
export function hours({ useHours }: Pick<Holding, 'useHours'>, locale: Locale): string[] {
  return useHours.map(({ days, from, to }) => {
    const names = listed(
      days.map((name) => weekday(name, locale)),
      locale,
    );
    return walletTexts[locale].coupon.hours(names, from, to);
  });
}

const WEEK: readonly Weekday[] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
/** A Monday. */
const FIRST = Date.UTC(2024, 0, 1);

function weekday(name: Weekday, locale: Locale): string {
  const at = new Date(FIRST + WEEK.indexOf(name) * 86_400_000);
  return format(at, 'UTC', locale, { weekday: 'short' });
}

export function listed(names: readonly string[], locale: Locale): string {
  return new Intl.ListFormat(locale, { type: 'conjunction' }).format(names);
}

/** Where something happened. */
export function placeOf({ issuerName, saved }: HistoryEntry, locale: Locale): string {
  const store = saved?.storeName ?? null;
  return store === null ? issuerName : walletTexts[locale].history.place(issuerName, store);
}
