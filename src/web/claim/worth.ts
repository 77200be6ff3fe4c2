import type { Discount, LocalizedText, Validity } from '../../coupons/model.ts';
import type { Locale } from '../../problems/model.ts';
import type { PointsBalance } from '../../stands/session-card-rules.ts';
import { claimTexts } from '../texts/claim.ts';

/** A merchant's text in the reader's language, or in the one that is there. */
export function textIn(text: LocalizedText, locale: Locale): string {
  if (typeof text === 'string') return text;
  return text[locale] ?? text['zh-CN'] ?? text.en ?? '';
}

/** An amount in minor units; a percentage names no currency, and then neither does its amount. */
export function money(minor: number, currency: string | null, locale: Locale): string {
  if (currency === null) {
    return new Intl.NumberFormat(locale, { minimumFractionDigits: 2 }).format(minor / 100);
  }
  const format = new Intl.NumberFormat(locale, {
    style: 'currency',
    currency,
    currencyDisplay: 'narrowSymbol',
    trailingZeroDisplay: 'stripIfInteger',
  });
  return format.format(minor / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2));
}

/** What the coupon is worth, as large as it is written. */
export function worthOf(discount: Discount, locale: Locale): string {
  const texts = claimTexts[locale];
  switch (discount.kind) {
    case 'amount':
      return texts.amountOff(money(discount.amountMinor, discount.currency, locale));
    case 'percent':
      return texts.percentOff(discount.percent);
    case 'exchange':
      return texts.exchange(discount.sku);
  }
}

/**
 * What else must be known of a coupon: sentences of their own. A percentage names no currency; the
 * issuer's may be known otherwise.
 */
export function conditionsOf(
  { discount, minSpendMinor }: { readonly discount: Discount; readonly minSpendMinor: number },
  locale: Locale,
  issuersCurrency: string | null = null,
): string[] {
  const texts = claimTexts[locale];
  const currency = discount.kind === 'amount' ? discount.currency : issuersCurrency;
  const most = discount.kind === 'percent' ? discount.maxMinor : undefined;
  return [
    ...(minSpendMinor > 0 ? [texts.minSpend(money(minSpendMinor, currency, locale))] : []),
    ...(most === undefined ? [] : [texts.upTo(money(most, currency, locale))]),
  ];
}

/** The currency that the coupons of one issuer name; null while none does. */
export function currencyOf(discounts: readonly Discount[]): string | null {
  const named = discounts.find((discount) => discount.kind === 'amount');
  return named?.kind === 'amount' ? named.currency : null;
}

/** When a coupon may be used that is claimed now. */
export function validityText(
  validity: Validity,
  {
    now,
    timeZone,
    locale,
  }: { readonly now: Date; readonly timeZone: string; readonly locale: Locale },
): string {
  const texts = claimTexts[locale];
  if (validity.kind === 'relative') {
    const { availableAfterHours: hours, validDays: days } = validity;
    return hours === 0 ? texts.validDays(days) : texts.validAfter(hours, days);
  }
  const start = new Date(validity.start);
  const end = lastMinuteBefore(new Date(validity.end));
  if (start <= now) return texts.validUntil(moment(end, timeZone, locale));
  return texts.validBetween(momentFormat(timeZone, locale).formatRange(start, end));
}

/** An end is exclusive: what ends at midnight is good until 23:59. */
export function lastMinuteBefore(end: Date): Date {
  return new Date(end.getTime() - 60_000);
}

export function moment(at: Date, timeZone: string, locale: Locale): string {
  return momentFormat(timeZone, locale).format(at);
}

function momentFormat(timeZone: string, locale: Locale): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short', timeZone });
}

export function pointsText(points: PointsBalance, locale: Locale): string {
  switch (points.kind) {
    case 'text':
      return points.text;
    case 'number':
      return new Intl.NumberFormat(locale).format(points.value);
    case 'money':
      return new Intl.NumberFormat(locale, {
        style: 'currency',
        currency: points.currency,
        currencyDisplay: 'narrowSymbol',
      }).format(points.value);
  }
}
