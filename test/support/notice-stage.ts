import { insertClass } from '../../src/coupons/class-store.ts';
import type { ClassInput } from '../../src/coupons/model.ts';
import { firstSecret } from '../../src/notices/endpoint-secret.ts';
import { openDatabase } from '../../src/platform/database.node.ts';
import type { Database } from '../../src/platform/database.ts';
import { newId } from '../../src/platform/ids.ts';
import { createTestDatabase } from './database.ts';
import { runOn } from './postgres.ts';
import { SEALER } from './sealer.ts';
import { couponClassOf, couponOf, type Shop, seedCoupon, seedShop } from './seed.ts';

type Row = Record<string, unknown>;

/** A shop whose coupons expire, on a database of its own and without workers. */
export interface NoticeStage {
  readonly url: string;
  readonly database: Database;
  readonly shop: Shop;
  sql<Some extends Row = Row>(statement: string, values?: unknown[]): Promise<Some[]>;
  /** A class of the shop; its holders are told 3 days before unless it says otherwise. */
  couponClass(changes?: Partial<ClassInput>): Promise<string>;
  /** A coupon that ends in so many hours, with any other columns; gives its id. */
  coupon(classId: string, endsInHours: number, columns?: Row): Promise<string>;
  /** A webhook endpoint of the shop's issuer. */
  endpoint(url: string): Promise<{ readonly id: string; readonly secret: string }>;
  close(): Promise<void>;
}

export async function openNoticeStage(): Promise<NoticeStage> {
  const { url, drop } = await createTestDatabase();
  const database = openDatabase({ connectionString: url, max: 8 });
  const shop = await database.transact(seedShop);
  const sql: NoticeStage['sql'] = (statement, values) => runOn(url, statement, values);
  let count = 0;
  return {
    url,
    database,
    shop,
    sql,
    couponClass: async (changes = {}) => {
      count += 1;
      const id = `${shop.issuerId}.notice-${count}`;
      const input = couponClassOf(shop.issuerId, { id, expiryNoticeDays: 3, ...changes });
      await database.transact((tx) => insertClass(tx, input));
      return id;
    },
    coupon: async (classId, endsInHours, columns = {}) => {
      const expiresAt = new Date(Date.now() + endsInHours * 3_600_000);
      const coupon = couponOf({ ...shop, couponClassId: classId }, { expiresAt });
      await database.transact((tx) => seedCoupon(tx, shop, coupon));
      const set = Object.keys(columns).map((name, index) => `${name} = $${index + 2}`);
      if (set.length > 0) {
        const values = [coupon.id, ...Object.values(columns)];
        await sql(`update coupons set ${set.join(', ')} where id = $1`, values);
      }
      return coupon.id;
    },
    endpoint: async (endpointUrl) => {
      const id = newId('whk');
      const { secret, sealed } = await firstSecret(SEALER, id);
      await sql(
        'insert into webhook_endpoints (id, issuer_id, url, secret) values ($1, $2, $3, $4)',
        [id, shop.issuerId, endpointUrl, sealed],
      );
      return { id, secret };
    },
    close: async () => {
      await database.close();
      await drop();
    },
  };
}
