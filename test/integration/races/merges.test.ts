import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { becomeMemberOf } from '../../../src/members/become.ts';
import { findMember } from '../../../src/members/member-store.ts';
import { bringLateCoupons } from '../../../src/privacy/bring-late-coupons.ts';
import { eraseMember } from '../../../src/privacy/erase.ts';
import { mergeMembers } from '../../../src/privacy/merge.ts';
import { brokenIds, brokenInvariants } from '../../support/invariants.ts';
import { type Joined, joinByPhone } from '../../support/member-stage.ts';
import { mergeNaively } from '../../support/naive/merging.ts';
import { startTestService, type TestService } from '../../support/service.ts';
import {
  claim,
  claimOutcome,
  expectStatus,
  type Merchant,
  redeem,
  World,
} from '../../support/world.ts';
import { accept, opened } from '../../support/world-transfers.ts';

let service: TestService;
let world: World;
let shop: Merchant;
let keep: Joined;
let gone: Joined;

beforeAll(async () => {
  service = await startTestService();
  world = new World(service);
});
afterAll(() => service?.stop());
beforeEach(async () => {
  shop = await world.merchant();
  [keep, gone] = [await joinByPhone(service.database), await joinByPhone(service.database)];
});

const merge = () =>
  service.database.transact((tx) => mergeMembers(tx, keep.member.memberId, gone.member.memberId));

const wallets = () => [keep.member.walletId, gone.member.walletId];

/** The coupons of a wallet as `status generation`, successors of a gift marked. */
async function held(walletId: string): Promise<string[]> {
  const rows = await service.sql<{ told: string }>(
    `select status || ' ' || generation || case when transferred_from is null then '' else ' given' end
       as told from coupons where wallet_id = $1 order by 1`,
    [walletId],
  );
  return rows.map(({ told }) => told);
}

/** The work that a redemption leaves behind is done. */
async function settled(): Promise<void> {
  await expect
    .poll(() => service.sql('select 1 from outbox where done_at is null'), { timeout: 15_000 })
    .toEqual([]);
}

async function sound(): Promise<void> {
  await settled();
  expect(await brokenInvariants(service.sql)).toEqual({});
}

describe('coupons of two members who become one', () => {
  test('go along with their clones and count against the limit', async () => {
    const classId = await world.couponClass(shop, {
      perMemberLimit: 2,
      perMemberDayLimit: 2,
      cloneOnRedeem: { maxClones: 2 },
      budgetMinor: 100_000,
    });
    const [kept, lost] = wallets();
    await world.coupon(shop, classId, kept ?? '');
    const used = await world.coupon(shop, classId, lost ?? '');
    expectStatus(await redeem(shop, used.code), 201);
    await settled();
    expect(await merge()).toBe(true);
    expect(await held(lost ?? '')).toEqual([]);
    expect(await held(kept ?? '')).toEqual(['issued 0', 'issued 1', 'redeemed 0']);
    const third = await claimOutcome(shop.client, classId, { walletId: kept });
    expect(third).toBe('409 member-limit-reached');
    await sound();
  });

  test('that are over the limit come as gifts, so that nothing is lost and nothing counts twice', async () => {
    const classId = await world.couponClass(shop, { perMemberLimit: 1, budgetMinor: 100_000 });
    const [kept, lost] = wallets();
    await world.coupon(shop, classId, kept ?? '');
    const other = await world.coupon(shop, classId, lost ?? '');
    await merge();
    expect(await held(kept ?? '')).toEqual(['issued 0', 'issued 0 given']);
    expect(await held(lost ?? '')).toEqual(['transferred 0']);
    expect(await claimOutcome(shop.client, classId, { walletId: kept })).toBe(
      '409 member-limit-reached',
    );
    const [row] = await service.sql<{ code: string }>(
      'select code from coupons where transferred_from = $1',
      [other.id],
    );
    expectStatus(await redeem(shop, row?.code ?? ''), 201);
    await sound();
  });

  test('that one had given the other stay told as given', async () => {
    const classId = await world.couponClass(shop, { perMemberLimit: 5, transferable: true });
    const [kept, lost] = wallets();
    for (const [from, to] of [
      [kept, lost],
      [lost, kept],
    ]) {
      const coupon = await world.coupon(shop, classId, from ?? '');
      const { token } = await opened(service.root, coupon.id);
      expectStatus(await accept(service.root, token, to ?? ''), 201);
    }
    await merge();
    expect(await held(kept ?? '')).toEqual(['issued 0 given', 'issued 0 given', 'transferred 0']);
    await sound();
  });

  test('of a third person’s gift go along', async () => {
    const classId = await world.couponClass(shop, { transferable: true });
    const coupon = await world.coupon(shop, classId, await world.wallet());
    const { token } = await opened(service.root, coupon.id);
    const [kept, lost] = wallets();
    expectStatus(await accept(service.root, token, lost ?? ''), 201);
    await merge();
    expect(await held(kept ?? '')).toEqual(['issued 0 given']);
    await sound();
  });

  test('break the limits with a naive twin', async () => {
    const classId = await world.couponClass(shop, { perMemberLimit: 1 });
    const [kept = '', lost = ''] = wallets();
    await world.coupon(shop, classId, kept);
    await world.coupon(shop, classId, lost);
    await service.database
      .transact(async (tx) => {
        await mergeNaively(tx, kept, lost);
        const broken = await brokenIds((statement) =>
          tx.run({ name: undefined, text: statement }, []),
        );
        expect(broken).toEqual(expect.arrayContaining(['I2', 'I3 members', 'I4 claims']));
        throw new Error('taken back');
      })
      .catch((error: Error) => expect(error.message).toBe('taken back'));
    await sound();
  });
});

