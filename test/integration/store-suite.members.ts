import { describe, expect, test } from 'vitest';
import { becomeMemberOf, membershipAt } from '../../src/members/become.ts';
import { findDevice, registerDevice, renewDeviceSecret } from '../../src/members/device.ts';
import { endDevice, listDevices } from '../../src/members/devices.ts';
import { importMember } from '../../src/members/import.ts';
import { joinWithCode, phoneOfCode } from '../../src/members/join.ts';
import { forgetOldCodes } from '../../src/members/join-code-store.ts';
import { readMemberships } from '../../src/members/memberships.ts';
import { joinSignedIn } from '../../src/members/sign-in.ts';
import { forgetOldSignIns, insertSignIn, takeSignIn } from '../../src/members/sign-in-store.ts';
import { setTerms } from '../../src/members/terms.ts';
import { insertClass } from '../../src/passes/insert-class.ts';
import { bringLateCoupons } from '../../src/privacy/bring-late-coupons.ts';
import { eraseMember } from '../../src/privacy/erase.ts';
import { exportMember } from '../../src/privacy/export.ts';
import { mergeMembers } from '../../src/privacy/merge.ts';
import { joinByPhone, newDevice, newPhone, sentCode } from '../support/member-stage.ts';
import { SEALER } from '../support/sealer.ts';
import { loyaltyClass } from '../support/wallet-bodies.ts';
import type { Stage } from './store-stage.ts';

const root = { kind: 'root' } as const;

/** Members, from the first code to the last trace. */
export function memberStores(stage: Stage): void {
  describe('members', () => {
    const opened = async () => {
      const { issuerId } = stage.shop;
      const id = `${issuerId}.members`;
      const body = loyaltyClass(id);
      await stage.write((tx) => insertClass(tx, root, { id, vertical: 'loyalty', body }));
      const terms = { issuerId, classId: id };
      expect(await stage.write((tx) => setTerms(tx, root, terms))).toMatchObject({ ok: true });
      return issuerId;
    };

    test('join by a code, become members of an issuer, and are listed', async () => {
      const issuerId = await opened();
      const { member } = await joinByPhone(stage.database, { displayName: '小宝宝1' });
      const made = await stage.write((tx) => becomeMemberOf(tx, member.memberId, issuerId));
      expect(made).toMatchObject({ number: 1, joinedAt: expect.any(Date) });
      const { reads } = stage.database;
      expect(await membershipAt(reads, member.memberId, issuerId)).toEqual(made);
      const page = { after: null, limit: 10 };
      const [listed] = (await readMemberships(reads, root, issuerId, page)) ?? [];
      expect(listed).toMatchObject({ number: 1, joinedAt: made?.joinedAt, externalId: null });
    });

    test('are not joined by a wrong code', async () => {
      const device = await newDevice(stage.database);
      const { codeId, code } = await sentCode(stage.database, device, newPhone());
      const wrong = code === '000000' ? '000001' : '000000';
      const typed = { deviceId: device.id, codeId, code: wrong, displayName: null };
      const outcome = await stage.write((tx) => joinWithCode(tx, SEALER, typed));
      expect(outcome).toEqual({ ok: false, refusal: 'code-wrong' });
      const phone = await phoneOfCode(stage.database.reads, SEALER, device.id, codeId);
      expect(phone).toMatch(/^\+86/);
      expect(await stage.write(forgetOldCodes)).toBe(0);
    });

    test('are imported once', async () => {
      const issuerId = await opened();
      const member = { issuerId, externalId: 'x', phone: newPhone(), number: 7, displayName: null };
      const [first, again] = [
        await stage.write((tx) => importMember(tx, root, SEALER, member)),
        await stage.write((tx) => importMember(tx, root, SEALER, member)),
      ];
      expect(first).toMatchObject({ ok: true, isNew: true, membership: { number: 7 } });
      expect(again).toEqual({ ...first, isNew: false });
    });

    test('sign in, once with each answer', async () => {
      const device = await newDevice(stage.database);
      const signIn = { stateSha256: device.id, deviceId: device.id, sealed: 's', returnTo: '/me' };
      await stage.write((tx) => insertSignIn(tx, signIn));
      expect(await stage.write((tx) => takeSignIn(tx, device.id, 'dev_other'))).toBeNull();
      const taken = await stage.write((tx) => takeSignIn(tx, device.id, device.id));
      expect(taken).toEqual({ sealed: 's', returnTo: '/me' });
      expect(await stage.write((tx) => takeSignIn(tx, device.id, device.id))).toBeNull();
      const proven = { provider: 'https://id', returnTo: '/me' };
      const signedIn = { subject: device.id, name: 'Ana' };
      const join = () => stage.write((tx) => joinSignedIn(tx, device.id, { ...proven, signedIn }));
      const first = await join();
      expect(first).toMatchObject({ isNew: true, member: { displayName: 'Ana' } });
      expect(await join()).toEqual({ ...first, isNew: false });
      expect(await stage.write(forgetOldSignIns)).toBe(0);
    });

    test('know their devices, and sign them out', async () => {
      const { device, secret } = await stage.write(registerDevice);
      const { member } = await joinByPhone(stage.database, { device });
      const { reads } = stage.database;
      expect(await findDevice(reads, secret)).toEqual({ id: device.id, member });
      const next = await stage.write((tx) => renewDeviceSecret(tx, device.id));
      expect(await findDevice(reads, secret)).toBeNull();
      expect(await listDevices(reads, member.memberId)).toEqual([
        { id: device.id, createdAt: expect.any(Date), seenAt: expect.any(Date) },
      ]);
      expect(await stage.write((tx) => endDevice(tx, 'mem_other', device.id))).toBe(false);
      expect(await stage.write((tx) => endDevice(tx, member.memberId, device.id))).toBe(true);
      expect(await findDevice(reads, next)).toBeNull();
    });

    test('become one, are exported, and are forgotten', async () => {
      const issuerId = await opened();
      const people = [await joinByPhone(stage.database), await joinByPhone(stage.database)];
      const [keep = '', gone = ''] = people.map(({ member }) => member.memberId);
      for (const id of [gone, keep]) await stage.write((tx) => becomeMemberOf(tx, id, issuerId));
      expect(await stage.write((tx) => mergeMembers(tx, keep, gone))).toBe(true);
      expect(await bringLateCoupons(stage.database)).toBe(0);
      const { reads } = stage.database;
      const told = await exportMember(reads, SEALER, keep);
      const rows = Object.entries(told?.tables ?? {}).map(([table, { length }]) => [table, length]);
      expect(Object.fromEntries(rows)).toMatchObject({
        members: 2,
        member_devices: 2,
        memberships: 1,
        wallets: 2,
        wallet_passes: 2,
        pass_objects: 2,
      });
      expect(told?.tables.memberships?.[0]).toMatchObject({ number: 1 });
      expect(await stage.write((tx) => eraseMember(tx, keep))).toBe(true);
      expect(await exportMember(reads, SEALER, keep)).toBeNull();
    });
  });
}
