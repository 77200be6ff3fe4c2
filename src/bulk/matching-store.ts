import { rareStatement, type Tx } from '../platform/database.ts';
import { NAMES_AT_ONCE } from './items-store.ts';
import type { WalletQuery } from './model.ts';

// Much is read here once: the planner may choose how, as it may nowhere else.
const freePlanner = rareStatement<never>(
  `select set_config('plan_cache_mode', 'force_custom_plan', true), set_config(name, 'on', true)
     from unnest(array['enable_seqscan', 'enable_bitmapscan', 'enable_hashjoin',
                       'enable_mergejoin']) as name`,
);

const declare = rareStatement<never>(
  `declare matching_wallets no scroll cursor for
   with meant as (
     select id, plus, created_at from wallets where issuer_id = $1::text
     union
     select w.id, w.plus, w.created_at
       from pass_classes k
       join pass_objects o on o.class_id = k.id
       join wallet_passes p on p.object_id = o.id
       join wallets w on w.id = p.wallet_id
      where k.issuer_id = $1::text and w.issuer_id is null)
   select id from meant w
    where (not $3::boolean or plus)
      and ($5::timestamptz is null or created_at < $5::timestamptz)
      and ($2::text is null or exists (
            select 1 from wallet_passes p join pass_objects o on o.id = p.object_id
             where p.wallet_id = w.id and o.class_id = $2::text and o.state = 'ACTIVE'
               and (o.valid_from is null or o.valid_from <= clock_timestamp())
               and (o.valid_until is null or o.valid_until > clock_timestamp())))
      and ($4::text is null or exists (
            select 1 from coupons q
             where q.wallet_id = w.id and q.class_id = $4::text and q.status = 'issued'
               and q.expires_at > clock_timestamp()))
    order by id`,
);

const fetch = rareStatement<{ id: string }>(`fetch ${NAMES_AT_ONCE} from matching_wallets`);

/**
 * The ids of the issuer's wallets that match, and of those of the platform that hold a pass of the
 * issuer, some at a time: no statement is long, however many they are.
 */
export async function* matchingWallets(
  tx: Tx,
  issuerId: string,
  { passClass, plus, holdsCouponOf, createdBefore }: WalletQuery,
): AsyncGenerator<string[], void> {
  await tx.run(freePlanner, []);
  const before = createdBefore?.toISOString() ?? null;
  await tx.run(declare, [issuerId, passClass, plus, holdsCouponOf, before]);
  for (;;) {
    const rows = await tx.run(fetch, []);
    if (rows.length === 0) return;
    yield rows.map(({ id }) => id);
  }
}
