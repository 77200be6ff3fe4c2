import { describe, expect, it } from 'vitest';
import { newId } from '../../src/platform/ids.ts';
import {
  countForgery,
  findTouched,
  noteWritten,
  takeReading,
  verifyWritten,
} from '../../src/stands/reading-store.ts';
import {
  findPlaceNames,
  findStand,
  insertStand,
  listStands,
  lockStand,
  updateStand,
} from '../../src/stands/stand-store.ts';
import {
  endOpenLinks,
  findWriteLink,
  insertWriteLink,
  saveWritten,
} from '../../src/stands/write-link-store.ts';
import { insertStore, insertTerminal } from '../../src/terminals/store.ts';
import { FIRST, type Stage } from './store-stage.ts';

/** The tags at the tills. */
export function standStores(stage: Stage): void {
  async function newStand(fields: { readonly keysSealed?: string } = {}) {
    const { issuerId } = stage.shop;
    const id = newId('std');
    const keysSealed = fields.keysSealed ?? null;
    const tag = keysSealed === null ? ('static' as const) : ('ntag424' as const);
    const place = { issuerId, terminalId: 'till' };
    await stage.write(async (tx) => {
      await insertStore(tx, { id: 'store', issuerId, name: 'Store' });
      await insertTerminal(tx, { id: 'till', issuerId, storeId: 'store', name: 'Till' });
      await insertStand(tx, { id, code: id.slice(-10), name: 'Window', tag, keysSealed, ...place });
    });
    const stand = await findStand(stage.database.reads, id);
    if (stand === null) throw new Error('a stand that was made is not there');
    return stand;
  }

  describe('a stand', () => {
    it('is found, listed, locked and changed', async () => {
      const stand = await newStand();
      const { reads } = stage.database;
      expect(stand).toMatchObject({ state: 'blank', serial: null, createdAt: expect.any(Date) });
      expect(await listStands(reads, stage.shop.issuerId, FIRST)).toEqual([stand]);
      await stage.write(async (tx) => {
        expect(await lockStand(tx, stand.id)).toEqual(stand);
        await updateStand(tx, { ...stand, name: 'Door', terminalId: null, state: 'retired' });
      });
      const changed = { ...stand, name: 'Door', terminalId: null, state: 'retired' };
      expect(await findStand(reads, stand.id)).toEqual(changed);
      expect(await findPlaceNames(reads, stand)).toEqual({ till: 'Till', issuerName: 'Teashop' });
      expect((await findPlaceNames(reads, { ...stand, terminalId: null })).till).toBeNull();
    });

    it('is touched where it stands', async () => {
      const { id, code, issuerId } = await newStand({ keysSealed: 'sealed' });
      const found = await stage.write((tx) => findTouched(tx, code));
      const place = { issuerId, terminalId: 'till', storeId: 'store' };
      const tag = { tag: 'ntag424', keysSealed: 'sealed', uid: null, counter: null };
      expect(found).toEqual({ id, name: 'Window', state: 'blank', ...place, ...tag });
    });

    it('takes each reading of its tag once, and of that tag alone', async () => {
      const { id, code } = await newStand({ keysSealed: 'sealed' });
      const { id: other } = await newStand({ keysSealed: 'sealed' });
      const take = (standId: string, uid: string, counter: number) =>
        stage.write((tx) => takeReading(tx, standId, { uid, counter }));
      const uid = id.slice(-14).toUpperCase();
      expect(await take(id, uid, 0xff_fffe)).toBe(true);
      expect(await take(id, uid, 0xff_fffe)).toBe(false);
      expect(await take(id, uid, 7)).toBe(false);
      expect(await take(id, `${uid}X`, 0xff_ffff)).toBe(false);
      expect(await take(other, uid, 0xff_ffff)).toBe(false);
      expect(await take(id, uid, 0xff_ffff)).toBe(true);
      const found = await stage.write((tx) => findTouched(tx, code));
      expect(found).toMatchObject({ uid, counter: 0xff_ffff });
    });

    it('is locked by the last forgery that it bears, and written and verified once', async () => {
      const { id } = await newStand();
      await stage.write((tx) => noteWritten(tx, id));
      const verified = { issuerId: stage.shop.issuerId, terminalId: 'till' };
      expect(await stage.write((tx) => verifyWritten(tx, id))).toEqual(verified);
      expect(await stage.write((tx) => verifyWritten(tx, id))).toBeNull();
      const forge = () => stage.write((tx) => countForgery(tx, id, 2));
      expect([await forge(), await forge(), await forge()]).toEqual([false, true, false]);
    });
  });

  describe('a link to write a tag', () => {
    it('is found with its stand, is used, and ends when it was not', async () => {
      const stand = await newStand();
      const [used, open] = [newId('req'), newId('req')];
      const ends = await stage.write(async (tx) => {
        await insertWriteLink(tx, open, stand.id, 15);
        return insertWriteLink(tx, used, stand.id, 15);
      });
      expect(ends).toBeInstanceOf(Date);
      await stage.write((tx) => saveWritten(tx, used, '04:5f'));
      await stage.write((tx) => endOpenLinks(tx, stand.id));
      const { reads } = stage.database;
      expect(await findWriteLink(reads, open)).toBeNull();
      const link = await findWriteLink(reads, used);
      expect(link).toEqual({
        standId: stand.id,
        issuerId: stand.issuerId,
        code: stand.code,
        standName: 'Window',
        state: 'written',
        serial: '04:5f',
        terminalId: 'till',
        tillName: 'Till',
        issuerName: 'Teashop',
        used: true,
        secondsLeft: expect.any(Number),
      });
      expect(link?.secondsLeft).toBeGreaterThan(800);
    });
  });
}
