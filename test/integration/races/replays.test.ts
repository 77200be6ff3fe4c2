import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { brokenInvariants } from '../../support/invariants.ts';
import { onceNaively } from '../../support/naive/once.ts';
import { openScratch, type Scratch } from '../../support/naive/scratch.ts';
import { tapNaively } from '../../support/naive/taps.ts';
import { startTestService, type TestService } from '../../support/service.ts';
import { told } from '../../support/service-client.ts';
import { type Merchant, malleated, signedTap, World } from '../../support/world.ts';

// A4 and C4: a request that comes again has no second effect, however many processes get it.
let service: TestService;
let scratch: Scratch;
let world: World;
let shop: Merchant;
let walletId: string;

beforeAll(async () => {
  service = await startTestService({ instances: 2, workers: false });
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

describe('one idempotency key, 20 times at once over two processes', () => {
  test('has one effect, and 20 answers of the same bytes', async () => {
    for (let round = 0; round < 5; round++) {
      const headers = { 'Idempotency-Key': randomUUID() };
      const body = { displayName: headers['Idempotency-Key'] };
      const answers = await times(20, (n) =>
        service.as(shop.apiKey, n % 2).post('/v1/wallets', body, headers),
      );
      expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
      const made = await service.sql('select from wallets where display_name = $1', [
        body.displayName,
      ]);
      expect(made).toHaveLength(1);
    }
  });

  test('in its naive twin has several', async () => {
    let effects = 0;
    for (let round = 0; round < 20 && effects < 2; round++) {
      const key = randomUUID();
      const done = await times(20, () =>
        onceNaively(scratch, key, async (client) => {
          const id = `wal_${randomUUID()}`;
          await client.query(
            `insert into wallets (id, pairwise_secret, display_name) values ($1, 'x', $2)`,
            [id, key],
          );
        }),
      );
      effects = done.filter(Boolean).length;
    }
    expect(effects).toBeGreaterThan(1);
  });
});
