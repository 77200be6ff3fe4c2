import type { Scratch } from './scratch.ts';

/** Marks the class and voids the coupons that it sees, while others may be about to make more. */
export function withdrawNaively(scratch: Scratch, classId: string): Promise<void> {
  return scratch.transaction(async (client) => {
    await client.query(
      'update coupon_classes set voided_at = now(), withdrawn_at = now() where id = $1',
      [classId],
    );
    await client.query(
      `update coupons set status = 'voided', voided_by = 'class'
        where class_id = $1 and status = 'issued'`,
      [classId],
    );
  });
}
