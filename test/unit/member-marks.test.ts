import { describe, expect, test } from 'vitest';
import { sealerOf } from '../../src/platform/sealing.ts';
import { decideMembership } from '../../src/privacy/merge-rules.ts';
import { ownPath } from '../../src/web/return-path.ts';

const sealer = sealerOf(new Uint8Array(32).fill(1));
const other = sealerOf(new Uint8Array(32).fill(2));

describe('a mark', () => {
  test('is the same for the same text in the same place, and for nothing else', async () => {
    const marks = await Promise.all([
      sealer.mark('+8613800138000', 'members.phone'),
      sealer.mark('+8613800138001', 'members.phone'),
      sealer.mark('+8613800138000', 'elsewhere'),
      other.mark('+8613800138000', 'members.phone'),
    ]);
    expect(new Set(marks).size).toBe(4);
    for (const mark of marks) expect(mark).toMatch(/^[\w-]{43}$/);
    expect(await sealer.mark('+8613800138000', 'members.phone')).toBe(marks[0]);
  });
});

describe('of two memberships at one issuer', () => {
  const older = {
    issuerId: '1',
    number: 9,
    objectId: '1.a',
    joinedAt: new Date('2026-01-01T00:00:00Z'),
    externalId: null,
  };
  const newer = {
    ...older,
    number: 3,
    objectId: '1.b',
    joinedAt: new Date('2026-02-01T00:00:00Z'),
  };

  test('the older stays, whoever has it', () => {
    for (const [one, two] of [
      [older, newer],
      [newer, older],
    ] as const) {
      expect(decideMembership(one, two)).toEqual({ kept: older, ended: newer, externalId: null });
    }
  });

  test('of the same moment, the smaller number', () => {
    const twin = { ...newer, joinedAt: older.joinedAt };
    expect(decideMembership(older, twin)).toMatchObject({ kept: twin, ended: older });
  });

  test('the name in the issuer’s own system stays, whichever had one', () => {
    const named = { ...newer, externalId: 'card-7' };
    expect(decideMembership(older, named)).toMatchObject({ kept: older, externalId: 'card-7' });
    const both = { ...older, externalId: 'card-1' };
    expect(decideMembership(both, named)).toMatchObject({ externalId: 'card-1' });
  });
});

describe('after a form a member goes on', () => {
  test.each(['/me', '/me/', '/me/settings', '/me?lang=en', '/s/aB_-9', '/s/aB_-9?lang=zh-CN'])(
    'at %s',
    (path) => {
      expect(ownPath(path)).toBe(path);
    },
  );

  test.each([
    undefined,
    '',
    '/',
    '/s/',
    '/mean',
    '//me',
    '/me/../v1',
    '/me\\x',
    '/me#x',
    ' /me',
    '/s/a b',
  ])('at the wallet instead of %j', (path) => {
    expect(ownPath(path)).toBe('/me');
  });
});
