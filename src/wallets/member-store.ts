/**
 * SQL for the classes of the active passes in a wallet, as JSON; null when it has none. `order by`
 * the key and `offset 0` leave no other way than that key to reach a pass, also to a plan that was
 * made while the table was empty.
 */
export function activePassClasses(walletId: string): string {
  return `(select json_agg(o.class_id)
             from wallet_passes p
             cross join lateral (
               select * from pass_objects
                where id = any (array[p.object_id]) order by id offset 0) o
            where p.wallet_id = ${walletId} and o.state = 'ACTIVE'
              and (o.valid_from is null or o.valid_from <= clock_timestamp())
              and (o.valid_until is null or o.valid_until > clock_timestamp()))`;
}
