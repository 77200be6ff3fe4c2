import { randomUUID } from 'node:crypto';
import type { Scratch } from './scratch.ts';

/** An open link of a coupon, straight into the table; gives its id. */
export async function seedLink({ ask }: Scratch, couponId: string): Promise<string> {
  const id = `trf_${randomUUID()}`;
  await ask(
    `insert into transfers (id, coupon_id, token_sha256, expires_at)
     values ($1, $2, $1, now() + interval '1 d')`,
    [id, couponId],
  );
  return id;
}

/** Reads that link and coupon are good and then gives it, without a lock or a guard in between. */
export function acceptNaively(
  scratch: Scratch,
  linkId: string,
  walletId: string,
): Promise<boolean> {
  return scratch.transaction(async (client) => {
    const { rows } = await client.query<{ coupon_id: string; status: string }>(
      `select t.coupon_id, q.status from transfers t join coupons q on q.id = t.coupon_id
        where t.id = $1 and t.accepted_at is null and t.revoked_at is null`,
      [linkId],
    );
    const [link] = rows;
    if (link?.status !== 'issued') return false;
    const newId = `cpn_${randomUUID()}`;
    await client.query(
      `insert into coupons (id, issuer_id, class_id, wallet_id, code, status, available_at,
                            expires_at, generation, lineage_id, transferred_from)
       select $1, issuer_id, class_id, $2, $1, 'issued', available_at, expires_at, generation,
              lineage_id, id
         from coupons where id = $3`,
      [newId, walletId, link.coupon_id],
    );
    await client.query(`update coupons set status = 'transferred' where id = $1`, [link.coupon_id]);
    await client.query(
      `update transfers set accepted_at = clock_timestamp(), to_wallet_id = $2, new_coupon_id = $3
        where id = $1`,
      [linkId, walletId, newId],
    );
    return true;
  });
}
