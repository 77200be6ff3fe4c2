import { beforeEach, describe, expect, it } from 'vitest';
import { findHead, publishHead } from '../../src/audit/head-store.ts';
import { GENESIS } from '../../src/audit/model.ts';
import { listEntries } from '../../src/audit/read-store.ts';
import { sealWaiting } from '../../src/audit/seal.ts';
import { type AuditEntry, audit } from '../../src/audit/store.ts';
import { verifyChain } from '../../src/audit/verify.ts';
import { foldEntries } from '../../src/numbers/fold.ts';
import type { Division } from '../../src/numbers/model.ts';
import { readNumbers, readTotals } from '../../src/numbers/read.ts';
import { HARD_TEXTS, type Stage } from './store-stage.ts';

const ROOT = { kind: 'root' } as const;
const WHOLE = { from: null, to: null };

/** The audit, its chain and the numbers that are folded from it. */
export function auditStores(stage: Stage): void {
  const write = (...entries: AuditEntry[]) => stage.write((tx) => audit(tx, ...entries));
  const seal = () => sealWaiting(stage.database, foldEntries);
  const reads = () => stage.database.reads;

  describe('the chain', () => {
    it('covers what is hard to spell', async () => {
      await write(
        ...HARD_TEXTS.map((text) => ({
          actor: text,
          action: text,
          subject: text,
          outcome: text,
          detail: { [text]: [text, { [text]: 1 }], big: 2 ** 53 - 1 },
        })),
      );
      await seal();
      const { unsealed } = await findHead(reads());
      expect(unsealed).toBe(0);
      const head = await publishHead(stage.database.single, 0);
      const verdict = await verifyChain(reads(), head === null ? [] : [head]);
      expect(verdict).toEqual({ ok: true, ...(head ?? GENESIS) });
      expect(await findHead(reads())).toMatchObject({ ...head, publishedAt: expect.any(Date) });
    });
  });

  describe('entries', () => {
    it('are listed with their seals, by issuer, subject and action', async () => {
      const { issuerId } = stage.shop;
      const subject = `${issuerId}.listed`;
      const entry = { actor: 'root', action: 'a', outcome: 'done' };
      await write({ ...entry, subject }, { ...entry, subject, action: 'b' });
      await seal();
      await write({ ...entry, subject: 'x', detail: { classId: subject } });
      const all = { issuerId: null, subject: null, action: null };
      const list = (filter: object) =>
        listEntries(reads(), { ...all, ...filter }, { after: 0, limit: 10 });
      const of = async (filter: object) =>
        (await list(filter)).entries.map(({ action, subject }) => `${action} ${subject}`);
      expect(await of({ subject })).toEqual([`a ${subject}`, `b ${subject}`]);
      expect(await of({ subject, action: 'b' })).toEqual([`b ${subject}`]);
      expect(await of({ issuerId })).toEqual([`a ${subject}`, `b ${subject}`, 'a x']);
      expect(await of({ issuerId: '99', subject })).toEqual([]);
      const { entries, reached } = await list({ issuerId });
      expect(reached).toBeNull();
      expect(entries.map(({ position }) => position === null)).toEqual([false, false, true]);
      const [first] = entries;
      expect(first).toMatchObject({ at: expect.any(Date), hash: expect.stringMatching(/^.{64}$/) });
    });
  });

  describe('numbers', () => {
    let classId: string;
    beforeEach(async () => {
      classId = stage.shop.couponClassId;
      const { issuerId } = stage.shop;
      const entry = { actor: 'root', subject: 'x' };
      const place = { classId, storeId: 'harbour', redemptionIssuerId: issuerId };
      const bill = { orderTotalMinor: 1000, discountMinor: 10 };
      await write(
        { ...entry, action: 'claim', outcome: 'issued', detail: { classId } },
        { ...entry, action: 'claim', outcome: 'sold-out', detail: { classId } },
        { ...entry, action: 'redeem', outcome: 'redeemed', detail: { ...place, ...bill } },
      );
    });

    it('are the same before and after entries are sealed, however they are told apart', async () => {
      const { issuerId } = stage.shop;
      const divisions: Division[] = ['total', 'hour', 'day', 'store', 'redemptionIssuer'];
      const read = (by: Division) => readNumbers(reads(), ROOT, classId, by, WHOLE);
      const before = await Promise.all(divisions.map(read));
      await seal();
      expect(await Promise.all(divisions.map(read))).toEqual(before);
      const [total, hours, days, stores, issuers] = before;
      const whole = {
        claimed: 1,
        redeemed: 1,
        refused: { 'sold-out': 1 },
        orderTotalMinor: 1000,
        discountMinor: 10,
      };
      expect(total?.total).toMatchObject(whole);
      for (const division of before) expect(division?.total).toEqual(total?.total);
      const parts = (found: typeof total) => found?.parts.map(({ part }) => part);
      expect(parts(stores)).toEqual(['', 'harbour']);
      expect(parts(issuers)).toEqual(['', issuerId]);
      expect(parts(hours)?.[0]).toMatch(/^\d{4}-\d\d-\d\dT\d\d:00:00\.000Z$/);
      expect(parts(days)?.[0]).toMatch(/^\d{4}-\d\d-\d\d$/);
      expect((await readTotals(reads(), [classId])).get(classId)).toEqual(total?.total);
    });

    it('are of the hours between two times', async () => {
      await seal();
      const soon = new Date(Date.now() + 3_600_000);
      const read = (range: object) =>
        readNumbers(reads(), ROOT, classId, 'total', { ...WHOLE, ...range });
      expect((await read({ to: soon }))?.total.claimed).toBe(1);
      expect((await read({ from: soon }))?.total.claimed).toBe(0);
    });

    it('are nobody’s where there is no class, and no stranger’s', async () => {
      const key = { kind: 'key', keyId: 'k', mode: 'live', scopes: ['*'] } as const;
      const read = (issuerId: string, id: string) =>
        readNumbers(reads(), { ...key, issuerId }, id, 'total', WHOLE);
      expect(await read(stage.shop.issuerId, 'gone')).toBeNull();
      expect(await read('99', classId)).toBeNull();
      expect(await read(stage.shop.issuerId, classId)).not.toBeNull();
    });
  });
}
