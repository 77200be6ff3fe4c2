import type { Db } from '../platform/database.ts';
import type { PassClass, PassObject, Vertical } from './model.ts';
import { type Outcome, refused } from './rules.ts';
import { findClass, findObject, listClasses, listObjects, type PageRange } from './store.ts';

export type { PageRange };

/** The class, when it is of that vertical. */
export async function readClass(
  db: Db,
  vertical: Vertical,
  id: string,
): Promise<Outcome<PassClass>> {
  const found = await findClass(db, id);
  if (found === null || found.vertical !== vertical) return refused('class-not-found', id);
  return { ok: true, value: found };
}

/** Classes of an issuer in order of their ids. */
export function readClasses(
  db: Db,
  vertical: Vertical,
  issuerId: string,
  range: PageRange,
): Promise<PassClass[]> {
  return listClasses(db, issuerId, vertical, range);
}

/** The object, when it is of that vertical. */
export async function readObject(
  db: Db,
  vertical: Vertical,
  id: string,
): Promise<Outcome<PassObject>> {
  const found = await findObject(db, id);
  if (found === null || found.vertical !== vertical) return refused('object-not-found', id);
  return { ok: true, value: found };
}

/** Objects of a class in order of their ids. */
export function readObjects(db: Db, classId: string, range: PageRange): Promise<PassObject[]> {
  return listObjects(db, classId, range);
}
