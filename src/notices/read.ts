import { type Caller, issuerSeenBy } from '../access/model.ts';
import type { Db } from '../platform/database.ts';
import type { Page } from '../platform/page.ts';
import { listEndpoints } from './endpoint-store.ts';
import type { WebhookEndpoint } from './model.ts';

/** The endpoints of the caller's issuer, or all for root. */
export function readEndpoints(db: Db, caller: Caller, page: Page): Promise<WebhookEndpoint[]> {
  return listEndpoints(db, issuerSeenBy(caller), page);
}
