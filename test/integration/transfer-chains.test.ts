import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Caller } from '../../src/access/model.ts';
import { insertClass } from '../../src/coupons/class-store.ts';
import { voidCoupon } from '../../src/coupons/void-coupon.ts';
import { openDatabase } from '../../src/platform/database.node.ts';
import type { Database } from '../../src/platform/database.ts';
import { rareStatement } from '../../src/platform/database.ts';
import { acceptTransfer } from '../../src/transfers/accept.ts';
import { giveCoupon } from '../../src/transfers/give.ts';
import { revokeTransfer } from '../../src/transfers/revoke.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { brokenInvariants } from '../support/invariants.ts';
import { couponClassOf, type Shop, seedCoupon, seedShop, seedWallet } from '../support/seed.ts';

/** What people do with a coupon that may be given away, in any order. */
type Step =
  | { readonly do: 'give' | 'revoke' | 'void' }
  /** Someone uses a link, by its age: the latest is mostly the one that is good. */
  | { readonly do: 'accept'; readonly link: number; readonly wallet: number };

const WALLETS = 3;
const STEP: fc.Arbitrary<Step> = fc.oneof(
  { weight: 12, arbitrary: fc.constant<Step>({ do: 'give' }) },
  {
    weight: 16,
    arbitrary: fc.record({
      do: fc.constant('accept' as const),
      link: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.nat({ max: 4 })),
      wallet: fc.nat({ max: WALLETS - 1 }),
    }),
  },
  { weight: 2, arbitrary: fc.constant<Step>({ do: 'revoke' }) },
  { weight: 1, arbitrary: fc.constant<Step>({ do: 'void' }) },
);

const PLANS = fc.array(STEP, { minLength: 1, maxLength: 24, size: 'max' });

interface Link {
  readonly token: string;
  status: 'open' | 'revoked' | 'accepted';
}

/** What a chain of transfers must come to, told without a database. */
class Model {
  readonly links: Link[] = [];
  holder = 0;
  voided = false;

  get open(): Link | undefined {
    return this.links.find(({ status }) => status === 'open');
  }

  /** The latest link and those before it, by their age. */
  link(age: number): Link | undefined {
    return this.links.at(-1 - age);
  }

  accept(link: Link, wallet: number): string {
    if (link.status === 'accepted') return 'transfer-already-accepted';
    if (link.status === 'revoked') return 'transfer-revoked';
    if (this.voided) return 'coupon-voided';
    if (wallet === this.holder) return 'transfer-to-self';
    link.status = 'accepted';
    this.holder = wallet;
    return 'ok';
  }

  revoke(): boolean {
    const { open } = this;
    if (open !== undefined) open.status = 'revoked';
    return open !== undefined;
  }
}

const root: Caller = { kind: 'root' };
const live = rareStatement<{ id: string; wallet_id: string }>(
  `select id, wallet_id from coupons where lineage_id = $1 and status = 'issued'`,
);

let server: TestDatabase;
let database: Database;
let shop: Shop;
let classId: string;
let wallets: readonly string[];

beforeAll(async () => {
  server = await createTestDatabase();
  database = openDatabase({ connectionString: server.url, max: 2 });
  shop = await database.transact(seedShop);
  classId = `${shop.issuerId}.gift`;
  await database.transact(async (tx) => {
    await insertClass(tx, couponClassOf(shop.issuerId, { id: classId, transferable: true }));
    wallets = [await seedWallet(tx), await seedWallet(tx), await seedWallet(tx)];
  });
});
afterAll(async () => {
  await database?.close();
  await server?.drop();
});

/** A step in the database and in the model; gives the coupon that is good afterwards. */
async function take(step: Step, model: Model, couponId: string): Promise<string> {
  switch (step.do) {
    case 'give': {
      const given = await database.transact((tx) => giveCoupon(tx, root, couponId, 1));
      expect(given.ok ? 'ok' : given.refusal).toBe(model.voided ? 'coupon-voided' : 'ok');
      if (!given.ok) return couponId;
      model.revoke();
      model.links.push({ token: given.token, status: 'open' });
      return couponId;
    }
    case 'revoke': {
      const revoked = await database.transact((tx) => revokeTransfer(tx, root, couponId));
      expect(revoked).toBe(model.revoke());
      return couponId;
    }
    case 'void': {
      const outcome = await database.transact((tx) => voidCoupon(tx, root, couponId));
      expect(outcome.ok).toBe(true);
      model.voided = true;
      return couponId;
    }
    case 'accept': {
      const link = model.link(step.link);
      if (link === undefined) return couponId;
      const wallet = wallets[step.wallet] ?? '';
      const taken = await database.transact((tx) => acceptTransfer(tx, root, link.token, wallet));
      expect(taken.ok ? 'ok' : taken.refusal).toBe(model.accept(link, step.wallet));
      return taken.ok ? taken.coupon.id : couponId;
    }
  }
}

test('however a coupon is passed on, one is good, in the wallet of who has it', async () => {
  const handsOfAll: number[] = [];
  const property = fc.asyncProperty(PLANS, async (steps) => {
    const walletId = wallets[0] ?? '';
    const first = await database.transact((tx) => seedCoupon(tx, shop, { classId, walletId }));
    const model = new Model();
    let couponId = first.id;
    let hands = 0;
    for (const step of steps) {
      const before = couponId;
      couponId = await take(step, model, couponId);
      if (couponId !== before) hands += 1;
      const held = { id: couponId, wallet_id: wallets[model.holder] };
      const good = await database.reads.run(live, [first.id]);
      expect(good).toEqual(model.voided ? [] : [held]);
    }
    handsOfAll.push(hands);
  });
  await fc.assert(property, { numRuns: 40 });
  expect(Math.max(...handsOfAll)).toBeGreaterThan(2);
  const ask = <Row>(text: string) => database.reads.run<Row>(rareStatement(text), []);
  const broken = Object.keys(await brokenInvariants(ask)).filter((name) => name.startsWith('I12'));
  expect(broken).toEqual([]);
});
