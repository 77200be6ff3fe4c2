import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { becomeMemberOf, giveCard } from '../../../src/members/become.ts';
import { joinWithCode, requestJoinCode } from '../../../src/members/join.ts';
import { MOST_TRIES } from '../../../src/members/join-rules.ts';
import { openDatabase } from '../../../src/platform/database.node.ts';
import type { Database } from '../../../src/platform/database.ts';
import { newId } from '../../../src/platform/ids.ts';
import {
  joinByPhone,
  newDevice,
  newPhone,
  SentCodes,
  sentCode,
} from '../../support/member-stage.ts';
import { askNaively, guessNaively, numberNaively } from '../../support/naive/joining.ts';
import { SEALER } from '../../support/sealer.ts';
import { startTestService, type TestService } from '../../support/service.ts';
import { type Merchant, World } from '../../support/world.ts';

let service: TestService;
let database: Database;
let world: World;

beforeAll(async () => {
  service = await startTestService({ workers: false });
  database = openDatabase({ connectionString: service.databaseUrl, max: 32 });
  world = new World(service);
});
afterAll(async () => {
  await database?.close();
  await service?.stop();
});

const at = <T>(count: number, work: (n: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, n) => work(n)));

const tally = (outcomes: readonly string[]) =>
  Object.fromEntries(
    [...new Set(outcomes)].map((one) => [one, outcomes.filter((o) => o === one).length]),
  );

const wrong = (code: string, n: number) =>
  String((Number(code) + 1 + n) % 1_000_000).padStart(6, '0');

describe('fifty guesses at once', () => {
  test('are judged five times, and then the right one is late', async () => {
    const device = await newDevice(database);
    const { codeId, code } = await sentCode(database, device, newPhone());
    const guess = (typed: string) =>
      database.transact((tx) =>
        joinWithCode(tx, SEALER, { deviceId: device.id, codeId, code: typed, displayName: null }),
      );
    const outcomes = await at(50, async (n) => {
      const outcome = await guess(wrong(code, n));
      return outcome.ok ? 'joined' : outcome.refusal;
    });
    expect(tally(outcomes)).toEqual({ 'code-wrong': MOST_TRIES - 1, 'too-many-tries': 46 });
    expect(await guess(code)).toEqual({ ok: false, refusal: 'too-many-tries' });
  });

  test('pass a naive twin, which forgets the most of them', async () => {
    const device = await newDevice(database);
    const { codeId, code } = await sentCode(database, device, newPhone());
    const outcomes = await at(50, (n) => guessNaively(database, { codeId, code: wrong(code, n) }));
    expect(outcomes.filter((one) => one === 'code-wrong').length).toBeGreaterThanOrEqual(
      MOST_TRIES,
    );
  });

  test('and the right one fifty times joins once', async () => {
    const device = await newDevice(database);
    const { codeId, code } = await sentCode(database, device, newPhone());
    const typed = { deviceId: device.id, codeId, code, displayName: null };
    const outcomes = await at(50, async () => {
      const outcome = await database.transact((tx) => joinWithCode(tx, SEALER, typed));
      return outcome.ok ? 'joined' : outcome.refusal;
    });
    expect(tally(outcomes)).toEqual({ joined: 1, 'code-expired': 49 });
  });
});

describe('twenty requests for a code at once', () => {
  test('send a phone one', async () => {
    const [phone, codeSender] = [newPhone(), new SentCodes()];
    const parts = { database, sealer: SEALER, codeSender };
    const outcomes = await at(20, async () => {
      const device = await newDevice(database);
      const outcome = await requestJoinCode(parts, { device, phone, locale: 'zh-CN' });
      return outcome.ok ? 'sent' : outcome.refusal;
    });
    expect(tally(outcomes)).toEqual({ sent: 1, 'too-many-codes': 19 });
    expect(codeSender.messages.map((sent) => sent.phone)).toEqual([phone]);
  });

  test('and a device five', async () => {
    const [device, codeSender] = [await newDevice(database), new SentCodes()];
    const parts = { database, sealer: SEALER, codeSender };
    const outcomes = await at(20, async () => {
      const outcome = await requestJoinCode(parts, { device, phone: newPhone(), locale: 'en' });
      return outcome.ok ? 'sent' : outcome.refusal;
    });
    expect(tally(outcomes)).toEqual({ sent: 5, 'too-many-codes': 15 });
  });

  test('get many of a naive twin', async () => {
    const phoneMark = await SEALER.mark(newPhone(), 'twin');
    const sent = await at(20, async () => {
      const { id: deviceId } = await newDevice(database);
      const row = { id: newId('jcd'), deviceId, phoneMark };
      return database.transact((tx) => askNaively(tx, row));
    });
    expect(sent.filter(Boolean).length).toBeGreaterThan(1);
  });
});

test('one new number on five devices at once is one member', async () => {
  const phone = newPhone();
  const codes = [];
  for (let n = 0; n < 5; n++) {
    const device = await newDevice(database);
    codes.push({ deviceId: device.id, ...(await sentCode(database, device, phone)) });
    await service.sql(
      "update join_codes set created_at = created_at - interval '2 minutes' where id = $1",
      [codes.at(-1)?.codeId],
    );
  }
  const outcomes = await Promise.all(
    codes.map((code) =>
      database.transact((tx) => joinWithCode(tx, SEALER, { ...code, displayName: null })),
    ),
  );
  const members = outcomes.map((outcome) => (outcome.ok ? outcome.member.memberId : ''));
  expect(new Set(members).size).toBe(1);
  expect(outcomes.filter((outcome) => outcome.ok && outcome.isNew)).toHaveLength(1);
});

describe('thirty who join an issuer at once', () => {
  let shop: Merchant;
  let classId: string;

  const opened = async () => {
    shop = await world.merchant();
    classId = await world.passClass(shop);
    await service.sql('insert into membership_terms (issuer_id, class_id) values ($1, $2)', [
      shop.issuerId,
      classId,
    ]);
  };

  test('get the numbers from 1 to 30', async () => {
    await opened();
    const joined = await at(30, () => joinByPhone(database));
    const made = await Promise.all(
      joined.map(({ member }) =>
        database.transact((tx) => becomeMemberOf(tx, member.memberId, shop.issuerId)),
      ),
    );
    const numbers = made.map((membership) => membership?.number ?? 0).sort((a, b) => a - b);
    expect(numbers).toEqual(Array.from({ length: 30 }, (_, n) => n + 1));
  });

  test('and one who asks thirty times has one membership and one card', async () => {
    await opened();
    const { member } = await joinByPhone(database);
    const made = await at(30, () =>
      database.transact((tx) => becomeMemberOf(tx, member.memberId, shop.issuerId)),
    );
    expect(new Set(made.map((membership) => membership?.objectId)).size).toBe(1);
    const passes = await service.sql('select object_id from wallet_passes where wallet_id = $1', [
      member.walletId,
    ]);
    expect(passes).toHaveLength(1);
  });

  test('run into the wall with a naive twin', async () => {
    await opened();
    const joined = await at(30, () => joinByPhone(database));
    const made = await Promise.allSettled(
      joined.map(({ member }) =>
        database.transact(async (tx) => {
          const number = await numberNaively(tx, shop.issuerId);
          const { issuerId } = shop;
          return giveCard(tx, { kind: 'root' }, { ...member, issuerId, classId, number });
        }),
      ),
    );
    const failed = made.filter(({ status }) => status === 'rejected');
    expect(failed.length).toBeGreaterThan(0);
  });
});
