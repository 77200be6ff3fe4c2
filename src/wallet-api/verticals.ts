import type { Vertical } from '../passes/model.ts';
import { genericClass, genericObject } from './shapes/generic.ts';
import { loyaltyClass, loyaltyObject } from './shapes/loyalty.ts';
import { offerClass, offerObject } from './shapes/offer.ts';
import type { Shape } from './shapes/scalars.ts';

/** All that tells one vertical from another. */
export interface VerticalRow {
  readonly vertical: Vertical;
  readonly classShape: Shape;
  /** Fields that insert and update demand, beside the ids. */
  readonly classRequired: readonly string[];
  readonly objectShape: Shape;
  readonly objectRequired: readonly string[];
  /** Whether answers carry the deprecated `kind` and `version`. */
  readonly kind: boolean;
  readonly version: boolean;
}

/** Adding a vertical to this face is adding its row and its shapes. */
export const VERTICAL_TABLE: readonly VerticalRow[] = [
  {
    vertical: 'loyalty',
    classShape: loyaltyClass,
    classRequired: ['issuerName', 'programName', 'programLogo'],
    objectShape: loyaltyObject,
    objectRequired: [],
    kind: true,
    version: true,
  },
  {
    vertical: 'offer',
    classShape: offerClass,
    classRequired: ['issuerName', 'title', 'provider', 'redemptionChannel'],
    objectShape: offerObject,
    objectRequired: [],
    kind: true,
    version: true,
  },
  {
    vertical: 'generic',
    classShape: genericClass,
    classRequired: [],
    objectShape: genericObject,
    objectRequired: ['cardTitle', 'header'],
    kind: false,
    version: false,
  },
];

/** One collection of this face: the classes or the objects of a vertical. */
export interface Collection {
  readonly vertical: Vertical;
  /** In the path and in `kind`: `loyaltyClass`. */
  readonly path: string;
  /** In the API document and in messages: `LoyaltyClass`. */
  readonly name: string;
  readonly shape: Shape;
  readonly required: readonly string[];
  readonly kind: boolean;
  readonly version: boolean;
}

export function classCollection(row: VerticalRow): Collection {
  return collection(row, 'Class', row.classShape, ['id', ...row.classRequired]);
}

export function objectCollection(row: VerticalRow): Collection {
  return collection(row, 'Object', row.objectShape, ['id', 'classId', ...row.objectRequired]);
}

function collection(
  { vertical, kind, version }: VerticalRow,
  suffix: 'Class' | 'Object',
  shape: Shape,
  required: readonly string[],
): Collection {
  const path = `${vertical}${suffix}`;
  const name = path.charAt(0).toUpperCase() + path.slice(1);
  return { vertical, path, name, shape, required, kind, version };
}
