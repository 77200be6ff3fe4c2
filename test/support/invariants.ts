import type pg from 'pg';

/** Runs one statement and gives its rows. */
export type Ask = <Row extends pg.QueryResultRow>(statement: string) => Promise<Row[]>;

interface Invariant {
  readonly id: string;
  readonly says: string;
  /** Gives the rows that break it; none when it holds. */
  readonly broken: string;
}

/**
 * What is true after every race, whatever was killed: each statement gives 0 rows. They read the
 * rows themselves and trust neither counters nor constraints, so that they hold of a database whose
 * constraints were dropped as well.
 */
export const INVARIANTS: readonly Invariant[] = [
  {
    id: 'I1',
    says: 'never more coupons than the stock of their class',
    broken: `select c.id, c.stock, count(*) as issued from coupon_classes c
               join coupons q on q.class_id = c.id and q.generation = 0
                             and q.transferred_from is null
              group by c.id, c.stock having count(*) > c.stock`,
  },
  {
    id: 'I2',
    says: 'never more coupons of a class in a wallet than its limit',
    broken: `select q.class_id, q.wallet_id, count(*) as issued from coupons q
               join coupon_classes c on c.id = q.class_id
              where q.generation = 0 and q.transferred_from is null
              group by q.class_id, q.wallet_id, c.per_member_limit
             having count(*) > c.per_member_limit`,
  },
  {
    id: 'I3 classes',
    says: 'the counter of a class is the number of its coupons and of its issued claims',
    broken: `select c.id, c.claimed, q.n as coupons, l.n as claims from coupon_classes c
              cross join lateral (select count(*) as n from coupons
                                   where class_id = c.id and generation = 0
                                     and transferred_from is null) q
              cross join lateral (select count(*) as n from claims
                                   where class_id = c.id and status = 'issued') l
              where c.claimed <> q.n or c.claimed <> l.n`,
  },
  {
    id: 'I3 members',
    says: 'the counter of a member is the number of coupons',
    broken: `select coalesce(m.class_id, q.class_id) as class_id, m.claimed, q.n
               from class_members m
               full join (select class_id, wallet_id, count(*) as n from coupons
                           where generation = 0 and transferred_from is null
                           group by class_id, wallet_id) q
                 on q.class_id = m.class_id and q.wallet_id = m.wallet_id
              where m.claimed is distinct from q.n`,
  },
  {
    id: 'I4 claims',
    says: 'a refusal leaves nothing, an issued claim its one coupon, a coupon its one claim',
    broken: `select q.id from coupons q
              where q.generation = 0 and q.transferred_from is null
                and 1 <> (select count(*) from claims l where l.coupon_id = q.id
                             and l.status = 'issued' and l.wallet_id = q.wallet_id)
             union all
             select l.id from claims l
              where (l.status = 'issued') <> exists (select from coupons q where q.id = l.coupon_id)
             union all
             select k.claim_id from idempotency_keys k
              where k.claim_id is not null
                and not exists (select from claims l where l.id = k.claim_id)`,
  },
  {
    id: 'I4 audit',
    says: 'each decision is in the audit, once',
    broken: `select l.id from claims l
              where l.status <> 'pending'
                and 1 <> (select count(*) from audit_entries a where a.action = 'claim'
                             and a.subject = l.id and a.outcome = coalesce(l.refusal, 'issued'))
             union all
             select r.id from redemptions r
              where (r.state = 'confirmed')::int <> (
                     select count(*) from audit_entries a where a.action = 'redeem'
                        and a.outcome = 'redeemed' and a.detail ->> 'redemptionId' = r.id)
                 or (r.held_until is not null)::int <> (
                     select count(*) from audit_entries a where a.action = 'hold'
                        and a.outcome = 'held' and a.detail ->> 'redemptionId' = r.id)
                 or (r.reversed_at is not null)::int <> (
                     select count(*) from audit_entries a where a.action = 'reverse'
                        and a.outcome = 'reversed' and a.subject = r.id)`,
  },
  {
    id: 'I5',
    says: 'a coupon is redeemed at most once at a time, and says whether it is',
    broken: `select q.id, q.status, r.standing from coupons q
              cross join lateral (select count(*) as standing from redemptions
                                   where coupon_id = q.id and reversed_at is null
                                     and state = 'confirmed') r
              where r.standing > 1 or (r.standing = 1) <> (q.status = 'redeemed')`,
  },
  {
    id: 'I6 one',
    says: 'a redemption has at most one clone, and a reversed one none that counts',
    broken: `select r.id, count(k.id) as clones from redemptions r
               join coupons k on k.cloned_by = r.id and k.transferred_from is null
              group by r.id, r.reversed_at
             having count(*) > 1
                 or (r.reversed_at is not null and bool_or(k.status <> 'voided'))`,
  },
  {
    id: 'I6 lineage',
    says: 'a lineage holds at most maxClones clones, one in each place',
    broken: `select q.lineage_id, count(*) as clones, max(q.generation) as deepest from coupons q
              where q.generation > 0 and q.voided_by is distinct from 'reversal'
                and q.transferred_from is null
              group by q.lineage_id
             having count(*) > coalesce(max(q.max_clones), 0) or max(q.generation) <> count(*)`,
  },
  {
    id: 'I6 all',
    says: 'every standing redemption has its clone, unless the lineage was full then',
    broken: `select r.id from redemptions r
               join coupons q on q.id = r.coupon_id
               join coupon_classes c on c.id = q.class_id
               join coupon_classes b on b.id = coalesce(c.clone_class_id, c.id)
              where r.state = 'confirmed' and r.reversed_at is null
                and c.max_clones is not null and c.withdrawn_at is null
                and b.withdrawn_at is null and b.budget_minor is null
                and not exists (select from coupons k where k.cloned_by = r.id)
                and c.max_clones > (select count(*) from coupons k
                                     where k.lineage_id = q.lineage_id and k.generation > 0
                                       and k.transferred_from is null)
                and (b.validity ->> 'kind' = 'relative'
                     or (b.validity ->> 'end')::timestamptz
                        > clock_timestamp() + make_interval(hours => c.clone_after_hours))`,
  },
  {
    id: 'I9 claims',
    says: 'coupons are issued inside the claim window, by database time',
    broken: `select q.id, q.issued_at, c.claim_start, c.claim_end from coupons q
               join coupon_classes c on c.id = q.class_id
              where q.generation = 0 and q.transferred_from is null
                and (q.issued_at < c.claim_start or q.issued_at >= c.claim_end)`,
  },
  {
    id: 'I9 redemptions',
    says: 'coupons are redeemed inside their period of use, by database time',
    broken: `select r.id, r.redeemed_at from redemptions r join coupons q on q.id = r.coupon_id
              where r.state = 'confirmed'
                and (r.redeemed_at < q.available_at
                     or r.redeemed_at >= greatest(q.expires_at, r.held_until))`,
  },
  {
    id: 'I10',
    says: 'no claim and no owed job is left undone',
    broken: `select id from claims where status = 'pending'
             union all select id::text from outbox where done_at is null`,
  },
  {
    id: 'I11',
    says: 'no row of one issuer refers to a row of another',
    broken: `select q.id from coupons q join coupon_classes c on c.id = q.class_id
              where q.issuer_id <> c.issuer_id or c.issuer_id <> split_part(c.id, '.', 1)
             union all
             select l.id from claims l join coupons q on q.id = l.coupon_id
              where q.class_id <> l.class_id or q.wallet_id <> l.wallet_id
             union all
             select k.id from coupons k join coupons o on o.id = k.cloned_from
               join coupon_classes c on c.id = o.class_id
              where k.transferred_from is null
                and (k.class_id <> coalesce(c.clone_class_id, c.id) or k.wallet_id <> o.wallet_id
                 or k.lineage_id <> o.lineage_id)
             union all
             select r.id from redemptions r join coupons q on q.id = r.coupon_id
               join issuers i on i.id = r.redemption_issuer_id
              where r.issuer_id <> q.issuer_id or r.class_id <> q.class_id
                 or i.collector_id <> r.collector_id
             union all
             select k.id from coupons k join redemptions r on r.id = k.cloned_by
              where k.cloned_from <> r.coupon_id
             union all
             select o.id from pass_objects o join pass_classes c on c.id = o.class_id
              where o.issuer_id <> c.issuer_id
             union all
             select t.id from terminals t where not exists (
               select from stores s where s.issuer_id = t.issuer_id and s.id = t.store_id)
             union all
             select t.id from taps t left join issuer_keys k on k.id = t.key_id
              where t.key_id is not null and k.issuer_id is distinct from t.issuer_id
             union all
             select t.id from taps t left join presentations p on p.id = t.presentation_id
              where t.key_id is not null and p.wallet_id is distinct from t.wallet_id
             union all
             select t.id from stand_taps s join taps t on t.id = s.tap_id
               join stands d on d.id = s.stand_id
              where t.key_id is not null or t.issuer_id <> d.issuer_id`,
  },
  {
    id: 'I12 one',
    says: 'a coupon that was given away has one successor, and no other has any',
    broken: `select o.id, o.status, s.n as successors from coupons o
              cross join lateral (select count(*) as n from coupons
                                   where transferred_from = o.id) s
              where s.n <> (o.status = 'transferred')::int`,
  },
  {
    id: 'I12 worth',
    says: 'what was given away is another’s, with the same class, dates and place in the lineage',
    broken: `select s.id from coupons s join coupons o on o.id = s.transferred_from
              where s.wallet_id = o.wallet_id or s.code = o.code
                 or (s.class_id, s.lineage_id, s.generation, s.available_at, s.expires_at,
                     s.cloned_from, s.cloned_by)
                    is distinct from
                    (o.class_id, o.lineage_id, o.generation, o.available_at, o.expires_at,
                     o.cloned_from, o.cloned_by)`,
  },
  {
    id: 'I12 links',
    says: 'each successor came by one link that was open, and is in the audit once',
    // Links are kept for at least so long after they were accepted.
    broken: `select s.id from coupons s
              where s.transferred_from is not null
                and s.issued_at > clock_timestamp() - interval '30 days'
                and 1 <> (select count(*) from transfers t
                           where t.new_coupon_id = s.id and t.coupon_id = s.transferred_from
                             and t.to_wallet_id = s.wallet_id and t.revoked_at is null
                             and t.accepted_at between t.created_at and t.expires_at)
             union all
             select t.id from transfers t
              where t.accepted_at is not null
                and 1 <> (select count(*) from audit_entries a where a.action = 'transfer.accept'
                             and a.outcome = 'accepted' and a.detail ->> 'transferId' = t.id)
             union all
             select coupon_id from transfers where accepted_at is null and revoked_at is null
              group by coupon_id having count(*) > 1`,
  },
  {
    id: 'I13',
    says: 'of a withdrawn class nobody holds a coupon that is good',
    broken: `select q.id from coupons q join coupon_classes c on c.id = q.class_id
              where c.withdrawn_at is not null and q.status = 'issued'`,
  },
  {
    id: 'I14',
    says: 'what a class has committed is what its coupons hold, and never more than its budget',
    broken: `select c.id, c.committed_minor, q.held from coupon_classes c
              cross join lateral (select coalesce(sum(reserved_minor), 0) as held from coupons
                                   where class_id = c.id and status <> 'voided') q
              where c.budget_minor is not null
                and (c.committed_minor <> q.held or c.committed_minor > c.budget_minor)`,
  },
];

/** Every broken invariant with some of the rows that break it; empty when all hold. */
export async function brokenInvariants(ask: Ask): Promise<Record<string, unknown[]>> {
  const broken: Record<string, unknown[]> = {};
  for (const { id, says, broken: statement } of INVARIANTS) {
    const rows = await ask(statement);
    if (rows.length > 0) broken[`${id}: ${says}`] = rows.slice(0, 5);
  }
  return broken;
}

/** The ids of the broken ones. */
export async function brokenIds(ask: Ask): Promise<string[]> {
  return Object.keys(await brokenInvariants(ask)).map((name) => name.split(':')[0] ?? '');
}
