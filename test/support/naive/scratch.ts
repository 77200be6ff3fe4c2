import pg from 'pg';
import { createTestDatabase } from '../database.ts';

export interface Scratch {
  readonly pool: pg.Pool;
  ask<Row extends pg.QueryResultRow>(statement: string, values?: unknown[]): Promise<Row[]>;
  /** The work in one READ COMMITTED transaction, as a framework would run it. */
  transaction<T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** Our tables without the walls behind which naive code would be caught. */
const WALLS = [
  'alter table coupon_classes drop constraint coupon_classes_stock',
  'alter table class_members drop constraint class_members_limit',
  'drop index coupons_one_clone_a_redemption',
  'alter table coupons drop constraint coupons_lineage_limit',
  'drop index coupons_lineage_place',
  'drop index coupons_one_successor',
  'alter table coupons drop constraint coupons_void_has_reason',
  'drop index redemptions_one_standing_a_coupon',
  'alter table taps drop constraint taps_nonce',
];

/** A database in which a naive implementation may do as it likes; reached by another URL if given. */
export async function openScratch(
  reachedBy = async (url: string): Promise<string> => url,
): Promise<Scratch> {
  const { url, drop } = await createTestDatabase();
  const pool = new pg.Pool({ connectionString: await reachedBy(url), max: 16 });
  pool.on('error', () => {});
  for (const wall of WALLS) await pool.query(wall);
  return {
    pool,
    ask: async (statement, values = []) => (await pool.query(statement, values)).rows,
    transaction: (work) => inTransaction(pool, work),
    close: async () => {
      await pool.end();
      await drop();
    },
  };
}

async function inTransaction<T>(
  pool: pg.Pool,
  work: (client: pg.PoolClient) => Promise<T>,
): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    const result = await work(client);
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback');
    throw error;
  } finally {
    client.release();
  }
}

/** An issuer with a coupon class and wallets, straight into the tables. */
export async function seedCampaign(
  { ask }: Scratch,
  campaign: {
    readonly id: string;
    readonly stock: number;
    readonly perMemberLimit: number;
    readonly wallets: readonly string[];
    readonly maxClones?: number;
    readonly claimWindow?: readonly [start: string, end: string];
  },
): Promise<void> {
  const issuerId = campaign.id.split('.')[0];
  const [start, end] = campaign.claimWindow ?? ["now() - interval '1 h'", "now() + interval '1 h'"];
  await ask(
    `insert into issuers (id, name, collector_id, body) values ($1, 'Naive', $1, '{}')
     on conflict do nothing`,
    [issuerId],
  );
  await ask(`insert into class_ids (id, kind) values ($1, 'coupon')`, [campaign.id]);
  await ask(
    `insert into coupon_classes (id, issuer_id, name, issue_type, scene, claim_start, claim_end,
       per_member_limit, stock, validity, discount, min_spend_minor, scope, regular_price_only,
       member_classes, plus_only, stores, redemption_issuers, max_clones, expiry_notice_days,
       transferable, draft)
     values ($1, $2, '"N"', 'manual', 'all', ${start}, ${end}, $3, $4,
       '{"kind":"relative","availableAfterHours":0,"validDays":7}',
       '{"kind":"amount","amountMinor":500,"currency":"CNY"}', 0, '{"kind":"all"}', false, '[]',
       false, '[]', jsonb_build_array($2::text), $5, -1, false, false)`,
    [campaign.id, issuerId, campaign.perMemberLimit, campaign.stock, campaign.maxClones ?? null],
  );
  for (const id of campaign.wallets) {
    await ask(`insert into wallets (id, pairwise_secret) values ($1, 'x') on conflict do nothing`, [
      id,
    ]);
  }
}
