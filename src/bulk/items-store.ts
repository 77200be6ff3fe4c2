import type { ClaimRefusal } from '../claims/model.ts';
import { type Db, only, statement, type Tx } from '../platform/database.ts';
import {
  type Keeper,
  type RefusedItem,
  UNKNOWN_EXTERNAL,
  unknownExternalId,
  type WalletName,
} from './model.ts';

/** Where the wallets of a new job go. */
export interface AddTarget {
  readonly bulkId: string;
  readonly keeper: Keeper;
  /** The most wallets that are taken, each counted once; default a million. */
  readonly most?: number;
}

interface Added {
  added: number;
}

// The look at what is in already is by key, whatever the table looked like when it was planned.
const NUMBERED = `fresh as (
     select m.wallet_id, row_number() over (order by m.n) as place
       from (select wallet_id, min(n) as n from meant group by wallet_id) m
       left join lateral (
         select true as is_in from bulk_issue_items
          where bulk_id = $1 and wallet_id = m.wallet_id offset 0) i on true
      where i.is_in is null),
   added as (
     insert into bulk_issue_items (bulk_id, position, wallet_id)
     select $1, $2 + place - 1, wallet_id from fresh returning 1)
   select count(*)::int as added from added`;

const addByWallet = statement<Added>(
  'bulk.add_by_wallet',
  `with meant as (
     select wallet_id, n
       from json_array_elements_text($3::json) with ordinality as named(wallet_id, n)),
   ${NUMBERED}`,
);

const addByExternal = statement<Added>(
  'bulk.add_by_external',
  `with meant as (
     select coalesce(w.id, p.id, '${UNKNOWN_EXTERNAL}' || external_id) as wallet_id, n
       from json_array_elements_text($3::json) with ordinality as named(external_id, n)
       left join lateral (
         select id from wallets
          where issuer_id = $4 and external_id = named.external_id offset 0) w on true
       left join lateral (
         select id from wallets
          where $5 and issuer_id is null and external_id = named.external_id offset 0) p on true),
   ${NUMBERED}`,
);

/** How many names go to the database at once. */
export const NAMES_AT_ONCE = 2000;

/** Adds the wallets that a list names, but for those that are in; gives how many were added. */
export async function addNamed(
  tx: Tx,
  { bulkId, from }: { readonly bulkId: string; readonly from: number },
  by: WalletName,
  names: readonly string[],
  { issuerId, platformToo }: Keeper,
): Promise<number> {
  const listed = [bulkId, from, JSON.stringify(names)];
  const rows =
    by === 'walletId'
      ? await tx.run(addByWallet, listed)
      : await tx.run(addByExternal, [...listed, issuerId, platformToo]);
  return only(rows).added;
}

// From the last claim on, which is decided last: while any waits, the first look finds one. They are
// known by decided_at, so that they are reached by id and not through the index of all that wait.
const waiting = statement<{ waiting: boolean }>(
  'bulk.waiting',
  `select exists (
     select 1 from bulk_issues b
       cross join lateral (
         select i.claim_id from bulk_issue_items i
          where i.bulk_id = b.id
            and i.position >= b.issued + b.refused and i.position < b.position
          order by i.position desc offset 0) i
       join lateral (
         select 1 from claims where id = i.claim_id and decided_at is null offset 0) c on true
      where b.id = $1) as waiting`,
);

/** Whether a claim of the job waits for its decision. */
export async function hasWaitingClaims(db: Db, bulkId: string): Promise<boolean> {
  return only(await db.run(waiting, [bulkId])).waiting;
}

const settle = statement<{ issued: number; refused: number }>(
  'bulk.settle',
  `with decided as (
     select i.position, c.status,
            case when i.claim_id is null then 'wallet-not-found' else c.refusal end as refusal
       from (select position, claim_id from bulk_issue_items
              where bulk_id = $1 and position >= $2 and position < $3 offset 0) i
       left join lateral (
         select status, refusal from claims where id = i.claim_id offset 0) c on true),
   refused as (
     update bulk_issue_items set refusal = d.refusal
       from decided d
       join lateral (
         select ctid from bulk_issue_items
          where bulk_id = $1 and position = d.position offset 0) p on true
      where d.refusal is not null and bulk_issue_items.ctid = p.ctid
     returning 1)
   select (select count(*)::int from decided where status = 'issued') as issued,
          (select count(*)::int from refused) as refused`,
);

/** Marks those of the items whose claims are all decided that got no coupon; counts both. */
export async function settleItems(
  tx: Tx,
  bulkId: string,
  { from, until }: { readonly from: number; readonly until: number },
): Promise<{ readonly issued: number; readonly refused: number }> {
  return only(await tx.run(settle, [bulkId, from, until]));
}

export interface BulkItem {
  readonly position: number;
  readonly walletId: string;
}

const next = statement<BulkItem>(
  'bulk.next_items',
  `select position, wallet_id as "walletId" from bulk_issue_items
    where bulk_id = $1 and position >= $2 and position < $3 order by position`,
);

export function loadItems(
  db: Db,
  bulkId: string,
  { from, until }: { readonly from: number; readonly until: number },
): Promise<BulkItem[]> {
  return db.run(next, [bulkId, from, until]);
}

const name = statement<{ position: number }>(
  'bulk.name_claims',
  `update bulk_issue_items set claim_id = n."claimId"
     from json_to_recordset($2::json) as n("position" int, "claimId" text)
     join lateral (
       select ctid from bulk_issue_items
        where bulk_id = $1 and position = n."position" and claim_id is null offset 0) p on true
    where bulk_issue_items.ctid = p.ctid
   returning bulk_issue_items.position`,
);

/** Keeps the claim of each item; an item that has one already is an error and no second claim. */
export async function nameClaims(
  tx: Tx,
  bulkId: string,
  claims: readonly { readonly position: number; readonly claimId: string }[],
): Promise<void> {
  const named = await tx.run(name, [bulkId, JSON.stringify(claims)]);
  if (named.length !== claims.length) throw new Error('an item has its claim already');
}

interface RefusedRow {
  position: number;
  wallet_id: string;
  claim_id: string | null;
  refusal: ClaimRefusal;
  external_id: string | null;
}

const refused = statement<RefusedRow>(
  'bulk.refused_items',
  `select i.position, i.wallet_id, i.claim_id, i.refusal, w.external_id
     from (select * from bulk_issue_items
            where bulk_id = $1 and refusal is not null and position > $2
            order by position limit $3) i
     left join lateral (
       select external_id from wallets
        where id = i.wallet_id and (issuer_id = $4 or $5) offset 0) w on true
    order by i.position`,
);

/** Items that got no coupon, after that position; external ids are told to the keeper alone. */
export async function listRefused(
  db: Db,
  bulkId: string,
  page: { readonly after: number; readonly limit: number },
  { issuerId, platformToo }: Keeper,
): Promise<RefusedItem[]> {
  const rows = await db.run(refused, [bulkId, page.after, page.limit, issuerId, platformToo]);
  return rows.map(({ position, wallet_id, claim_id, refusal, external_id }) => {
    const unknown = unknownExternalId(wallet_id);
    return {
      position,
      walletId: unknown === null ? wallet_id : null,
      externalId: unknown ?? external_id,
      claimId: claim_id,
      reason: refusal,
    };
  });
}
