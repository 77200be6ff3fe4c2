import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { firstSecret, nextSecret, signingSecrets } from '../../src/notices/endpoint-secret.ts';
import { ConfigError, readConfig } from '../../src/platform/config.ts';
import { SealBrokenError, sealerOf } from '../../src/platform/sealing.ts';
import { readOrMakeSecretKey } from '../../src/platform/secret-key.node.ts';

const key = (fill: number) => new Uint8Array(32).fill(fill);
const sealer = sealerOf(key(1));
const TEXT = 'whsec_券 secret';

describe('a sealed text', () => {
  it('opens with its key in its place', async () => {
    for (const text of ['', TEXT, 'x'.repeat(10_000)]) {
      expect(await sealer.open(await sealer.seal(text, 'a:1'), 'a:1')).toBe(text);
    }
  });

  it('shows nothing of the text, and another face each time', async () => {
    const sealed = await Promise.all(Array.from({ length: 50 }, () => sealer.seal(TEXT, 'a:1')));
    expect(new Set(sealed).size).toBe(sealed.length);
    for (const one of sealed) expect(one).toMatch(/^v1\.[A-Za-z0-9_-]+$/);
    expect(Buffer.from(sealed[0]?.slice(3) ?? '', 'base64url').toString()).not.toContain('whsec');
  });

  it('does not open in another place, with another key, or changed in any character', async () => {
    const sealed = await sealer.seal(TEXT, 'a:1');
    const broken: [opener: typeof sealer, sealed: string, place: string][] = [
      [sealer, sealed, 'a:2'],
      [sealer, sealed, 'b:1'],
      [sealer, sealed, ''],
      [sealerOf(key(2)), sealed, 'a:1'],
      ...Array.from(sealed, (character, at) => {
        const other = character === 'A' ? 'B' : 'A';
        const changed = sealed.slice(0, at) + other + sealed.slice(at + 1);
        return [sealer, changed, 'a:1'] satisfies [unknown, string, string];
      }),
      ...['', 'v1.', 'v1.AAAA', sealed.slice(0, -4), `${sealed}AAAA`, sealed.slice(3)].map(
        (text) => [sealer, text, 'a:1'] satisfies [unknown, string, string],
      ),
    ];
    for (const [opener, text, place] of broken) {
      await expect(opener.open(text, place), text).rejects.toThrow(SealBrokenError);
    }
  });

  it.each([0, 16, 31, 33])('needs a key of 32 bytes, not of %i', (bytes) => {
    expect(() => sealerOf(new Uint8Array(bytes))).toThrow(RangeError);
  });
});

describe('the secrets of an endpoint', () => {
  const NOW = new Date('2026-11-28T09:00:00Z');
  const after = (hours: number) => new Date(NOW.getTime() + hours * 3_600_000);

  it('are one, and two for a day after it was exchanged', async () => {
    const first = await firstSecret(sealer, 'whk_1');
    const one = { id: 'whk_1', sealed: first.sealed };
    expect(await signingSecrets(sealer, one, NOW)).toEqual([first.secret]);
    const second = await nextSecret(sealer, one, NOW);
    expect(second.previousUntil).toEqual(after(24));
    const both = { id: 'whk_1', sealed: second.sealed };
    const just = new Date(after(24).getTime() - 1);
    expect(await signingSecrets(sealer, both, just)).toEqual([second.secret, first.secret]);
    expect(await signingSecrets(sealer, both, after(24))).toEqual([second.secret]);
    const third = await nextSecret(sealer, both, after(1));
    const last = { id: 'whk_1', sealed: third.sealed };
    expect(await signingSecrets(sealer, last, after(2))).toEqual([third.secret, second.secret]);
  });

  it('of one do not open in the row of another', async () => {
    const ids = ['whk_1', 'whk_2', 'whk_3', 'whk_4'];
    const rows = await Promise.all(ids.map((id) => firstSecret(sealer, id)));
    let rejected = 0;
    for (const [from, { sealed }] of rows.entries()) {
      for (const id of ids.filter((other) => other !== ids[from])) {
        await expect(signingSecrets(sealer, { id, sealed }, NOW)).rejects.toThrow(SealBrokenError);
        rejected += 1;
      }
    }
    expect(rejected).toBe(12);
  });

  it('that cannot be read are exchanged for one alone', async () => {
    const { sealed } = await firstSecret(sealerOf(key(9)), 'whk_1');
    const next = await nextSecret(sealer, { id: 'whk_1', sealed }, NOW);
    expect(next.previousUntil).toBeNull();
    const row = { id: 'whk_1', sealed: next.sealed };
    expect(await signingSecrets(sealer, row, NOW)).toEqual([next.secret]);
  });
});

describe('the key', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tapline-key-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('of the embedded database is made once, for its owner alone', async () => {
    const all = await Promise.all(Array.from({ length: 8 }, () => readOrMakeSecretKey(folder)));
    const [first] = all;
    expect(first).toHaveLength(32);
    for (const other of all) expect(other).toEqual(first);
    const { mode } = await stat(join(folder, 'secret-key'));
    expect(mode & 0o777).toBe(0o600);
    expect(await readOrMakeSecretKey(folder)).toEqual(first);
    const text = await readFile(join(folder, 'secret-key'), 'utf8');
    expect(readConfig({ TAPLINE_SECRET_KEY: text.trim() }).secretKey).toEqual(first);
  });

  it('in its file is not replaced when it is something else', async () => {
    const other = await mkdtemp(join(folder, 'other-'));
    await writeFile(join(other, 'secret-key'), 'short');
    await expect(readOrMakeSecretKey(other)).rejects.toThrow(ConfigError);
    expect(await readFile(join(other, 'secret-key'), 'utf8')).toBe('short');
  });

  it.each(['x', 'AAAA', Buffer.alloc(31).toString('base64'), Buffer.alloc(32).toString('hex')])(
    'in the environment is not %j',
    (text) => {
      expect(() => readConfig({ TAPLINE_SECRET_KEY: text })).toThrow('TAPLINE_SECRET_KEY must');
    },
  );
});

describe('the settings for mail', () => {
  const url = 'smtp://user:password@mail.example.com:587';
  const from = 'coupons@example.com';

  it('are an address and a server, or nothing', () => {
    expect(readConfig({}).mail).toBeNull();
    const settings = { TAPLINE_SMTP_URL: url, TAPLINE_SMTP_FROM: from };
    expect(readConfig(settings).mail).toEqual({ url, from });
  });

  it.each([
    [{ TAPLINE_SMTP_URL: url }],
    [{ TAPLINE_SMTP_FROM: from }],
    [{ TAPLINE_SMTP_URL: url, TAPLINE_SMTP_FROM: 'Coupons <a@example.com>' }],
    [{ TAPLINE_SMTP_URL: url, TAPLINE_SMTP_FROM: 'a@example.com\r\nBcc: b@example.com' }],
    [{ TAPLINE_SMTP_URL: 'https://mail.example.com', TAPLINE_SMTP_FROM: from }],
  ])('are not %j', (settings) => {
    expect(() => readConfig(settings)).toThrow(ConfigError);
    expect(() => readConfig(settings)).not.toThrow('password');
  });
});
