import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { brokenInvariants } from '../../support/invariants.ts';
import { onceNaively } from '../../support/naive/once.ts';
import { openScratch, type Scratch } from '../../support/naive/scratch.ts';
import { tapNaively } from '../../support/naive/taps.ts';
import { proven, sized, twinFailed } from '../../support/proof.ts';
import { startTestService, type TestService } from '../../support/service.ts';
import { told } from '../../support/service-client.ts';
import {
  type Coupon,
  type Merchant,
  malleated,
  redemption,
  signedTap,
  World,
} from '../../support/world.ts';

// A4 and C4: a request that comes again has no second effect, however many processes get it.
let service: TestService;
let scratch: Scratch;
let world: World;
let shop: Merchant;
let walletId: string;

beforeAll(async () => {
  service = await startTestService({ instances: 2 });
  world = new World(service);
  shop = await world.merchant();
  walletId = await world.wallet();
  await world.pass(shop, await world.passClass(shop), walletId);
});
beforeAll(async () => {
  scratch = await openScratch();
});
afterAll(() => service?.stop());
afterAll(() => scratch?.close());

const times = <T>(count: number, work: (n: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, n) => work(n)));

describe('40 captured taps, each replayed 20 times at once over two processes', () => {
  test('have 40 effects, half of the replays under the other signature', async () => {
    const tokens = await times(40, () => world.present(walletId));
    const payloads = await Promise.all(tokens.map(({ token }) => signedTap(shop.terminal, token)));
    const answers = await Promise.all(
      payloads.flatMap((payload) =>
        Array.from({ length: 20 }, async (_, n) => {
          const sent = n % 4 < 2 ? payload : malleated(payload);
          return told(await service.as(null, n % 2).post('/v1/taps', { payload: sent }));
        }),
      ),
    );
    const count = (what: string) => answers.filter((answer) => answer === what).length;
    // A replay that is looked at after the hand-over finds its presentation over; nothing more.
    const refused = count('409 tap-replayed') + count('410 presentation-expired');
    expect([count('200'), refused]).toEqual([40, 760]);
    const [taps] = await service.sql<{ n: number; sent: number }>(
      `select count(*)::int as n, count(*) filter (where outcome = 'transferred')::int as sent from taps`,
    );
    expect(taps).toEqual({ n: 40, sent: 40 });
    expect(await brokenInvariants(service.sql)).toEqual({});
  });

  test('their naive twin takes some of them twice', async () => {
    let taken = 0;
    for (let round = 0; round < 20 && taken < 2; round++) {
      const jti = randomUUID();
      taken = (await times(20, () => tapNaively(scratch, '7.1', jti))).filter(Boolean).length;
    }
    expect(taken).toBeGreaterThan(1);
  });
});

const KEYS = 40;
const TIMES = sized(20, 50);

describe(`each of ${KEYS} idempotency keys, ${TIMES} times at once over two processes`, () => {
  /** All with one body but one, which comes at another place each time and may be the first. */
  async function redeemAtOnce({ code }: Coupon, odd: number) {
    const headers = { 'Idempotency-Key': randomUUID() };
    const [usual, other] = [redemption(shop, code), redemption(shop, code)];
    const answers = await times(TIMES, (n) =>
      service
        .as(shop.apiKey, n % 2)
        .post('/v1/redemptions', n === odd % TIMES ? other : usual, headers),
    );
    const made = answers.filter(({ status }) => status === 201);
    const refused = answers.filter((answer) => told(answer) === '422 idempotency-key-reused');
    expect(made.length + refused.length).toBe(TIMES);
    // Either body may come first; the other one is refused every time.
    expect([1, TIMES - 1]).toContain(refused.length);
    expect(new Set(made.map(({ text }) => text)).size).toBe(1);
    return { same: made.length, refused: refused.length };
  }

  test('has one effect, answers of the same bytes, and no answer for another body', async (context) => {
    const classId = await world.couponClass(shop, { perMemberLimit: KEYS });
    let [same, refused] = [0, 0];
    for (let key = 0; key < KEYS; key++) {
      const counts = await redeemAtOnce(await world.coupon(shop, classId, walletId), key);
      same += counts.same;
      refused += counts.refused;
    }
    const [made] = await service.sql<{ effects: number }>(
      'select count(*)::int as effects from redemptions where class_id = $1',
      [classId],
    );
    expect(made?.effects).toBe(KEYS);
    expect(await brokenInvariants(service.sql)).toEqual({});
    const faults = `${KEYS} keys of redemptions × ${TIMES} at once, one of each with another body`;
    const figure = `${made?.effects} effects, ${same} answers of the same bytes, ${refused} of another body refused`;
    proven(context, 'C4', faults, figure);
  });

  test('has several effects in its naive twin', async (context) => {
    let effects = 0;
    for (let round = 0; round < KEYS; round++) {
      const key = randomUUID();
      const done = await times(TIMES, () =>
        onceNaively(scratch, key, async (client) => {
          const id = `wal_${randomUUID()}`;
          await client.query(
            `insert into wallets (id, pairwise_secret, display_name) values ($1, 'x', $2)`,
            [id, key],
          );
        }),
      );
      effects += done.filter(Boolean).length;
    }
    expect(effects).toBeGreaterThan(KEYS);
    twinFailed(context, 'C4', `${KEYS} keys × ${TIMES} at once`, `${effects} effects`);
  });
});
