import { actorOf, type Caller } from '../access/model.ts';
import { audit } from '../audit/store.ts';
import type { Tx } from '../platform/database.ts';
import type { StandingCoupon } from './coupon-in-hand-store.ts';

/** Records a decision about one coupon; `rule` is the refusal's code or what was done. */
export function auditCoupon(
  tx: Tx,
  caller: Caller,
  { id: subject, classId, version }: StandingCoupon,
  { action, rule, ...more }: { readonly action: string; readonly rule: string } & Detail,
): Promise<void> {
  const detail = { classId, rule, version, ...more };
  return audit(tx, { actor: actorOf(caller), action, subject, outcome: rule, detail });
}

type Detail = Readonly<Record<string, unknown>>;
