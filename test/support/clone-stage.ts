import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'vitest';
import { drainLane } from '../../src/claims/drain.ts';
import { laneOf } from '../../src/claims/model.ts';
import type { Ask } from './invariants.ts';
import { brokenInvariants } from './invariants.ts';
import { startTestService, type TestService } from './service.ts';
import { type Merchant, redeem, World } from './world.ts';

/** A service without workers, whose coupons earn a clone at every redemption. */
export interface CloneStage {
  readonly service: TestService;
  readonly shop: Merchant;
  readonly classId: string;
  /** Redeems some of the coupons that are issued; gives the ids of the redemptions. */
  redeemSome(most: number): Promise<string[]>;
  /** Goes on redeeming, at several tills, while the work is done. */
  redeemMeanwhile<T>(work: () => Promise<T>): Promise<T>;
  /** Waits until no clone is owed. */
  settled(): Promise<void>;
  effects(): Promise<Effects>;
  /** Expects that each redemption has its one job and its one clone, and that nothing is broken. */
  eachOnce(): Promise<Effects>;
  close(): Promise<void>;
}

/** What became of the jobs that redemptions owed. */
export interface Effects {
  readonly redemptions: number;
  readonly jobs: number;
  readonly clones: number;
  /** Redemptions without a clone. */
  readonly lost: number;
  /** Clones too many. */
  readonly doubled: number;
}

const TILLS = [0, 1, 2, 3];

export async function openCloneStage(coupons: number): Promise<CloneStage> {
  const service = await startTestService({ workers: false });
  const world = new World(service);
  const shop = await world.merchant();
  const cloneOnRedeem = { maxClones: 10_000 };
  const classId = await world.couponClass(shop, { perMemberLimit: 1000, cloneOnRedeem });
  const walletId = await world.wallet();
  await deciding(service, classId, () =>
    Promise.all(Array.from({ length: coupons }, () => world.coupon(shop, classId, walletId))),
  );
  return {
    service,
    shop,
    classId,
    redeemSome: (most) => redeemIssued(service, shop, most),
    redeemMeanwhile: (work) =>
      meanwhile(
        TILLS.map((till) => () => redeemIssued(service, shop, 4, till)),
        work,
      ),
    settled: async () => {
      const owed = () => service.sql('select id from outbox where done_at is null');
      await expect.poll(owed, { timeout: 120_000 }).toEqual([]);
    },
    effects: () => effectsIn(service.sql),
    eachOnce: async () => {
      const effects = await effectsIn(service.sql);
      const { redemptions } = effects;
      const each = { redemptions, jobs: redemptions, clones: redemptions, lost: 0, doubled: 0 };
      expect(effects).toEqual(each);
      expect(await brokenInvariants(service.sql)).toEqual({});
      return effects;
    },
    close: () => service.stop(),
  };
}

/** Decides the claims of a class here, where no worker runs, while the work is done. */
async function deciding<T>(
  { database }: TestService,
  classId: string,
  work: () => Promise<T>,
): Promise<T> {
  return meanwhile([() => drainLane(database, laneOf(classId))], work);
}

/** Repeats some things, each for itself and at a person's pace, until the work is done. */
async function meanwhile<T>(
  repeated: readonly (() => Promise<unknown>)[],
  work: () => Promise<T>,
): Promise<T> {
  let working = true;
  const repeating = repeated.map(async (repeat) => {
    while (working) {
      await repeat();
      await pause(30);
    }
  });
  const worked = work().finally(() => {
    working = false;
  });
  await Promise.all(repeating);
  return worked;
}

/** Redeems coupons that are issued, at a till those which go to it. */
async function redeemIssued(
  { sql }: TestService,
  shop: Merchant,
  most: number,
  till: number | null = null,
): Promise<string[]> {
  const issued = await sql<{ code: string }>(
    `select code from coupons where status = 'issued'
        and ($2::int is null or abs(hashtext(id)) % $3 = $2) order by id limit $1`,
    [most, till, TILLS.length],
  );
  const answers = await Promise.all(issued.map(({ code }) => redeem(shop, code)));
  const refused = answers.find(({ status }) => status !== 201);
  if (refused !== undefined) throw new Error(`a redemption was refused: ${refused.text}`);
  return answers.map(({ body }) => body.id);
}

export async function effectsIn(ask: Ask): Promise<Effects> {
  const [effects] = await ask<Effects & Record<string, unknown>>(
    `select count(*)::int as redemptions, sum(clones)::int as clones,
            (select count(*)::int from outbox where job = 'clones.make') as jobs,
            (count(*) filter (where clones = 0))::int as lost,
            coalesce(sum(clones - 1) filter (where clones > 1), 0)::int as doubled
       from (select r.id, count(k.id) as clones from redemptions r
               left join coupons k on k.cloned_by = r.id group by r.id) made`,
  );
  if (effects === undefined) throw new Error('a count gave no row');
  return effects;
}
