import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tellTerminal } from '../../../src/terminals/event-store.ts';
import { killBackends } from '../../support/backend-killer.ts';
import { tell } from '../../support/counter.ts';
import { type LineReader, openLine } from '../../support/live-line.ts';
import {
  makeNaiveEvents,
  NaiveEmitter,
  readNaively,
  tellNaively,
} from '../../support/naive/live-line.ts';
import { openScratch, type Scratch } from '../../support/naive/scratch.ts';
import { startTestService, type TestService } from '../../support/service.ts';
import { expectStatus, type Merchant, World } from '../../support/world.ts';

const TERMINALS = 20;
const LINES = 200;
const EVENTS_EACH = 15;
const WRITERS = 6;

let service: TestService;
let scratch: Scratch;
let shop: Merchant;

beforeAll(async () => {
  service = await startTestService({ instances: 2, workers: false });
  const world = new World(service);
  shop = await world.merchant();
  await world.store(shop, 'harbour');
  for (let n = 0; n < TERMINALS; n++) {
    const terminal = { id: `till-${n}`, issuerId: shop.issuerId, storeId: 'harbour', name: 'T' };
    expectStatus(await shop.client.post('/v1/terminals', terminal), 201);
  }
});
beforeAll(async () => {
  scratch = await openScratch();
  await makeNaiveEvents(scratch);
});
afterAll(() => service?.stop());
afterAll(() => scratch?.close());

const times = <T>(count: number, work: (n: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, n) => work(n)));

const open = (terminalId: string, instance: number, after?: number) =>
  openLine(service.urls[instance % 2] ?? '', terminalId, {
    headers: { authorization: `Bearer ${shop.apiKey}` },
    ...(after !== undefined && { after }),
  });

/** Events at all terminals, by several at once, each of whom takes a while until the commit. */
async function tellAll(): Promise<void> {
  const jobs = Array.from({ length: TERMINALS * EVENTS_EACH }, (_, n) => n);
  await times(WRITERS, async () => {
    for (let job = jobs.pop(); job !== undefined; job = jobs.pop()) {
      const terminal = { issuerId: shop.issuerId, terminalId: `till-${job % TERMINALS}` };
      await service.database.transact(async (tx) => {
        await pause(Math.random() * 3);
        const nothing = { kind: 'tap', tapId: null, walletId: null } as const;
        await tellTerminal(tx, terminal, { ...nothing, detail: { job } });
        await pause(Math.random() * 3);
      });
    }
  });
}

const numbersOf = (reader: LineReader) => reader.events().map(({ number }) => number);
const inOrder = (from: number, count: number) =>
  Array.from({ length: count }, (_, n) => from + 1 + n);

async function allTold(readers: readonly LineReader[], from: readonly number[]): Promise<void> {
  for (const [n, reader] of readers.entries()) {
    await reader.until(() => reader.events().length >= EVENTS_EACH, 30_000);
    expect(numbersOf(reader)).toEqual(inOrder(from[n] ?? 0, EVENTS_EACH));
  }
}

describe(`${LINES} lines at ${TERMINALS} terminals over two processes`, () => {
  test('tell each event once and in order', async () => {
    const readers = await times(LINES, (n) => open(`till-${n % TERMINALS}`, n));
    const from = readers.map(({ hello }) => hello.last);
    await tellAll();
    await allTold(readers, from);
    await pause(300);
    expect(readers.every((reader) => reader.events().length === EVENTS_EACH)).toBe(true);
    for (const reader of readers) reader.close();
  });

  test('tell a tap within 300 ms, 19 times of 20, and each within 800 ms', async () => {
    const readers = await times(LINES, (n) => open(`till-${n % TERMINALS}`, n));
    const lags: number[] = [];
    for (let n = 0; n < 60; n++) {
      const terminalId = `till-${n % TERMINALS}`;
      const near = readers[n % TERMINALS];
      if (near === undefined) throw new Error('no reader');
      const before = near.events().length;
      const begun = performance.now();
      await tell(service, shop, terminalId);
      await near.until(() => near.events().length > before);
      lags.push(performance.now() - begun);
    }
    lags.sort((one, other) => one - other);
    expect(lags[56]).toBeLessThan(300);
    expect(lags[59]).toBeLessThan(800);
    for (const reader of readers) reader.close();
  });

  test('also while the connections that listen are killed', async () => {
    const readers = await times(40, (n) => open(`till-${n % TERMINALS}`, n));
    const from = readers.map(({ hello }) => hello.last);
    const killer = await killBackends(service.databaseUrl, { like: 'tapline-listen', everyMs: 30 });
    await tellAll();
    expect(await killer.stop()).toBeGreaterThan(3);
    await allTold(readers, from);
    for (const reader of readers) reader.close();
  });

  test('also to readers that go and come back to the other process all the time', async () => {
    let telling = true;
    const first = await times(TERMINALS, (n) => open(`till-${n}`, n));
    const reading = times(TERMINALS, async (n) => {
      const heard: number[] = [];
      let last = first[n]?.hello.last ?? 0;
      const wanted = inOrder(last, EVENTS_EACH);
      first[n]?.close();
      for (let turn = 0; telling || heard.length < EVENTS_EACH; turn++) {
        const reader = await open(`till-${n}`, turn, last);
        await pause(Math.random() * 60);
        reader.close();
        heard.push(...numbersOf(reader));
        last = heard.at(-1) ?? last;
      }
      expect(heard).toEqual(wanted);
    });
    await tellAll();
    telling = false;
    await reading;
  });
});

describe('the naive twins lose some', () => {
  test('of which one tells only who is there', async () => {
    const emitter = new NaiveEmitter();
    const heard: number[] = [];
    let leave = emitter.listen((note) => heard.push(note));
    for (let note = 0; note < 100; note++) {
      if (note % 20 === 10) leave();
      if (note % 20 === 15) leave = emitter.listen((one) => heard.push(one));
      emitter.tell(note);
    }
    expect(heard.length).toBeLessThan(100);
  });

  test('of which one reads after the highest number of a sequence', async () => {
    const heard: number[] = [];
    let telling = true;
    let last = 0;
    const look = async () => {
      for (const { id, note } of await readNaively(scratch, last)) {
        heard.push(note);
        last = id;
      }
    };
    const reading = (async () => {
      while (telling) await look();
    })();
    await times(WRITERS, async (writer) => {
      for (let n = 0; n < 40; n++) {
        await tellNaively(scratch, writer * 40 + n, Math.random() * 10);
      }
    });
    telling = false;
    await reading;
    await look();
    expect(heard.length).toBeLessThan(WRITERS * 40);
  });
});
