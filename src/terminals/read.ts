import { type Caller, mayActFor } from '../access/model.ts';
import type { Db } from '../platform/database.ts';
import type { Page } from '../platform/page.ts';
import type { Store, StoreName, Terminal, TerminalName } from './model.ts';
import { findStore, findTerminal, listStores, listTerminals } from './store.ts';

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

/** Null when the caller has no such store. */
export async function readStore(db: Db, caller: Caller, name: StoreName): Promise<Store | null> {
  return mayActFor(caller, name.issuerId) ? findStore(db, name) : null;
}

/** Null when the caller has no such terminal. */
export async function readTerminal(
  db: Db,
  caller: Caller,
  name: TerminalName,
): Promise<Terminal | null> {
  return mayActFor(caller, name.issuerId) ? findTerminal(db, name) : null;
}
