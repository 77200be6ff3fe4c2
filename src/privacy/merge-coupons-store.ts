import { type Db, rareStatement, type Tx } from '../platform/database.ts';

const classes = rareStatement<{ id: string }>(
  `select class_id as id from coupons where wallet_id = $1
   union
   select class_id from claims where status = 'pending' and wallet_id = $1
   order by id`,
);

/** The classes of which a wallet holds coupons or waits for one. */
export async function classesOf(db: Db, walletId: string): Promise<string[]> {
  return (await db.run(classes, [walletId])).map(({ id }) => id);
}

const lockClasses = rareStatement<never>(
  `select id from coupon_classes where id in (select json_array_elements_text($1::json))
    order by id for no key update`,
);
const lockCoupons = rareStatement<never>(
  'select id from coupons where wallet_id = $1 order by id for no key update',
);

/** Keeps claims, redemptions and clones off a wallet's coupons; in the order in which these lock. */
export async function lockCouponsOf(
  tx: Tx,
  walletId: string,
  classIds: readonly string[],
): Promise<void> {
  await tx.run(lockClasses, [JSON.stringify(classIds)]);
  await tx.run(lockCoupons, [walletId]);
}

// A coupon goes with its clones. What was given from one of the two wallets to the other stays on
// its side, and of a class only so many go as the other wallet may still have.
const move = rareStatement<{ id: string; class_id: string; counts: boolean }>(
  `with recursive tree as (
     select id, id as root from coupons
      where wallet_id = $2 and (transferred_from is not null or cloned_from is null)
     union all
     select c.id, t.root from coupons c join tree t on c.cloned_from = t.id
      where c.wallet_id = $2 and c.transferred_from is null),
   bound as (
     select t.root from tree t
       join coupons c on c.id = t.id
       join coupons o on (o.id = c.transferred_from or o.transferred_from = c.id)
      where o.wallet_id = $1),
   ranked as (
     select c.id, c.transferred_from is not null as uncounted,
            k.per_member_limit - coalesce(m.claimed, 0) as room,
            row_number() over (partition by c.class_id, c.transferred_from is null
                               order by c.status = 'issued' desc, c.id) as place
       from coupons c
       join coupon_classes k on k.id = c.class_id
       left join class_members m on m.class_id = c.class_id and m.wallet_id = $1
      where c.id in (select root from tree) and c.id not in (select root from bound))
   update coupons c set wallet_id = $1
     from tree t join ranked r on r.id = t.root and (r.uncounted or r.place <= r.room)
    where c.id = t.id
   returning c.id, c.class_id, c.generation = 0 and c.transferred_from is null as counts`,
);

const FOLLOW = [
  `update claims set wallet_id = $1
    where wallet_id = $2 and status = 'issued'
      and coupon_id in (select json_array_elements_text($3::json))`,
  `update transfers set to_wallet_id = $1
    where new_coupon_id in (select json_array_elements_text($3::json)) and to_wallet_id = $2`,
  `with moved as (
     select class_id, count(*)::int as n from coupons
      where id in (select json_array_elements_text($3::json))
        and generation = 0 and transferred_from is null and wallet_id = $1 and $2 <> $1
      group by class_id),
   less as (
     update class_members m set claimed = m.claimed - n from moved
      where m.class_id = moved.class_id and m.wallet_id = $2)
   insert into class_members (class_id, wallet_id, claimed, member_limit)
   select m.class_id, $1, m.n, k.per_member_limit
     from moved m join coupon_classes k on k.id = m.class_id
   on conflict on constraint class_members_pair do update
     set claimed = class_members.claimed + excluded.claimed,
         member_limit = greatest(class_members.member_limit, excluded.member_limit)`,
].map((text) => rareStatement<never>(text));

const COUNT = [
  'delete from class_members where wallet_id = $2 and claimed = 0 and $1 <> $2',
  `insert into class_member_periods (class_id, wallet_id, period, start, claimed, member_limit)
   select class_id, $1, period, start, claimed, member_limit
     from class_member_periods where wallet_id = $2
   on conflict on constraint class_member_periods_key do update
     set claimed = least(class_member_periods.claimed + excluded.claimed,
                         class_member_periods.member_limit)`,
  'delete from class_member_periods where wallet_id = $2 and $1 <> $2',
  `update claims set wallet_id = $1 where status = 'pending' and wallet_id = $2`,
].map((text) => rareStatement<never>(text));

/** Moves what fits from a locked wallet into another, with all that counts it. */
export async function moveCoupons(tx: Tx, keep: string, gone: string): Promise<number> {
  const moved = await tx.run(move, [keep, gone]);
  const ids = JSON.stringify(moved.map(({ id }) => id));
  for (const statement of FOLLOW) await tx.run(statement, [keep, gone, ids]);
  for (const statement of COUNT) await tx.run(statement, [keep, gone]);
  return moved.length;
}

const left = rareStatement<{ id: string }>(
  `select id from coupons
    where wallet_id = $1 and status = 'issued' and expires_at > clock_timestamp() order by id`,
);

/** The coupons that are still good in a wallet that is to be empty. */
export async function unusedCouponsOf(db: Db, walletId: string): Promise<string[]> {
  return (await db.run(left, [walletId])).map(({ id }) => id);
}

/** A wallet that was to be empty, and the member whose it is now. */
export interface LateWallet {
  readonly memberId: string;
  readonly walletId: string;
  readonly goneWalletId: string;
}

const late = rareStatement<LateWallet>(
  `with recursive became as (
     select id, wallet_id as gone, merged_into as next from members where merged_into is not null
     union all
     select b.id, b.gone, m.merged_into from became b join members m on m.id = b.next
      where m.merged_into is not null)
   select k.id as "memberId", k.wallet_id as "walletId", b.gone as "goneWalletId" from became b join members k on k.id = b.next
    where k.merged_into is null and k.erased_at is null
      and exists (select from coupons
                   where wallet_id = b.gone and status = 'issued'
                     and expires_at > clock_timestamp())
    limit 100`,
);

/** Some wallets that got a coupon after they had been emptied. */
export function walletsWithLateCoupons(db: Db): Promise<LateWallet[]> {
  return db.run(late, []);
}
