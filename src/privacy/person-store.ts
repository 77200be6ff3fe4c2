import { type Db, rareStatement } from '../platform/database.ts';
import type { Person } from './data-model.ts';

const family = rareStatement<{
  members: string[] | null;
  wallets: string[] | null;
  devices: string[] | null;
}>(
  `with recursive family as (
     select id, wallet_id from members where id = $1 and erased_at is null
     union
     select m.id, m.wallet_id from members m join family f on m.merged_into = f.id)
   select json_agg(id) as members, json_agg(wallet_id) as wallets,
          (select json_agg(d.id) from member_devices d
            where d.member_id in (select id from family)) as devices
     from family`,
);

/** A member with all that became this one; null when there is none. */
export async function findPerson(db: Db, memberId: string): Promise<Person | null> {
  const [row] = await db.run(family, [memberId]);
  if (row === undefined || row.members === null) return null;
  return { members: row.members, wallets: row.wallets ?? [], devices: row.devices ?? [] };
}
