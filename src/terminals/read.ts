import { type Caller, mayActFor } from '../access/model.ts';
import type { Db } from '../platform/database.ts';
import type { Page } from '../platform/page.ts';
import type { Store, Terminal } from './model.ts';
import { listStores, listTerminals } from './store.ts';

/** Null when the caller may not act for the issuer. */
export async function readStores(
  db: Db,
  caller: Caller,
  issuerId: string,
  page: Page,
): Promise<Store[] | null> {
  return mayActFor(caller, issuerId) ? listStores(db, issuerId, page) : null;
}

/** Null when the caller may not act for the issuer. */
export async function readTerminals(
  db: Db,
  caller: Caller,
  issuerId: string,
  page: Page,
): Promise<Terminal[] | null> {
  return mayActFor(caller, issuerId) ? listTerminals(db, issuerId, page) : null;
}
