import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type BatchClaim, decideBatch } from '../../src/claims/decide.ts';
import type { ClaimTerms } from '../../src/claims/model.ts';
import { proven, sized, twinFailed } from '../support/proof.ts';
import { holds } from '../support/properties.ts';

const NOW = new Date('2026-11-21T12:00:00Z');
const TERMS: Omit<ClaimTerms, 'stock' | 'perMemberLimit' | 'claimed'> = {
  issueType: 'manual',
  claimStart: new Date(NOW.getTime() - 1000),
  claimEnd: new Date(NOW.getTime() + 1000),
  validity: { kind: 'relative', availableAfterHours: 0, validDays: 7 },
  timeZone: 'Asia/Shanghai',
  claimHours: [],
  perMemberDayLimit: null,
  perMemberWeekLimit: null,
  discount: { kind: 'amount', amountMinor: 500, currency: 'CNY' },
  budgetMinor: null,
  committedMinor: 0,
  memberClasses: [],
  plusOnly: false,
  stores: [],
  draft: false,
  voidedAt: null,
};

interface Campaign {
  readonly stock: number;
  readonly perMemberLimit: number;
  /** The members, in the order in which their claims come; some come more than once. */
  readonly callers: readonly number[];
}

const CAMPAIGN: fc.Arbitrary<Campaign> = fc.record({
  stock: fc.integer({ min: 1, max: 4 }),
  perMemberLimit: fc.integer({ min: 1, max: 2 }),
  callers: fc.array(fc.nat({ max: 2 }), { minLength: 1, maxLength: 6 }),
});

/** A store that answers one step at a time, each whenever the scheduler lets it. */
class SteppedStore {
  readonly #issued: string[] = [];
  readonly #campaign: Campaign;
  readonly #scheduler: fc.Scheduler;
  #held: Promise<void> = Promise.resolve();

  constructor(campaign: Campaign, scheduler: fc.Scheduler) {
    this.#campaign = campaign;
    this.#scheduler = scheduler;
  }

  get issued(): readonly string[] {
    return this.#issued;
  }

  /** The row lock of the class: whoever comes waits until the holder lets it go. */
  async lock(): Promise<() => void> {
    const before = this.#held;
    let release = () => {};
    this.#held = new Promise((resolve) => {
      release = resolve;
    });
    await before;
    return release;
  }

  async load(walletId: string): Promise<{ terms: ClaimTerms; claimed: number }> {
    await this.#scheduler.schedule(Promise.resolve(), `load for ${walletId}`);
    const { stock, perMemberLimit } = this.#campaign;
    const own = this.#issued.filter((holder) => holder === walletId).length;
    const terms = { ...TERMS, stock, perMemberLimit, claimed: this.#issued.length };
    return { terms, claimed: own };
  }

  async save(walletId: string): Promise<void> {
    await this.#scheduler.schedule(Promise.resolve(), `save for ${walletId}`);
    this.#issued.push(walletId);
  }
}

type Drain = (store: SteppedStore, walletId: string) => Promise<void>;

/** Lock, load, decide, save: the order of claims/drain.ts. */
const drainLocked: Drain = async (store, walletId) => {
  const release = await store.lock();
  await drainNaively(store, walletId);
  release();
};

/** The twin: it reads, decides and writes, and others do so in between. */
const drainNaively: Drain = async (store, walletId) => {
  const { terms, claimed } = await store.load(walletId);
  const counted = { claimed, claimedToday: 0, claimedThisWeek: 0 };
  const claimant = { known: true, plus: false, passClasses: [], ...counted, tap: null };
  const claim: BatchClaim = { id: 'claim', walletId, claimant };
  if (decideBatch(terms, [claim], NOW).get('claim') === null) await store.save(walletId);
};

/** C2: whatever the order of their steps, all claims at once take what they would one by one. */
const interleaved = (drain: Drain) =>
  fc.asyncProperty(CAMPAIGN, fc.scheduler(), async (campaign, scheduler) => {
    const store = new SteppedStore(campaign, scheduler);
    const drains = campaign.callers.map((member) => drain(store, `member ${member}`));
    await scheduler.waitFor(Promise.all(drains));
    const perMember = [0, 1, 2].map((member) => {
      const count = (all: readonly string[]) =>
        all.filter((holder) => holder === `member ${member}`).length;
      return {
        issued: count(store.issued),
        asked: count(campaign.callers.map((caller) => `member ${caller}`)),
      };
    });
    for (const { issued } of perMember) {
      expect(issued).toBeLessThanOrEqual(campaign.perMemberLimit);
    }
    const due = perMember.map(({ asked }) => Math.min(asked, campaign.perMemberLimit));
    const sum = due.reduce((left, right) => left + right, 0);
    expect(store.issued.length).toBe(Math.min(campaign.stock, sum));
  });

const RUNS = sized(1000, 10_000);
const FAULTS = 'random orders of the steps of claims';

test(`in ${RUNS} interleavings no claim too many and none too few is let through`, async (context) => {
  const { numRuns, seed } = await holds(interleaved(drainLocked), { numRuns: RUNS });
  proven(
    context,
    'C2',
    FAULTS,
    `exactly the due ones issued in ${numRuns} of ${RUNS}, seed ${seed}`,
  );
});

test('the twin without the lock fails, and shrinks to two callers and a stock of one', async (context) => {
  const result = await fc.check(interleaved(drainNaively), { numRuns: 1000, seed: 1 });
  expect(result.failed).toBe(true);
  const [campaign] = result.counterexample ?? [];
  expect(campaign?.callers).toHaveLength(2);
  expect(campaign?.stock).toBe(1);
  const least = `stock ${campaign?.stock}, ${campaign?.callers.length} callers`;
  twinFailed(context, 'C2', FAULTS, `too many in order ${result.numRuns}, at least with ${least}`);
});
