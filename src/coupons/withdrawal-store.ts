import { eq, sql } from 'drizzle-orm';
import { rareStatement, statement, type Tx } from '../platform/database.ts';
import { couponClasses } from './tables.ts';

// Whoever withdraws a class and whoever makes or gives back a coupon of it outside of claims wait
// for each other here and not at its row, which a busy class's claims lock without end.
const latch = (mode: string) => `select pg_advisory_xact_lock${mode}(
    hashtextextended('withdrawal of ' || $1::text, 0))`;
const close = rareStatement<never>(latch(''));
const hold = statement<never>('coupons.hold_off_withdrawal', latch('_shared'));

/** Marks a class whose issued coupons are voided too, once nobody is about to make another. */
export async function withdrawClass(tx: Tx, id: string): Promise<void> {
  await tx.run(close, [id]);
  await tx.query
    .update(couponClasses)
    .set({ withdrawnAt: sql`coalesce(${couponClasses.withdrawnAt}, clock_timestamp())` })
    .where(eq(couponClasses.id, id));
}

/** From here to the end of the transaction the class is withdrawn already, or is not. */
export async function holdOffWithdrawal(tx: Tx, id: string): Promise<void> {
  await tx.run(hold, [id]);
}
