import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import type { Scratch } from './scratch.ts';

/** An issued coupon of that class, straight into the table; gives its id. */
export async function seedCoupon({ ask }: Scratch, classId: string, walletId: string) {
  const id = `cpn_${randomUUID()}`;
  await ask(
    `insert into coupons (id, issuer_id, class_id, wallet_id, code, status, available_at,
                          expires_at, generation, lineage_id)
     values ($1, split_part($2, '.', 1), $2, $3, $1, 'issued', now() - interval '1 s',
             now() + interval '1 d', 0, $1)`,
    [id, classId, walletId],
  );
  return id;
}

/** Reads whether the coupon is unused and then uses it, without a lock or a guard in between. */
export function redeemNaively(scratch: Scratch, couponId: string): Promise<string | null> {
  return scratch.transaction(async (client) => {
    const { rows } = await client.query<{ status: string; class_id: string; issuer_id: string }>(
      'select status, class_id, issuer_id from coupons where id = $1',
      [couponId],
    );
    const [coupon] = rows;
    if (coupon?.status !== 'issued') return null;
    const id = `red_${randomUUID()}`;
    await client.query(
      `insert into redemptions (id, coupon_id, class_id, issuer_id, redemption_issuer_id,
         collector_id, "order", order_total_minor, discount_minor, payable_minor)
       values ($1, $2, $3, $4, $4, $4, '{}', 4800, 500, 4300)`,
      [id, couponId, coupon.class_id, coupon.issuer_id],
    );
    await client.query(`update coupons set status = 'redeemed' where id = $1`, [couponId]);
    return id;
  });
}

/** True when it takes itself for the one that reversed. */
export function reverseNaively(scratch: Scratch, redemptionId: string): Promise<boolean> {
  return scratch.transaction(async (client) => {
    const { rows } = await client.query<{ coupon_id: string; reversed_at: Date | null }>(
      'select coupon_id, reversed_at from redemptions where id = $1',
      [redemptionId],
    );
    const [redemption] = rows;
    if (redemption === undefined || redemption.reversed_at !== null) return false;
    if ((await cloneStatus(client, redemptionId)) === 'redeemed') return false;
    await client.query(
      'update redemptions set reversal_id = $2, reversed_at = clock_timestamp() where id = $1',
      [redemptionId, `rev_${randomUUID()}`],
    );
    await client.query(`update coupons set status = 'issued' where id = $1`, [
      redemption.coupon_id,
    ]);
    await client.query(
      `update coupons set status = 'voided', voided_by = 'reversal' where cloned_by = $1`,
      [redemptionId],
    );
    return true;
  });
}

async function cloneStatus(client: pg.PoolClient, redemptionId: string): Promise<string | null> {
  const { rows } = await client.query<{ status: string }>(
    'select status from coupons where cloned_by = $1',
    [redemptionId],
  );
  return rows[0]?.status ?? null;
}

/** Counts the clones there are and makes the next: no lock on the lineage, no key of the job. */
export function cloneNaively(scratch: Scratch, redemptionId: string): Promise<boolean> {
  return scratch.transaction(async (client) => {
    const { rows } = await client.query<{
      id: string;
      lineage_id: string;
      class_id: string;
      wallet_id: string;
      max_clones: number;
      clones: number;
    }>(
      `select q.id, q.lineage_id, q.class_id, q.wallet_id, c.max_clones,
              (select count(*)::int from coupons k
                where k.lineage_id = q.lineage_id and k.generation > 0) as clones
         from redemptions r join coupons q on q.id = r.coupon_id
         join coupon_classes c on c.id = q.class_id where r.id = $1`,
      [redemptionId],
    );
    const [origin] = rows;
    if (origin === undefined || origin.clones >= origin.max_clones) return false;
    await client.query(
      `insert into coupons (id, issuer_id, class_id, wallet_id, code, status, available_at,
         expires_at, generation, lineage_id, cloned_from, cloned_by, max_clones)
       values ($1, split_part($2, '.', 1), $2, $3, $1, 'issued', now(), now() + interval '1 d',
               $4, $5, $6, $7, $8)`,
      [
        `cpn_${randomUUID()}`,
        origin.class_id,
        origin.wallet_id,
        origin.clones + 1,
        origin.lineage_id,
        origin.id,
        redemptionId,
        origin.max_clones,
      ],
    );
    return true;
  });
}
