import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDatabase } from '../../../src/platform/database.node.ts';
import type { Database } from '../../../src/platform/database.ts';
import { pairNaively } from '../../support/naive/live-line.ts';
import { openScratch, type Scratch } from '../../support/naive/scratch.ts';
import { startTestService, type TestService } from '../../support/service.ts';
import { pair, pairingCode } from '../../support/tills.ts';
import { type Merchant, World } from '../../support/world.ts';

const USES = 50;
const ROUNDS = 10;

let service: TestService;
let other: Database;
let scratch: Scratch;
let shop: Merchant;

beforeAll(async () => {
  service = await startTestService({ workers: false });
  other = openDatabase({ connectionString: service.databaseUrl, max: 8 });
  const world = new World(service);
  shop = await world.merchant();
  await world.store(shop, 'harbour');
});
beforeAll(async () => {
  scratch = await openScratch();
  await scratch.ask(
    `insert into issuers (id, name, collector_id, body) values ('7', 'N', '7', '{}')`,
  );
  await scratch.ask(`insert into stores (id, issuer_id, name) values ('s', '7', 'S')`);
  await scratch.ask(
    `insert into terminals (id, issuer_id, store_id, name) values ('t', '7', 's', 'T')`,
  );
});
afterAll(async () => {
  await other?.close();
  await service?.stop();
});
afterAll(() => scratch?.close());

const times = <T>(count: number, work: (n: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, n) => work(n)));

describe(`${USES} browsers that use one pairing code at once`, () => {
  test('pair one of them', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      await service.sql('delete from pairing_guesses');
      const { code } = await pairingCode(shop, 'till-harbour');
      const outcomes = await times(USES, (n) =>
        pair({ database: n % 2 ? other : service.database }, code),
      );
      expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1);
    }
    const [row] = await service.sql<{ n: number }>('select count(*)::int as n from tills');
    expect(row?.n).toBe(ROUNDS);
  });

  test('by the naive twin pair several', async () => {
    let most = 0;
    for (let round = 0; round < ROUNDS && most < 2; round++) {
      const code = String(round).padStart(6, '0');
      await scratch.ask(
        `insert into pairing_codes (code, issuer_id, terminal_id, expires_at)
         values ($1, '7', 't', now() + interval '1 h')`,
        [code],
      );
      const outcomes = await times(USES, (n) => pairNaively(scratch, code, `till_${round}_${n}`));
      most = Math.max(most, outcomes.filter((paired) => paired).length);
    }
    expect(most).toBeGreaterThan(1);
  });
});

test('codes that are made for one terminal at once leave one, which pairs', async () => {
  await service.sql('delete from pairing_guesses');
  const made = await times(12, () => pairingCode(shop, 'till-harbour'));
  const left = await service.sql<{ code: string }>('select code from pairing_codes');
  expect(left).toHaveLength(1);
  expect(made.map(({ code }) => code)).toContain(left[0]?.code);
  expect(await pair(service, left[0]?.code ?? '')).toMatchObject({ ok: true });
});
