import fc from 'fast-check';
import type { AuditEntry } from '../../src/audit/store.ts';

const REASONS = ['sold-out', 'coupon-expired', 'member-limit-reached'] as const;

/** Audit entries about the coupons of these classes, as slices write them. */
export function couponEntry(classIds: readonly string[]): fc.Arbitrary<AuditEntry> {
  const classId = fc.constantFrom(...classIds);
  const place = fc.record({
    classId,
    storeId: fc.constantFrom(null, 'harbour', 'station'),
    redemptionIssuerId: fc.constantFrom('1990', '456'),
  });
  const bill = fc.record({
    orderTotalMinor: fc.integer({ min: 0, max: 100_000 }),
    discountMinor: fc.integer({ min: 0, max: 500 }),
  });
  const made = (action: string, outcome: string, detail: fc.Arbitrary<object>) =>
    detail.map((known) => ({
      actor: 'root',
      action,
      subject: 'cpn_1',
      outcome,
      detail: { rule: outcome, version: 1, ...known },
    }));
  const withBill = fc.tuple(place, bill).map(([where, sums]) => ({ ...where, ...sums }));
  const unmade = fc
    .tuple(withBill, fc.option(classId, { nil: null }))
    .map(([known, cloneClassId]) => ({ ...known, cloneClassId }));
  return fc.oneof(
    made('claim', 'issued', place),
    made('redeem', 'redeemed', withBill),
    made('reverse', 'reversed', unmade),
    made('clone', 'made', fc.record({ classId })),
    made('clone', 'none-due', fc.record({ classId })),
    made('expire', 'expired', fc.record({ classId, count: fc.nat({ max: 9 }) })),
    made('coupon.void', 'voided', fc.record({ classId })),
    made('transfer.accept', 'accepted', fc.record({ classId })),
    made('wallet.create', 'created', fc.constant({})),
    ...REASONS.flatMap((code) => [made('claim', code, place), made('redeem', code, place)]),
  );
}
