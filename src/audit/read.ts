import { type Caller, issuerSeenBy } from '../access/model.ts';
import type { Db } from '../platform/database.ts';
import { findHead, type Head } from './head-store.ts';
import { type EntryFilter, type EntryPage, listEntries } from './read-store.ts';

/** The published head, for every caller: it tells nothing of anybody. */
export function readHead(db: Db): Promise<Head> {
  return findHead(db);
}

/** Entries that the caller may see: those about its own issuer, for root all. */
export function readEntries(
  db: Db,
  caller: Caller,
  filter: Omit<EntryFilter, 'issuerId'>,
  page: { readonly after: number; readonly limit: number },
): Promise<EntryPage> {
  const issuerId = issuerSeenBy(caller);
  return listEntries(db, { ...filter, issuerId }, page);
}
