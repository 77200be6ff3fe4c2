import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Ask } from './invariants.ts';
import type { Client } from './service-client.ts';
import { claimOutcome, type Merchant, type World } from './world.ts';

/** How many come for how much, and over how many connections at once. */
export interface HerdSize {
  readonly members: number;
  readonly claims: number;
  readonly stock: number;
  readonly limit: number;
  readonly connections: number;
}

/** Does the numbered tasks, so many at a time. */
export async function crowd(
  { claims, connections }: Pick<HerdSize, 'claims' | 'connections'>,
  work: (task: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  const worker = async () => {
    while (next < claims) {
      const task = next;
      next += 1;
      await work(task);
    }
  };
  await Promise.all(Array.from({ length: connections }, worker));
}

/** How often each outcome came. */
export function tally(outcomes: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const outcome of outcomes) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return counts;
}

/** The member whose claim that is: each comes for as many one after the other. */
export const memberOf = (task: number, { members, claims }: HerdSize) =>
  Math.floor((task * members) / claims);

/** A class that opens so many seconds from now by the database's clock. */
export async function openingClass(
  world: World,
  shop: Merchant,
  sql: Ask,
  { seconds, stock, limit }: Pick<HerdSize, 'stock' | 'limit'> & { readonly seconds: number },
): Promise<string> {
  const [clock] = await sql<{ start: Date; end: Date }>(
    `select clock_timestamp() + interval '${seconds} s' as start,
            clock_timestamp() + interval '1 h' as end`,
  );
  return world.couponClass(shop, {
    claimWindow: { start: clock?.start.toISOString(), end: clock?.end.toISOString() },
    perMemberLimit: limit,
    stock,
  });
}

export interface Stampede {
  /** How often each outcome came, but for those before the class opened. */
  readonly outcomes: Readonly<Record<string, number>>;
  /** How many claims came before it opened. */
  readonly early: number;
}

/** The whole herd claims, each as often as it takes until the class is open. */
export async function stampede(
  classId: string,
  size: HerdSize,
  wallets: readonly string[],
  client: (task: number) => Client,
): Promise<Stampede> {
  const outcomes: string[] = [];
  let early = 0;
  await crowd(size, async (task) => {
    const walletId = wallets[memberOf(task, size)];
    for (;;) {
      const headers = { 'Idempotency-Key': randomUUID() };
      const outcome = await claimOutcome(client(task), classId, { walletId }, headers);
      if (outcome !== '409 claim-not-started') return void outcomes.push(outcome);
      early += 1;
      await pause(20);
    }
  });
  return { outcomes: tally(outcomes), early };
}

/** How many coupons went, and how many of them were too many; read from the coupons themselves. */
export interface Issued {
  readonly issued: number;
  readonly overStock: number;
  readonly overLimit: number;
}

export async function issuedOf(sql: Ask, classId: string): Promise<Issued> {
  const [row] = await sql<Issued>(
    `select coalesce(sum(n), 0)::int as issued,
            greatest(coalesce(sum(n), 0) - c.stock, 0)::int as "overStock",
            coalesce(sum(greatest(n - c.per_member_limit, 0)), 0)::int as "overLimit"
       from coupon_classes c
       left join (select class_id, wallet_id, count(*) as n from coupons
                   group by class_id, wallet_id) w on w.class_id = c.id
      where c.id = '${classId}' group by c.stock`,
  );
  if (row === undefined) throw new Error(`there is no class ${classId}`);
  return row;
}

export const toldOf = ({ issued, overStock, overLimit }: Issued, stock: number) =>
  `${issued} of ${stock} issued, ${overStock} above the stock, ${overLimit} above the limit`;
