import type { Locale } from '../../problems/model.ts';

/** An amount in the minor unit, as people of that language write it. */
export function money(locale: Locale, currency: string, minor: number): string {
  const format = new Intl.NumberFormat(locale, {
    style: 'currency',
    currency,
    currencyDisplay: 'narrowSymbol',
  });
  const { maximumFractionDigits = 2 } = format.resolvedOptions();
  return format.format(minor / 10 ** maximumFractionDigits);
}

/** Points as the issuer wrote them: figures are grouped, anything else stays as it is. */
export function figures(locale: Locale, text: string): string {
  const [, part] = /^-?[0-9]+(?:\.([0-9]{1,6}))?$/.exec(text) ?? [null];
  if (part === null) return text;
  const digits = (part ?? '').length;
  const fraction = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  return new Intl.NumberFormat(locale, fraction).format(Number(text));
}

export function clockTime(locale: Locale, at: string | number): string {
  return new Intl.DateTimeFormat(locale, { timeStyle: 'short' }).format(new Date(at));
}

export function exactTime(locale: Locale, at: number): string {
  return new Intl.DateTimeFormat(locale, { timeStyle: 'medium' }).format(at);
}

export function day(locale: Locale, at: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium' }).format(new Date(at));
}
