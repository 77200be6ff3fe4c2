import { afterAll, beforeAll, expect, test } from 'vitest';
import { insertClass } from '../../src/coupons/class-store.ts';
import { registerDevice } from '../../src/members/device.ts';
import { makeMember } from '../../src/members/make-member.ts';
import { giveDevice } from '../../src/members/member-store.ts';
import { openDatabase } from '../../src/platform/database.node.ts';
import { type Database, type Statement, statement, type Tx } from '../../src/platform/database.ts';
import { registerStand } from '../../src/stands/register.ts';
import { visitSession } from '../../src/stands/session.ts';
import { claimInSession } from '../../src/stands/session-claim.ts';
import { joinInSession } from '../../src/stands/session-membership.ts';
import { readHolding, readOffers } from '../../src/stands/session-offers.ts';
import { type KnownDevice, touchStand } from '../../src/stands/touch.ts';
import { insertStore, insertTerminal } from '../../src/terminals/store.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { detours, noting } from '../support/plans.ts';
import { runOn } from '../support/postgres.ts';
import { couponClassOf, seedShop } from '../support/seed.ts';

// A connection keeps the plans it made, also those from when the tables were empty and known to be.
let server: TestDatabase;
let empty: Database;

beforeAll(async () => {
  server = await createTestDatabase();
  await runOn(server.url, 'analyze');
  empty = openDatabase({ connectionString: server.url, max: 1 });
});
afterAll(async () => {
  await empty?.close();
  await server?.drop();
});

const root = { kind: 'root' } as const;

async function seedStand(tx: Tx) {
  const { issuerId } = await seedShop(tx);
  await insertStore(tx, { id: 'main', issuerId, name: 'Main' });
  await insertTerminal(tx, { id: 'till', issuerId, storeId: 'main', name: 'Till' });
  const classId = `${issuerId}.tap`;
  await insertClass(tx, couponClassOf(issuerId, { id: classId, issueType: 'tap_claim' }));
  const stand = { issuerId, terminalId: 'till', name: 'Stand', keys: null } as const;
  const registered = await registerStand(tx, root, null, { ...stand, id: `${issuerId}.s` });
  if (!registered.ok) throw new Error(registered.refusal);
  const { device, secret } = await registerDevice(tx);
  const phoneFor = async () => null;
  const member = await makeMember(tx, { displayName: null, joinedBy: 'sign-in', phoneFor });
  await giveDevice(tx, device.id, member.memberId);
  const known: KnownDevice = { device: { ...device, member }, secret };
  return { code: registered.stand.code, classId, known, member };
}

/** The statements from a touch to a coupon, of a member and of a stranger who joins. */
async function statementsOfTouches(): Promise<Map<string, Statement<unknown>>> {
  const { url, drop } = await createTestDatabase();
  const plain = openDatabase({ connectionString: url, max: 2 });
  const noted = new Map<string, Statement<unknown>>();
  const database = noting(plain, noted);
  const { code, classId, known, member } = await plain.transact(seedStand);
  const asked = { code, picc: null, mac: null, printed: false };
  const touch = (who: KnownDevice | null) =>
    database.transact(async (tx) => {
      const outcome = await touchStand(tx, null, asked, who);
      if (!outcome.ok) throw new Error(outcome.refusal);
      return outcome;
    });
  const { token } = await touch(known);
  expect((await touch(known)).token).toBe(token);
  const visit = await visitSession(database, token, known.device);
  if (visit === null) throw new Error('no session');
  const { offers } = await readOffers(database.reads, visit, member);
  expect(offers.map(({ state }) => state)).toEqual(['claimable']);
  await readHolding(database.reads, visit, member);
  const claimDesk = { submit: () => Promise.reject(new Error('handed in')), close: async () => {} };
  const claim = { token, device: known.device, requestId: 'req' };
  await expect(claimInSession({ database, claimDesk }, claim, classId)).rejects.toThrow(
    'handed in',
  );
  expect(await joinInSession(database, token, known.device)).toBe('membership-not-offered');
  const stranger = await touch(null);
  const joined = { ...stranger.known.device, member };
  expect((await visitSession(database, stranger.token, joined))?.session.walletId).toBe(
    member.walletId,
  );
  await plain.close();
  await drop();
  return noted;
}

const OURS = [
  'stands.begin_claiming',
  'stands.card',
  'stands.claiming',
  'stands.lock_for_touch',
  'stands.offering',
  'stands.open_session',
  'stands.recent_touch',
  'stands.session',
  'stands.touch_traffic',
  'stands.usable_coupons',
  'taps.insert_stand_tap',
  'taps.recognise',
];

test('a touch reaches every row by its key, whatever its plans were made on', async () => {
  const statements = [...(await statementsOfTouches()).values()];
  // Those of the stand itself are others'.
  const ours = statements.filter(({ name = '' }) => OURS.includes(name));
  expect(ours.map(({ name }) => name).sort()).toEqual(OURS);
  expect(await detours(empty, ours)).toEqual([]);
});

test('a plain join of taps does not', async () => {
  const naive = statement(
    'naive.touch_traffic',
    `select count(*) from stand_taps s join (select * from taps) t on t.id = s.tap_id
      where s.stand_id = $1`,
  );
  expect(await detours(empty, [naive])).not.toEqual([]);
});
