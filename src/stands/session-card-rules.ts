import type { PassBody } from '../passes/model.ts';

/** A loyalty card as its face shows it, in one language. */
export interface CardFace {
  readonly program: string | null;
  readonly tier: string | null;
  /** What the points are called; null where the issuer gave them no name. */
  readonly pointsLabel: string | null;
  readonly points: PointsBalance | null;
}

/** As the issuer wrote it: a text, a number, or money in millionths. */
export type PointsBalance =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'money'; readonly value: number; readonly currency: string };

/** Reads the face of a card out of Google's loyalty class and object. */
export function cardFace(classBody: PassBody, objectBody: PassBody, language: string): CardFace {
  const points = recordOf(objectBody.loyaltyPoints);
  const inLanguage = (localized: unknown, plain: unknown) =>
    localizedText(localized, language) ?? textOf(plain);
  return {
    program: inLanguage(classBody.localizedProgramName, classBody.programName),
    tier: inLanguage(classBody.localizedRewardsTier, classBody.rewardsTier),
    pointsLabel: inLanguage(points.localizedLabel, points.label),
    points: balanceOf(recordOf(points.balance)),
  };
}

function balanceOf(balance: Fields): PointsBalance | null {
  const { string, int, double, money } = balance;
  if (typeof string === 'string' && string !== '') return { kind: 'text', text: string };
  if (typeof int === 'number') return { kind: 'number', value: int };
  if (typeof double === 'number') return { kind: 'number', value: double };
  const { micros, currencyCode } = recordOf(money);
  if (typeof currencyCode !== 'string' || micros === undefined) return null;
  return { kind: 'money', value: Number(micros) / 1_000_000, currency: currencyCode };
}

type Fields = Readonly<Record<string, unknown>>;

function recordOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

/** The text in that language, or in its default one. */
function localizedText(value: unknown, language: string): string | null {
  const { translatedValues, defaultValue } = recordOf(value);
  const translated = (Array.isArray(translatedValues) ? translatedValues : []).map(recordOf);
  const candidates = [...translated, recordOf(defaultValue)];
  const wanted = language.split('-')[0];
  const own = candidates.find((text) => textOf(text.language)?.split('-')[0] === wanted);
  return textOf(own?.value) ?? textOf(recordOf(defaultValue).value);
}
