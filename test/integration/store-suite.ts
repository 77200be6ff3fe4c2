import { afterAll, beforeAll, beforeEach } from 'vitest';
import type { Database } from '../../src/platform/database.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { type Shop, seedShop } from '../support/seed.ts';
import type { Stage } from './store-stage.ts';
import { auditStores } from './store-suite.audit.ts';
import { counterStores } from './store-suite.counter.ts';
import { couponStores } from './store-suite.coupons.ts';
import { holderStores } from './store-suite.holders.ts';
import { memberStores } from './store-suite.members.ts';
import { noticeStores } from './store-suite.notices.ts';
import { standStores } from './store-suite.stands.ts';
import { transferStores } from './store-suite.transfers.ts';

/** What every store must do alike, whichever driver it stands on. */
export function storeSuite(
  open: (url: string) => Database,
  prepare: (url: string) => Promise<void> = async () => {},
): void {
  let server: TestDatabase;
  let database: Database;
  let shop: Shop;

  beforeAll(async () => {
    server = await createTestDatabase();
    await prepare(server.url);
    database = open(server.url);
  });
  beforeEach(async () => {
    shop = await database.transact(seedShop);
  });
  afterAll(async () => {
    await database.close();
    await server.drop();
  });

  const stage: Stage = {
    get url() {
      return server.url;
    },
    get database() {
      return database;
    },
    get shop() {
      return shop;
    },
    write: (work) => database.transact(work),
  };
  holderStores(stage);
  auditStores(stage);
  couponStores(stage);
  counterStores(stage);
  transferStores(stage);
  noticeStores(stage);
  memberStores(stage);
  standStores(stage);
}
