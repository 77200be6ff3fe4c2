import type { Db } from '../platform/database.ts';
import type { PassClass, PassObject, Vertical } from './model.ts';
import { type Outcome, refused } from './rules.ts';
import { findClass, findObject } from './store.ts';

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
