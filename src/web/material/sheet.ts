import { type Fitted, fitted } from './fit.ts';

/** What can be printed, in millimetres as it is cut. */
export const SIZES = {
  stand: { width: 100, height: 140, round: false },
  a6: { width: 105, height: 148, round: false },
  a5: { width: 148, height: 210, round: false },
  sticker: { width: 60, height: 60, round: true },
} as const;

export type SheetSize = keyof typeof SIZES;

/** What is printed beyond the edge, so that no white shows where the cut is not exact. */
export const BLEED_MM = 3;

/** What a sheet says; null where it says nothing. */
export interface SheetWords {
  readonly issuer: string;
  readonly headline: string;
  /** The headline in the other language. */
  readonly otherHeadline: string;
  readonly promise: string;
  readonly unlock: string;
  readonly hold: string;
  readonly iphone: string;
  readonly scan: string | null;
  readonly till: string | null;
}

export interface PlacedText extends Fitted {
  readonly name: string;
  /** The middle of the text, and how wide it may be. */
  readonly x: number;
  readonly width: number;
  /** The base line of its first line. */
  readonly y: number;
  readonly bold: boolean;
  readonly onBrand: boolean;
}

/** Everything on a sheet and where it stands. */
export interface Sheet {
  readonly width: number;
  readonly height: number;
  readonly round: boolean;
  readonly zone: { readonly x: number; readonly y: number; readonly radius: number };
  readonly texts: readonly PlacedText[];
  readonly code: { readonly x: number; readonly y: number; readonly side: number };
}

type Line = readonly [
  name: keyof SheetWords,
  y: number,
  size: number,
  width: number,
  style: { readonly bold?: boolean; readonly lines?: number; readonly onBrand?: boolean },
];

/** On the stand of 100 × 140; larger sheets are the same, larger. */
const UPRIGHT: readonly Line[] = [
  ['issuer', 11, 4.6, 88, {}],
  ['headline', 23, 10.5, 88, { bold: true }],
  ['otherHeadline', 30, 4.6, 88, {}],
  ['promise', 36.5, 4.2, 88, {}],
  ['unlock', 88.5, 4.6, 42, { bold: true, lines: 2 }],
  ['hold', 101.5, 4.6, 42, { bold: true, lines: 2 }],
  ['iphone', 114, 3.6, 42, { lines: 3 }],
  ['scan', 127.5, 3.2, 42, { lines: 2 }],
  ['till', 137, 4, 88, { bold: true, onBrand: true }],
];

const BESIDE_CODE: ReadonlySet<string> = new Set(['unlock', 'hold', 'iphone']);
const LEFT_X = 0.28;
const CODE_X = 0.75;

/** Round: the chord of the circle leaves less room the farther a line is from the middle. */
const ROUND: readonly Line[] = [
  ['headline', 30.5, 5.4, 50, { bold: true }],
  ['hold', 34.6, 2.5, 46, {}],
  ['till', 57.6, 1.9, 14, { bold: true, onBrand: true }],
];

export function sheetOf(size: SheetSize, words: SheetWords): Sheet {
  const { width, height, round } = SIZES[size];
  if (round) return { width, height, round, ...roundPlaces(words) };
  const scale = Math.min(width / 100, height / 140);
  const down = height / 140;
  const texts = UPRIGHT.flatMap(([name, y, fontSize, room, style]) => {
    const place = { x: mm(shareOf(name) * width), y: mm(y * down), width: room * scale };
    return placed(name, words, { ...place, size: mm(fontSize * scale) }, style);
  });
  const side = mm(36 * scale);
  return {
    width,
    height,
    round,
    zone: { x: width / 2, y: mm(61 * down), radius: mm(20 * scale) },
    texts,
    code: { x: mm(CODE_X * width - side / 2), y: mm(86 * down), side },
  };
}

/** Where the middle of a text is, as a share of the width. */
function shareOf(name: keyof SheetWords): number {
  if (BESIDE_CODE.has(name)) return LEFT_X;
  return name === 'scan' ? CODE_X : 0.5;
}

/** No printer is more exact than a thousandth of a millimetre. */
function mm(length: number): number {
  return Math.round(length * 1000) / 1000;
}

function roundPlaces(words: SheetWords): Pick<Sheet, 'zone' | 'texts' | 'code'> {
  const texts = ROUND.flatMap(([name, y, size, width, style]) =>
    placed(name, words, { x: 30, y, width, size }, style),
  );
  return { zone: { x: 30, y: 14.5, radius: 9.5 }, texts, code: { x: 21, y: 36.5, side: 18 } };
}

function placed(
  name: keyof SheetWords,
  words: SheetWords,
  { x, y, width, size }: { x: number; y: number; width: number; size: number },
  { bold = false, lines = 1, onBrand = false }: Line[4],
): PlacedText[] {
  const text = words[name];
  if (text === null || text === '') return [];
  return [{ name, x, y, width, bold, onBrand, ...fitted(text, width, size, lines) }];
}

/** How far apart the base lines of one text are, in its font size. */
export const LINE_HEIGHT = 1.25;
