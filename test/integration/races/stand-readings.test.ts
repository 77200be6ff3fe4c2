import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDatabase } from '../../../src/platform/database.node.ts';
import type { Database } from '../../../src/platform/database.ts';
import { authenticateTouch, type Touch } from '../../../src/stands/authenticate.ts';
import { takeReadingNaively } from '../../support/naive/readings.ts';
import { openScratch, type Scratch } from '../../support/naive/scratch.ts';
import { SEALER } from '../../support/sealer.ts';
import { startTestService, type TestService } from '../../support/service.ts';
import { openTill, type ShownStand, signingStand, tagOf } from '../../support/stands.ts';
import { type Merchant, World } from '../../support/world.ts';

// B2: the address of one reading works once; older counters are dead.
let service: TestService;
let other: Database;
let scratch: Scratch;
let shop: Merchant;
let terminalId: string;

beforeAll(async () => {
  service = await startTestService({ workers: false });
  other = openDatabase({ connectionString: service.databaseUrl, max: 8 });
  shop = await new World(service).merchant();
  ({ terminalId } = await openTill(shop));
});
beforeAll(async () => {
  scratch = await openScratch();
  await scratch.ask(`insert into issuers (id, name, body) values ('7', 'Shop', '{}')`);
});
afterAll(async () => {
  await other?.close();
  await service?.stop();
});
afterAll(() => scratch?.close());

type Message = { readonly picc: string; readonly mac: string };

/** One use of an address, in one of two processes. */
function touch({ code }: ShownStand, message: Message, n = 0): Promise<Touch> {
  const database = n % 2 ? other : service.database;
  const asked = { code, ...message, printed: false };
  return database.transact((tx) => authenticateTouch(tx, SEALER, asked));
}

const said = (touched: Touch) => (touched.ok ? touched.proof : touched.refusal);
const PARALLEL = 64;
const times = <T>(count: number, work: (n: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, n) => work(n)));

describe(`${PARALLEL} parallel uses of one address over two processes`, () => {
  test.each([1, 2, 3, 4, 5])('are one touch, round %i', async () => {
    const { stand, tag } = await signingStand(shop, terminalId);
    const message = tag.read();
    const touches = await times(PARALLEL, (n) => touch(stand, message, n));
    expect(touches.filter(({ ok }) => ok)).toHaveLength(1);
    expect(new Set(touches.map(said))).toEqual(new Set(['sun', 'tag-replayed']));
    expect(said(await touch(stand, message))).toBe('tag-replayed');
    expect(await tagOf(service, stand.id)).toMatchObject({ counter: 1, forgeries: 0 });
  });

  test('are more than one to who looks first and writes then', async () => {
    let most = 0;
    for (let round = 0; round < 20 && most < 2; round++) {
      const standId = await scratchStand(`round ${round}`);
      const taken = await times(PARALLEL, () => takeReadingNaively(scratch, standId, 1));
      most = Math.max(most, taken.filter(Boolean).length);
    }
    expect(most).toBeGreaterThan(1);
  });
});

let made = 0;
async function scratchStand(name: string): Promise<string> {
  made += 1;
  const values = [`std_${made}`, `CODE${made}`, name];
  await scratch.ask(
    `insert into stands (id, issuer_id, code, name, tag, keys_sealed)
     values ($1, '7', $2, $3, 'ntag424', 'sealed')`,
    values,
  );
  return `std_${made}`;
}

describe('any history of readings', () => {
  test('opens strictly rising counters, each once, when they come one by one', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 12 }),
        async (read) => {
          const { stand, tag } = await signingStand(shop, terminalId);
          let last = 0;
          for (const counter of read) {
            const expected = counter > last ? 'sun' : 'tag-replayed';
            expect(said(await touch(stand, tag.read(counter)))).toBe(expected);
            last = Math.max(last, counter);
          }
        },
      ),
      { numRuns: 100 },
    );
  });

  test('opens no counter twice and ends at the highest, when they come at once', async () => {
    const counters = fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 2, maxLength: 16 });
    await fc.assert(
      fc.asyncProperty(counters, async (read) => {
        const { stand, tag } = await signingStand(shop, terminalId);
        const touches = await Promise.all(
          read.map(async (counter, n) => ({
            counter,
            said: said(await touch(stand, tag.read(counter), n)),
          })),
        );
        const opened = touches.filter((one) => one.said === 'sun').map(({ counter }) => counter);
        expect(new Set(opened).size).toBe(opened.length);
        expect(opened).toContain(Math.max(...read));
        expect((await tagOf(service, stand.id)).counter).toBe(Math.max(...read));
      }),
      { numRuns: 60 },
    );
  });
});

test('a tag’s first reading at two stands at once opens one of them', async () => {
  const { stand, tag } = await signingStand(shop, terminalId);
  const { stand: twin } = await signingStand(shop, terminalId, tag.keys);
  const message = tag.read();
  const both = await Promise.allSettled([touch(stand, message, 0), touch(twin, message, 1)]);
  const opened = both.filter((one) => one.status === 'fulfilled' && one.value.ok);
  expect(opened).toHaveLength(1);
});
