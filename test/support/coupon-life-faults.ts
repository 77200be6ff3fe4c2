import { LIMIT, MAX_CLONES, type Real, STOCK } from './coupon-life.ts';
import type { TestService } from './service.ts';
import type { Fields, Merchant } from './world.ts';

/** A service in which one rule is wrong; the model, which has it right, must notice. */
export interface BrokenRule {
  readonly rule: string;
  /** The class says something else than the model was told. */
  readonly fields?: Fields;
  /** Something is forgotten on the way from a request to the service. */
  readonly forgets?: string;
  /** The statements by which the database does something else than it is told, and no longer. */
  readonly database?: { readonly breaks: string; readonly mends: string };
}

const CLONE_STAYS = {
  breaks: `
    create function clone_stays() returns trigger language plpgsql as 'begin return null; end';
    create trigger clone_stays before update on coupons for each row
      when (new.voided_by = 'reversal') execute function clone_stays()`,
  mends: 'drop function clone_stays cascade',
};

export const BROKEN_RULES: readonly BrokenRule[] = [
  { rule: 'a piece more than the stock', fields: { stock: STOCK + 1 } },
  { rule: 'a coupon more than a member’s limit', fields: { perMemberLimit: LIMIT + 1 } },
  { rule: 'a clone too many', fields: { cloneOnRedeem: { maxClones: MAX_CLONES + 1 } } },
  { rule: 'a clone too few', fields: { cloneOnRedeem: { maxClones: MAX_CLONES - 1 } } },
  { rule: 'the partner is not known', fields: { redemptionIssuers: [] } },
  { rule: 'a hold uses the coupon up', forgets: 'hold' },
  { rule: 'a withdrawal leaves the coupons', forgets: 'issuedToo' },
  { rule: 'a reversal leaves the clone', database: CLONE_STAYS },
];

/** The same life in the service with the broken rule. */
export function inBroken({ forgets }: BrokenRule, real: Real): Real {
  if (forgets === undefined) return real;
  return {
    ...real,
    shop: forgetting(real.shop, forgets),
    partner: forgetting(real.partner, forgets),
  };
}

function forgetting({ client, ...merchant }: Merchant, field: string): Merchant {
  const post: Merchant['client']['post'] = (path, body, headers) => {
    const { [field]: _forgotten, ...kept } = (body ?? {}) as Record<string, unknown>;
    return client.post(path, body === undefined ? undefined : kept, headers);
  };
  return { ...merchant, client: { ...client, post } };
}

/** Does the work while the database breaks the rule, if it is the one to break it. */
export async function whileBroken<T>(
  { database }: BrokenRule,
  service: TestService,
  work: () => Promise<T>,
): Promise<T> {
  if (database === undefined) return work();
  await service.sql(database.breaks);
  try {
    return await work();
  } finally {
    await service.sql(database.mends);
  }
}
