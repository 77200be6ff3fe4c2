import { rareStatement, type Tx } from '../platform/database.ts';

const lock = rareStatement<never>(
  `select c.id from coupon_classes c
    where c.id = any (array(select unnest(array[o.id, o.clone_class_id])
                              from redemptions r join coupon_classes o on o.id = r.class_id
                             where r.id = $1))
      and c.budget_minor is not null
    order by c.id for no key update`,
);

/**
 * Locks the classes whose budgets the end of a redemption or its clone may change. Classes are
 * locked before their coupons, as everywhere.
 */
export async function lockBudgets(tx: Tx, redemptionId: string): Promise<void> {
  await tx.run(lock, [redemptionId]);
}

const commit = rareStatement<never>(
  'update coupon_classes set committed_minor = committed_minor + $2 where id = $1',
);

/** Sets money of a class's budget aside. */
export async function commitBudget(tx: Tx, classId: string, minor: number): Promise<void> {
  await tx.run(commit, [classId, minor]);
}

const free = rareStatement<never>(
  `update coupon_classes c set committed_minor = c.committed_minor - held.minor
     from (select class_id, sum(reserved_minor) as minor from coupons
            where id = any (array(select json_array_elements_text($1::json)))
            group by class_id) held
    where c.id = held.class_id and held.minor > 0`,
);

const unreserve = rareStatement<never>(
  `update coupons set reserved_minor = null
    where id = any (array(select json_array_elements_text($1::json)))`,
);

/** Gives what locked coupons hold of their budgets back to their classes. */
export async function freeBudgets(tx: Tx, couponIds: readonly string[]): Promise<void> {
  if (couponIds.length === 0) return;
  const ids = JSON.stringify(couponIds);
  await tx.run(free, [ids]);
  await tx.run(unreserve, [ids]);
}
