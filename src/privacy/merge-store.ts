import { type Db, rareStatement, type Tx } from '../platform/database.ts';
import type { MembershipToMerge } from './merge-rules.ts';

interface MembershipRow {
  readonly issuer_id: string;
  readonly number: string;
  readonly object_id: string;
  readonly joined_at: string;
  readonly external_id: string | null;
}

const list = rareStatement<MembershipRow>(
  `select issuer_id, number, object_id, joined_at, external_id from memberships
    where member_id = $1 order by issuer_id`,
);

export async function membershipsOf(db: Db, memberId: string): Promise<MembershipToMerge[]> {
  const rows = await db.run(list, [memberId]);
  return rows.map((row) => ({
    issuerId: row.issuer_id,
    number: Number(row.number),
    objectId: row.object_id,
    joinedAt: new Date(row.joined_at),
    externalId: row.external_id,
  }));
}

const end = rareStatement<never>('delete from memberships where object_id = $1');
const keep = rareStatement<never>(
  `update memberships set member_id = $2, external_id = $3, imported_mark = null
    where object_id = $1`,
);

export async function endMembership(tx: Tx, objectId: string): Promise<void> {
  await tx.run(end, [objectId]);
}

/** Gives a membership to a member. */
export async function giveMembership(
  tx: Tx,
  objectId: string,
  memberId: string,
  externalId: string | null,
): Promise<void> {
  await tx.run(keep, [objectId, memberId, externalId]);
}

const OF_WALLETS = [
  `update wallet_passes p set wallet_id = $1
    where p.wallet_id = $2
      and not exists (select from wallet_passes
                       where wallet_id = $1 and object_id = p.object_id)`,
  'delete from wallet_passes where wallet_id = $2 and $1 <> $2',
  `update wallets k
      set display_name = coalesce(k.display_name, g.display_name),
          email = coalesce(k.email, g.email), plus = k.plus or g.plus
     from wallets g where k.id = $1 and g.id = $2`,
  `update wallets set display_name = null, email = null, plus = false where id = $2 and $1 <> $2`,
  `update presentations set expires_at = clock_timestamp()
    where wallet_id = $2 and expires_at > clock_timestamp() and $1 <> $2`,
].map((text) => rareStatement<never>(text));

/** Empties a wallet of all but coupons into another. */
export async function moveWallet(tx: Tx, keepId: string, goneId: string): Promise<void> {
  for (const statement of OF_WALLETS) await tx.run(statement, [keepId, goneId]);
}

// A touch of these minutes goes on as the touch of the member that the two are now.
const OF_MEMBERS = [
  `update taps set wallet_id = k.wallet_id from members k, stand_taps s
    where k.id = $1 and taps.id = s.tap_id and taps.wallet_id is not null
      and s.at > clock_timestamp() - interval '15 minutes'
      and s.device_id in (select id from member_devices where member_id in ($1, $2))`,
  'update member_devices set member_id = $1 where member_id = $2',
  'update member_identities set member_id = $1 where member_id = $2',
  `update members k set language = coalesce(k.language, g.language)
     from members g where k.id = $1 and g.id = $2`,
  `update members set merged_into = $1, phone_mark = null, phone_sealed = null, language = null
    where id = $2`,
].map((text) => rareStatement<never>(text));

/** Moves what leads to a member over to another, and marks the one as become the other. */
export async function moveMember(tx: Tx, keepId: string, goneId: string): Promise<void> {
  for (const statement of OF_MEMBERS) await tx.run(statement, [keepId, goneId]);
}
