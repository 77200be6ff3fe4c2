import { drainBatch } from '../../src/claims/drain.ts';
import { laneOf } from '../../src/claims/model.ts';
import { insertPendingClaims } from '../../src/claims/store.ts';
import { newId } from '../../src/platform/ids.ts';
import { seedWallets } from './bulk.ts';
import type { TestService } from './service.ts';
import type { Merchant } from './world.ts';

const WALLETS = 1000;
const CLAIMS_AT_ONCE = 500;

/** Redeems so many coupons of a class that gives clones, while no worker makes them. */
export async function oweClones(
  service: TestService,
  shop: Merchant,
  classId: string,
  count: number,
): Promise<void> {
  const wallets = await seedWallets(service, shop.issuerId, WALLETS);
  for (let from = 0; from < count; from += CLAIMS_AT_ONCE) {
    const size = Math.min(CLAIMS_AT_ONCE, count - from);
    const claims = Array.from({ length: size }, (_, n) => ({
      ...{ id: newId('clm'), classId, tapId: null, actor: 'root', requestId: 'req_1', key: null },
      walletId: wallets[(from + n) % WALLETS] ?? '',
    }));
    await service.database.transact((tx) => insertPendingClaims(tx, claims));
  }
  while ((await drainBatch(service.database, laneOf(classId))).size > 0);
  await service.sql(
    `with redeemed as (
       insert into redemptions (id, coupon_id, class_id, issuer_id, redemption_issuer_id,
         collector_id, "order", order_total_minor, discount_minor, payable_minor)
       select 'red_' || id, id, class_id, issuer_id, issuer_id, $2, '{}', 4800, 500, 4300
         from coupons where class_id = $1 and status = 'issued'
       returning id, coupon_id),
     used as (
       update coupons set status = 'redeemed'
         from redeemed where coupons.id = redeemed.coupon_id)
     insert into outbox (job, payload)
     select 'clones.make', jsonb_build_object('redemptionId', id) from redeemed`,
    [classId, shop.collectorId],
  );
}
