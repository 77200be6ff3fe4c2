import { TELLING_COLUMNS } from '../../src/audit/entry-store.ts';
import type { Entry, Numbers } from '../../src/numbers/model.ts';
import { auditedOf, cellsOf, numbersOf } from '../../src/numbers/rules.ts';
import type { AuditStage } from './audit-chain.ts';

/** Coupon classes of an issuer, straight into the tables. */
export async function seedClasses(
  ask: AuditStage['ask'],
  issuerId: string,
  classIds: readonly string[],
  timeZone = 'UTC',
): Promise<void> {
  await ask(
    `insert into issuers (id, name, collector_id, body) values ($1, 'Shop', $1, '{}')
     on conflict do nothing`,
    [issuerId],
  );
  for (const id of classIds) {
    await ask(`insert into class_ids (id, kind) values ($1, 'coupon')`, [id]);
    await ask(
      `insert into coupon_classes (id, issuer_id, name, issue_type, scene, claim_start, claim_end,
         per_member_limit, stock, validity, discount, min_spend_minor, scope, regular_price_only,
         member_classes, plus_only, stores, redemption_issuers, expiry_notice_days, transferable,
         draft, time_zone)
       values ($1, $2, '"N"', 'manual', 'all', now(), now() + interval '1 h', 1, 1,
         '{"kind":"relative","availableAfterHours":0,"validDays":7}',
         '{"kind":"amount","amountMinor":500,"currency":"CNY"}', 0, '{"kind":"all"}', false, '[]',
         false, '[]', '[]', -1, false, false, $3)`,
      [id, issuerId, timeZone],
    );
  }
}

/** The numbers of a class as counting the rows of all its entries gives them. */
export async function countedFromRows(ask: AuditStage['ask'], classId: string): Promise<Numbers> {
  const entries = await ask<Entry>(`select ${TELLING_COLUMNS} from audit_entries e order by e.seq`);
  const cells = entries.flatMap((entry) => cellsOf(auditedOf(entry)));
  return numbersOf(cells.filter((cell) => cell.classId === classId));
}

/** The counters of a class as counting its coupons and redemptions gives them. */
export async function statsOfRows(
  ask: (text: string, values: unknown[]) => Promise<object[]>,
  classId: string,
): Promise<object | undefined> {
  const [stats] = await ask(
    `select c.claimed,
            (select count(*)::int from redemptions r
              where r.class_id = c.id and r.state = 'confirmed' and r.reversed_at is null) as redeemed,
            (select count(*)::int from coupons q
              where q.class_id = c.id and q.generation > 0
                and q.voided_by is distinct from 'reversal' and q.transferred_from is null) as cloned,
            (select coalesce(sum(r.order_total_minor), 0)::float8 from redemptions r
              where r.class_id = c.id and r.state = 'confirmed'
                and r.reversed_at is null) as "orderTotalMinor"
       from coupon_classes c where c.id = $1`,
    [classId],
  );
  return stats;
}
