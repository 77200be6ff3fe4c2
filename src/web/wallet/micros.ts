import type { Locale } from '../../problems/model.ts';

/** Google's money: a currency and millionths of it, as a number or a text of digits. */
export function moneyOfMicros(value: unknown, locale: Locale): string | null {
  if (typeof value !== 'object' || value === null) return null;
  const { micros, currencyCode } = value as Record<string, unknown>;
  const amount = typeof micros === 'string' && micros !== '' ? Number(micros) : micros;
  const isMoney = typeof amount === 'number' && Number.isFinite(amount);
  if (!isMoney || typeof currencyCode !== 'string' || !/^[A-Z]{3}$/.test(currencyCode)) return null;
  const style = { style: 'currency', currency: currencyCode, currencyDisplay: 'narrowSymbol' };
  return new Intl.NumberFormat(locale, style as Intl.NumberFormatOptions).format(amount / 1e6);
}
