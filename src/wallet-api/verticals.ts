import type { Vertical } from '../passes/model.ts';
import { genericClass, genericObject } from './shapes/generic.ts';
import { loyaltyClass, loyaltyObject } from './shapes/loyalty.ts';
import { offerClass, offerObject } from './shapes/offer.ts';
import type { Shape } from './shapes/scalars.ts';

/** One collection of this face: the classes or the objects of a vertical. */
export interface Collection {
  readonly vertical: Vertical;
  /** In the path, and in `kind`: `loyaltyClass`. */
  readonly path: string;
  /** In the API document and in messages: `LoyaltyClass`. */
  readonly name: string;
  readonly shape: Shape;
  /** Fields that insert and update demand, beside what rules of their own demand. */
  readonly required: readonly string[];
  /** Whether answers carry the deprecated `kind` and `version`. */
  readonly kind: boolean;
  readonly version: boolean;
}

export interface VerticalRow {
  readonly classes: Collection;
  readonly objects: Collection;
}

const withKind = { kind: true, version: true };
const bare = { kind: false, version: false };

/** All that tells one vertical from another; a new one is a new row. */
export const VERTICAL_TABLE: readonly VerticalRow[] = [
  {
    classes: {
      vertical: 'loyalty',
      path: 'loyaltyClass',
      name: 'LoyaltyClass',
      shape: loyaltyClass,
      required: ['id', 'issuerName', 'programName', 'programLogo'],
      ...withKind,
    },
    objects: {
      vertical: 'loyalty',
      path: 'loyaltyObject',
      name: 'LoyaltyObject',
      shape: loyaltyObject,
      required: ['id', 'classId'],
      ...withKind,
    },
  },
  {
    classes: {
      vertical: 'offer',
      path: 'offerClass',
      name: 'OfferClass',
      shape: offerClass,
      required: ['id', 'issuerName', 'title', 'provider', 'redemptionChannel'],
      ...withKind,
    },
    objects: {
      vertical: 'offer',
      path: 'offerObject',
      name: 'OfferObject',
      shape: offerObject,
      required: ['id', 'classId'],
      ...withKind,
    },
  },
  {
    classes: {
      vertical: 'generic',
      path: 'genericClass',
      name: 'GenericClass',
      shape: genericClass,
      required: ['id'],
      ...bare,
    },
    objects: {
      vertical: 'generic',
      path: 'genericObject',
      name: 'GenericObject',
      shape: genericObject,
      required: ['id', 'classId', 'cardTitle', 'header'],
      ...bare,
    },
  },
];
