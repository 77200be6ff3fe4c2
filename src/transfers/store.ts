import type { LocalizedText } from '../coupons/model.ts';
import {
  at,
  atOrNull,
  type Db,
  only,
  rareStatement,
  statement,
  type Tx,
} from '../platform/database.ts';
import type { TransferLink } from './model.ts';

const revoke = statement<{ id: string; in_time: boolean }>(
  'transfers.revoke',
  `update transfers set revoked_at = clock_timestamp()
    where coupon_id = $1 and accepted_at is null and revoked_at is null
    returning id, revoked_at < expires_at as in_time`,
);

/** Revokes the link of a locked coupon and gives its id; null when none was open. */
export async function revokeOpenLink(tx: Tx, couponId: string): Promise<string | null> {
  const [revoked] = await tx.run(revoke, [couponId]);
  return revoked?.in_time ? revoked.id : null;
}

const insert = statement<{ expires_at: string }>(
  'transfers.insert',
  `insert into transfers (id, coupon_id, token_sha256, expires_at)
   values ($1, $2, $3, clock_timestamp() + make_interval(hours => $4))
   returning expires_at`,
);

/** Opens a link for a locked coupon that has no other; gives when it ends. */
export async function insertLink(
  tx: Tx,
  link: { readonly id: string; readonly couponId: string; readonly tokenSha256: string },
  expiresAfterHours: number,
): Promise<Date> {
  const { id, couponId, tokenSha256 } = link;
  return at(only(await tx.run(insert, [id, couponId, tokenSha256, expiresAfterHours])).expires_at);
}

const find = rareStatement<{
  id: string;
  coupon_id: string;
  class_id: string;
  expires_at: string;
  revoked_at: string | null;
  accepted_at: string | null;
}>(`select t.id, t.coupon_id, q.class_id, t.expires_at, t.revoked_at, t.accepted_at
     from transfers t join coupons q on q.id = t.coupon_id
    where t.token_sha256 = $1`);

export async function findLink(db: Db, tokenSha256: string): Promise<TransferLink | null> {
  const [row] = await db.run(find, [tokenSha256]);
  if (row === undefined) return null;
  return {
    id: row.id,
    couponId: row.coupon_id,
    classId: row.class_id,
    expiresAt: at(row.expires_at),
    revokedAt: atOrNull(row.revoked_at),
    acceptedAt: atOrNull(row.accepted_at),
  };
}

// A link lives for 30 days at most. Ids grow with the time, so that the oldest are found by key.
const forget = rareStatement<{ id: string }>(`delete from transfers where id = any (array(
     select id from (select id, created_at from transfers order by id limit 5000) oldest
      where created_at < clock_timestamp() - interval '60 days'))
   returning id`);

/**
 * Deletes some links that ended 30 days ago or earlier; gives how many. Who gave a coupon to whom
 * stays with the coupons and in the audit.
 */
export async function forgetOldLinks(tx: Tx): Promise<number> {
  return (await tx.run(forget, [])).length;
}

/** What the receiver of a coupon is shown of it before it is theirs. */
export interface OfferedCoupon {
  readonly classId: string;
  readonly issuerId: string;
  readonly name: LocalizedText;
  readonly description: LocalizedText | null;
  readonly availableAt: Date;
  readonly expiresAt: Date;
}

const offered = rareStatement<
  Omit<OfferedCoupon, 'availableAt' | 'expiresAt'> & { availableAt: string; expiresAt: string }
>(
  `select q.class_id as "classId", q.issuer_id as "issuerId", c.name, c.description,
          q.available_at as "availableAt", q.expires_at as "expiresAt"
     from coupons q join coupon_classes c on c.id = q.class_id
    where q.id = $1`,
);

export async function findOfferedCoupon(db: Db, couponId: string): Promise<OfferedCoupon> {
  const row = only(await db.run(offered, [couponId]));
  return { ...row, availableAt: at(row.availableAt), expiresAt: at(row.expiresAt) };
}

// All parts of a statement see the old coupon as it was before, so the new one gets what it was
// worth: its place in the lineage, its share of the budget and its notice.
const give = rareStatement<{ id: string }>(
  `with given as (
     update coupons set status = 'transferred', notice_due_at = null, reserved_minor = null
      where id = $2 and status = 'issued' returning id),
   made as (
     insert into coupons (id, issuer_id, class_id, wallet_id, code, status, available_at,
                          expires_at, generation, lineage_id, cloned_from, cloned_by, max_clones,
                          transferred_from, reserved_minor, notice_due_at, noticed_at)
     select $3, q.issuer_id, q.class_id, $4, $5, 'issued', q.available_at,
            q.expires_at, q.generation, q.lineage_id, q.cloned_from, q.cloned_by, q.max_clones,
            q.id, q.reserved_minor, q.notice_due_at, q.noticed_at
       from given join coupons q on q.id = given.id
     returning id)
   update transfers t set accepted_at = $6, to_wallet_id = $4, new_coupon_id = made.id
     from made
    where t.id = $1 and t.accepted_at is null and t.revoked_at is null
   returning t.id`,
);

/**
 * Ends a locked coupon, makes its successor in another wallet and closes the link, as of the
 * instant at which that was decided.
 */
export async function saveAcceptance(
  tx: Tx,
  link: TransferLink,
  successor: { readonly id: string; readonly walletId: string; readonly code: string },
  decidedAt: Date,
): Promise<void> {
  const { id, walletId, code } = successor;
  const values = [link.id, link.couponId, id, walletId, code, decidedAt.toISOString()];
  if ((await tx.run(give, values)).length !== 1) throw new Error('a locked coupon changed');
}
