import type { Db } from '../platform/database.ts';
import type { Page } from '../platform/page.ts';
import { type ApiKey, type Caller, issuerSeenBy } from './model.ts';
import { listApiKeys } from './store.ts';

/** The live keys of the caller's issuer, or all for root. */
export function readApiKeys(db: Db, caller: Caller, page: Page): Promise<ApiKey[]> {
  return listApiKeys(db, issuerSeenBy(caller), page);
}
