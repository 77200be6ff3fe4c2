import type { PassClass, PassObject } from '../passes/model.ts';
import { isReviewed } from '../passes/rules.ts';
import type { Shown } from './resource.ts';
import type { Collection } from './verticals.ts';

/** A class as its owner wrote it, with what the server sets. */
export function shownClass(collection: Collection, passClass: PassClass): Shown {
  const { body, reviewStatus, version } = passClass;
  return {
    ...kindOf(collection),
    ...body,
    ...(isReviewed(passClass.vertical) && { reviewStatus }),
    ...(collection.version && { version: String(version) }),
  };
}

export function shownObject(collection: Collection, object: PassObject): Shown {
  const { body, state, version } = object;
  return {
    ...kindOf(collection),
    ...body,
    state,
    ...(collection.version && { version: String(version) }),
  };
}

function kindOf({ kind, path }: Collection): Shown {
  return kind ? { kind: `walletobjects#${path}` } : {};
}
