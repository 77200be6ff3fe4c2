import { type Db, rareStatement, type Tx } from '../platform/database.ts';
import type { Person } from './data-model.ts';

const among = (list: keyof Person) => `(select json_array_elements_text($1::json -> '${list}'))`;

const unused = rareStatement<{ id: string }>(
  `select id from coupons where wallet_id in ${among('wallets')} and status = 'issued'
    order by class_id, id`,
);

/** The coupons that somebody could still use. */
export async function unusedCoupons(db: Db, person: Person): Promise<string[]> {
  return (await db.run(unused, [JSON.stringify(person)])).map(({ id }) => id);
}

export interface HeldPass {
  readonly objectId: string;
  readonly classId: string;
  readonly vertical: string;
}

// A pass that several hold says nothing of one of them.
const own = rareStatement<HeldPass>(
  `select o.id as "objectId", o.class_id as "classId", o.vertical from pass_objects o
    where o.id in (select object_id from wallet_passes
                    where wallet_id in ${among('wallets')} and sole_holder
                   union all
                   select object_id from memberships where member_id in ${among('members')})
    order by o.id`,
);

/** The passes that are this person's alone. */
export function ownPasses(db: Db, person: Person): Promise<HeldPass[]> {
  return db.run(own, [JSON.stringify(person)]);
}

const DELETIONS = [
  `delete from join_codes where device_id in ${among('devices')} or phone_mark in
     (select phone_mark from members where id in ${among('members')})`,
  `delete from sign_ins where device_id in ${among('devices')}`,
  `delete from member_identities where member_id in ${among('members')}`,
  `delete from memberships where member_id in ${among('members')}`,
  `delete from wallet_passes where wallet_id in ${among('wallets')}`,
  `delete from tap_sessions where wallet_id in ${among('wallets')}`,
  `delete from idempotency_keys
    where scope in (select 'member:' || json_array_elements_text($1::json -> 'members'))`,
].map((text) => rareStatement<never>(text));

// Equal secrets would clash, so each device and wallet gets one of its own that nobody knows.
const RANDOM = "replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', '')";

const CHANGES = [
  `update member_devices
      set member_id = null, ended_at = coalesce(ended_at, clock_timestamp()),
          secret_sha256 = 'erased ' || ${RANDOM}
    where id in ${among('devices')}`,
  `update wallets
      set display_name = null, external_id = null, email = null, plus = false,
          pairwise_secret = ${RANDOM}
    where id in ${among('wallets')}`,
  `update presentations set expires_at = clock_timestamp()
    where wallet_id in ${among('wallets')} and expires_at > clock_timestamp()`,
  `update members
      set phone_mark = null, phone_sealed = null, language = null, erased_at = clock_timestamp()
    where id in ${among('members')}`,
].map((text) => rareStatement<never>(text));

/** Takes everything away that says who the person was, or lets a phone speak for the person. */
export async function forgetPerson(tx: Tx, person: Person): Promise<void> {
  const ids = JSON.stringify(person);
  for (const statement of [...DELETIONS, ...CHANGES]) await tx.run(statement, [ids]);
}