describe('while claims and redemptions go on', () => {
  test('the books stay in order', async () => {
    const classes = await Promise.all(
      [1, 2, 3].map((perMemberLimit) =>
        world.couponClass(shop, {
          perMemberLimit,
          stock: 50,
          cloneOnRedeem: { maxClones: 2 },
          budgetMinor: 1_000_000,
        }),
      ),
    );
    for (let round = 0; round < 6; round++) {
      [keep, gone] = [await joinByPhone(service.database), await joinByPhone(service.database)];
      const first = await Promise.all(
        wallets().map((walletId) => world.coupon(shop, classes[2] ?? '', walletId)),
      );
      const claims = wallets().flatMap((walletId) =>
        classes.map((classId) => claim(shop.client, classId, { walletId })),
      );
      const redemptions = first.map(({ code }) => redeem(shop, code));
      const [merged] = await Promise.all([merge(), ...claims, ...redemptions]);
      expect(merged).toBe(true);
    }
    await sound();
  }, 60_000);

  test('a member who is erased is gone, and the books stay in order', async () => {
    const classId = await world.couponClass(shop, {
      perMemberLimit: 3,
      transferable: true,
      cloneOnRedeem: { maxClones: 2 },
      budgetMinor: 1_000_000,
    });
    for (let round = 0; round < 4; round++) {
      gone = await joinByPhone(service.database);
      const { memberId, walletId } = gone.member;
      const [used, given] = [
        await world.coupon(shop, classId, walletId),
        await world.coupon(shop, classId, walletId),
      ];
      const { token } = await opened(service.root, given.id);
      const erase = () => service.database.transact((tx) => eraseMember(tx, memberId));
      const erased = await Promise.all([
        erase(),
        erase(),
        redeem(shop, used.code).then(() => false),
        accept(service.root, token, keep.member.walletId).then(() => false),
        claim(shop.client, classId, { walletId }).then(() => false),
      ]);
      expect(erased.filter(Boolean)).toHaveLength(1);
      expect(await findMember(service.database.reads, memberId)).toBeNull();
    }
    await sound();
  }, 60_000);

  test('a coupon that comes late into the old wallet is brought over', async () => {
    const classId = await world.couponClass(shop, { perMemberLimit: 1 });
    const [kept = '', lost = ''] = wallets();
    await merge();
    await world.coupon(shop, classId, lost);
    await bringLateCoupons(service.database);
    expect(await held(kept)).toEqual(['issued 0']);
    expect(await held(lost)).toEqual([]);
    expect(await claimOutcome(shop.client, classId, { walletId: kept })).toBe(
      '409 member-limit-reached',
    );
    await sound();
  });

  test('two who merge the same two both ways end as one', async () => {
    const both = await Promise.all([
      merge(),
      service.database.transact((tx) =>
        mergeMembers(tx, gone.member.memberId, keep.member.memberId),
      ),
    ]);
    expect(both.filter(Boolean)).toHaveLength(1);
  });
});

describe('the rest', () => {
  const join = async ({ member }: Joined) =>
    service.database.transact((tx) => becomeMemberOf(tx, member.memberId, shop.issuerId));

  test('at an issuer that both joined, the older number stays and the other card ends', async () => {
    const classId = await world.passClass(shop);
    await service.sql('insert into membership_terms (issuer_id, class_id) values ($1, $2)', [
      shop.issuerId,
      classId,
    ]);
    const older = await join(gone);
    const newer = await join(keep);
    await merge();
    const rows = await service.sql(
      'select member_id, number::int from memberships where issuer_id = $1',
      [shop.issuerId],
    );
    expect(rows).toEqual([{ member_id: keep.member.memberId, number: older?.number }]);
    const states = await service.sql<{ id: string; state: string }>(
      `select o.id, o.state from wallet_passes p join pass_objects o on o.id = p.object_id
        where p.wallet_id = $1 order by o.state`,
      [keep.member.walletId],
    );
    expect(states).toEqual([
      { id: older?.objectId, state: 'ACTIVE' },
      { id: newer?.objectId, state: 'INACTIVE' },
    ]);
    await sound();
  });

  test('goes along: devices, identities, the name; the old number is free', async () => {
    await service.sql('update wallets set display_name = $2 where id = $1', [
      gone.member.walletId,
      '小宝宝1',
    ]);
    await service.sql("insert into member_identities values ('https://id', $1, $1)", [
      gone.member.memberId,
    ]);
    await merge();
    const { memberId } = keep.member;
    expect(await findMember(service.database.reads, memberId)).toMatchObject({
      displayName: '小宝宝1',
    });
    expect(await findMember(service.database.reads, gone.member.memberId)).toBeNull();
    const devices = await service.sql('select 1 from member_devices where member_id = $1', [
      memberId,
    ]);
    const identities = await service.sql('select 1 from member_identities where member_id = $1', [
      memberId,
    ]);
    expect([devices.length, identities.length]).toEqual([2, 1]);
    await service.sql('delete from join_codes');
    const again = await joinByPhone(service.database, { phone: gone.phone });
    expect(again.member.memberId).not.toBe(memberId);
  });

  test('an erasure afterwards takes both', async () => {
    await service.sql('update wallets set display_name = $2 where id = $1', [
      gone.member.walletId,
      'canary-of-the-merge',
    ]);
    await merge();
    await service.database.transact((tx) => eraseMember(tx, keep.member.memberId));
    const rows = await service.sql(
      `select 1 from wallets w where w::text like '%canary-of-the-merge%'
       union all select 1 from members where id = any($1) and erased_at is null`,
      [[keep.member.memberId, gone.member.memberId]],
    );
    expect(rows).toEqual([]);
    await sound();
  });
});
