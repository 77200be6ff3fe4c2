import type { Vertical } from '../../passes/model.ts';
import type { Locale } from '../../problems/model.ts';
import type { Card } from '../../wallets/cards-model.ts';
import { walletTexts } from '../texts/wallet.ts';
import { moneyOfMicros } from './micros.ts';

/** What stands on a card, in the member's language. */
export interface CardFace {
  readonly program: string;
  readonly issuer: string;
  readonly tier: string | null;
  readonly number: string | null;
  /** Points and balances, each with what it is. */
  readonly figures: readonly { readonly label: string; readonly value: string }[];
  /** What is scanned; null when there is nothing. */
  readonly code: string | null;
  /** As the issuer wrote it, `#rgb` or `#rrggbb`; null when the issuer has chosen none. */
  readonly colour: string | null;
  readonly messages: readonly { readonly header: string | null; readonly body: string | null }[];
}

type Fields = Readonly<Record<string, unknown>>;

/** The names of the field that says what a card is, by vertical, the better one first. */
const PROGRAM: Readonly<Record<Vertical, readonly string[]>> = {
  loyalty: ['programName'],
  offer: ['title'],
  giftCard: ['merchantName'],
  eventTicket: ['eventName'],
  transit: ['issuerName'],
  flight: ['issuerName'],
  generic: ['cardTitle', 'header'],
};

const NUMBER = ['accountId', 'cardNumber', 'ticketNumber', 'confirmationCode'];

/** Reads a pass in Google's shape; what is missing or of another form is left out. */
export function cardFace(card: Card, locale: Locale): CardFace {
  const { body, classBody, vertical, issuerName, now } = card;
  const both = { ...classBody, ...body };
  const barcode = fields(body.barcode);
  return {
    program: firstOf(both, PROGRAM[vertical], locale) ?? walletTexts[locale].vertical[vertical],
    issuer: textIn(classBody, 'issuerName', locale) ?? issuerName,
    tier: textIn(classBody, 'rewardsTier', locale),
    number: firstOf(body, NUMBER, locale) ?? text(barcode.alternateText),
    figures: figuresOf(body, locale),
    code: card.redemptionValue ?? text(barcode.value),
    colour: colourOf(body) ?? colourOf(classBody),
    messages: [...messagesOf(classBody, now, locale), ...messagesOf(body, now, locale)],
  };
}

function figuresOf(body: Fields, locale: Locale): CardFace['figures'] {
  const texts = walletTexts[locale];
  const gift = moneyOfMicros(body.balance, locale);
  const points = ['loyaltyPoints', 'secondaryLoyaltyPoints'].flatMap((name) => {
    const part = fields(body[name]);
    const value = balanceOf(fields(part.balance), locale);
    return value === null ? [] : [{ label: textIn(part, 'label', locale) ?? texts.points, value }];
  });
  return gift === null ? points : [{ label: texts.balance, value: gift }, ...points];
}

/** Google's balance is one of four. */
function balanceOf(balance: Fields, locale: Locale): string | null {
  const amount = balance.int ?? balance.double;
  if (typeof amount === 'number') return new Intl.NumberFormat(locale).format(amount);
  return text(balance.string) ?? moneyOfMicros(balance.money, locale);
}

function colourOf(part: Fields): string | null {
  const colour = part.hexBackgroundColor;
  return typeof colour === 'string' && /^#(?:[0-9a-f]{3}){1,2}$/i.test(colour) ? colour : null;
}

function messagesOf(part: Fields, now: Date, locale: Locale): CardFace['messages'] {
  const messages = Array.isArray(part.messages) ? part.messages.map(fields) : [];
  return messages
    .filter((message) => isShown(fields(message.displayInterval), now))
    .map((message) => ({
      header: textIn(message, 'header', locale),
      body: textIn(message, 'body', locale),
    }))
    .filter(({ header, body }) => header !== null || body !== null);
}

function isShown(interval: Fields, now: Date): boolean {
  const at = (end: string) => Date.parse(text(fields(interval[end]).date) ?? '');
  // What is no date is NaN, and limits nothing.
  return !(at('start') > now.getTime()) && !(at('end') <= now.getTime());
}

function firstOf(part: Fields, names: readonly string[], locale: Locale): string | null {
  for (const name of names) {
    const found = textIn(part, name, locale);
    if (found !== null) return found;
  }
  return null;
}

/** A text, or its translation under Google's name for that: `header`, `localizedHeader`. */
function textIn(part: Fields, name: string, locale: Locale): string | null {
  const localized = `localized${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  return (
    translation(part[localized], locale) ?? text(part[name]) ?? translation(part[name], locale)
  );
}

/** Google's LocalizedString. */
function translation(value: unknown, locale: Locale): string | null {
  const string = fields(value);
  const translated = Array.isArray(string.translatedValues) ? string.translatedValues : [];
  const all = [fields(string.defaultValue), ...translated.map(fields)];
  const language = locale.slice(0, 2);
  const own = all.find((one) => text(one.language)?.slice(0, 2) === language);
  return text(own?.value) ?? text(all[0]?.value);
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value.trim() !== '' ? value : null;
}

function fields(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}
