import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { authenticateTouch, type Touch } from '../../../src/stands/authenticate.ts';
import { markVerified } from '../../../src/stands/verify-stand.ts';
import { SEALER } from '../../support/sealer.ts';
import { ORIGIN, startTestService, type TestService } from '../../support/service.ts';
import { newStand, openTill, type ShownStand, signingStand, tagOf } from '../../support/stands.ts';
import { newTagSecrets } from '../../support/tag.ts';
import { pairedTill } from '../../support/tills.ts';
import { expectStatus, type Merchant, World } from '../../support/world.ts';

let service: TestService;
let world: World;
let shop: Merchant;
let terminalId: string;

beforeAll(async () => {
  service = await startTestService({ workers: false });
  world = new World(service);
  shop = await world.merchant();
  ({ terminalId } = await openTill(shop));
  await openTill(shop, 'till-2');
});
afterAll(() => service.stop());

interface ShownTag {
  readonly url: string;
  readonly ndef: string;
  readonly bytes: number;
  readonly fits: readonly string[];
  readonly sdm: Readonly<Record<string, number>> | null;
}

const one = ({ id }: { id: string }) => `/v1/stands/${id}`;
const change = (stand: ShownStand, fields: object) =>
  shop.client.patch<ShownStand>(one(stand), fields);

function touch(code: string, asked: { picc?: string; mac?: string; printed?: boolean } = {}) {
  const { picc = null, mac = null, printed = false } = asked;
  const seen = { code, picc, mac, printed };
  return service.database.transact((tx) => authenticateTouch(tx, SEALER, seen));
}
const said = (touched: Touch) => (touched.ok ? touched.proof : touched.refusal);

describe('a stand', () => {
  test('is registered blank, with a code that nobody guesses', async () => {
    const stand = await newStand(shop, { terminalId });
    expect(stand.id).toMatch(/^std_[0-9a-z]{26}$/);
    expect(stand.code).toMatch(/^[0-9A-HJKMNP-TV-Z]{10}$/);
    expect(stand).toMatchObject({ terminalId, state: 'blank', serial: null, writtenAt: null });
    expect((await shop.client.get(one(stand))).body).toEqual(stand);
  });

  test('may have an id of the issuer’s own', async () => {
    const id = `${shop.issuerId}.window`;
    expect((await newStand(shop, { id })).id).toBe(id);
    expect(await shop.client.get(`/v1/stands/${id}`)).toMatchObject({ status: 200 });
  });

  test('never shows the keys of its tag, nor keeps them in the clear', async () => {
    const keys = newTagSecrets();
    const stand = await newStand(shop, { tag: 'ntag424', keys });
    expect(stand).not.toHaveProperty('keys');
    const [row] = await service.sql(
      'select to_jsonb(s)::text as kept from stands s where id = $1',
      [stand.id],
    );
    for (const path of [one(stand), '/v1/stands', `${one(stand)}/tag`]) {
      const { text } = await shop.client.get(path);
      expect(text.toLowerCase()).not.toContain(keys.meta);
      expect(text.toLowerCase()).not.toContain(keys.file);
    }
    expect(JSON.stringify(row)).not.toContain(keys.file);
  });

  test('is listed with the others of its issuer, in pages', async () => {
    const other = await world.merchant();
    const ids = ['a', 'b', 'c'].map((name) => `${other.issuerId}.${name}`);
    for (const id of ids) await newStand(other, { id });
    type Page = { items: ShownStand[]; nextCursor: string | null };
    const first = (await other.client.get<Page>('/v1/stands?limit=2')).body;
    const next = await other.client.get<Page>(`/v1/stands?limit=2&cursor=${first.nextCursor}`);
    const listed = [...first.items, ...next.body.items].map(({ id }) => id);
    expect(listed).toEqual(ids);
    const byRoot = await service.root.get<Page>(`/v1/stands?issuerId=${other.issuerId}`);
    expect(byRoot.body.items).toHaveLength(3);
  });

  test('is renamed, moved, taken out of use and put back as it was', async () => {
    const stand = await newStand(shop, { terminalId });
    expect(expectStatus(await change(stand, { name: 'Door' }), 200).name).toBe('Door');
    expect((await change(stand, { terminalId: 'till-2' })).body.terminalId).toBe('till-2');
    expect((await change(stand, { terminalId: null })).body.terminalId).toBeNull();
    expect((await change(stand, { terminalId, state: 'retired' })).body.state).toBe('retired');
    expect(said(await touch(stand.code))).toBe('stand-not-set-up');
    expect((await change(stand, { state: 'in-use' })).body.state).toBe('blank');
    expect(said(await touch(stand.code))).toBe('static');
    await change(stand, { state: 'retired' });
    expect((await change(stand, { state: 'in-use' })).body.state).toBe('written');
  });
});

test('a paired till has the tags written that stand there, and no others', async () => {
  const { client } = await pairedTill(service, shop, terminalId);
  const links = async (at: string) => {
    const { id } = await newStand(shop, { terminalId: at });
    return (await client.post(`/v1/stands/${id}/write-links`, {})).status;
  };
  expect([await links(terminalId), await links('till-2')]).toEqual([201, 404]);
  const body = { issuerId: shop.issuerId, name: 'Mine', tag: 'static' };
  expect((await client.post('/v1/stands', body)).status).toBe(403);
});

describe('what is written on its tag', () => {
  const tagFor = async (stand: ShownStand) =>
    expectStatus(await shop.client.get<ShownTag>(`${one(stand)}/tag`), 200);

  test('is its address, small enough for every tag, also while it stands nowhere', async () => {
    const stand = await newStand(shop);
    const url = `${ORIGIN}/t/${stand.code}`;
    const rest = Buffer.from(url.slice('https://'.length)).toString('hex');
    const length = (rest.length / 2 + 1).toString(16).padStart(2, '0');
    expect(await tagFor(stand)).toEqual({
      url,
      ndef: `d101${length}5504${rest}`,
      bytes: rest.length / 2 + 8,
      fits: ['NTAG213', 'NTAG215', 'NTAG216'],
      sdm: null,
    });
  });

  test('leaves room for what an NTAG 424 DNA says of itself, and tells where', async () => {
    const { stand } = await signingStand(shop, terminalId);
    const { url, ndef, bytes, fits, sdm } = await tagFor(stand);
    expect(url).toBe(`${ORIGIN}/t/${stand.code}?e=${'0'.repeat(32)}&c=${'0'.repeat(16)}`);
    expect(fits).toEqual(['NTAG 424 DNA']);
    expect(bytes).toBe(ndef.length / 2 + 2);
    expect(sdm).toEqual({
      piccDataOffset: bytes - 51,
      macInputOffset: bytes - 16,
      macOffset: bytes - 16,
    });
  });
});

describe('a touch', () => {
  test('of a plain tag proves nothing, and says so; of the printed code too', async () => {
    const stand = await newStand(shop, { terminalId });
    const { name, issuerId, id } = stand;
    const touched = { id, issuerId, terminalId, storeId: 'main', name, state: 'written' };
    expect(await touch(stand.code)).toEqual({ ok: true, proof: 'static', stand: touched });
    const printed = await touch(stand.code, { printed: true });
    expect(printed).toEqual({ ok: true, proof: 'qr', stand: touched });
  });

  test('of a printed code does not make a blank tag written', async () => {
    const stand = await newStand(shop, { terminalId });
    expect(await touch(stand.code, { printed: true })).toMatchObject({ proof: 'qr' });
    expect((await shop.client.get(one(stand))).body).toMatchObject({ state: 'blank' });
  });

  test('of a tag that signs is proven, and its first message says who the tag is', async () => {
    const { stand, tag } = await signingStand(shop, terminalId);
    expect(said(await touch(stand.code, tag.read()))).toBe('sun');
    const uid = tag.uid.toUpperCase();
    expect(await tagOf(service, stand.id)).toMatchObject({ uid, counter: 1, state: 'written' });
    expect(said(await touch(stand.code, { printed: true }))).toBe('qr');
  });

  test('of a written tag verifies it, once, and its till is told', async () => {
    const stand = await newStand(shop, { terminalId });
    await touch(stand.code);
    for (let time = 0; time < 2; time++) {
      await service.database.transact((tx) => markVerified(tx, stand.id));
    }
    expect((await shop.client.get(one(stand))).body).toMatchObject({ state: 'verified' });
    const events = await service.sql(
      `select detail from terminal_events where terminal_id = $1 and detail->>'standId' = $2`,
      [terminalId, stand.id],
    );
    expect(events).toEqual([{ detail: { standId: stand.id, state: 'verified' } }]);
  });
});

describe('forged messages', () => {
  const wrong = ({ picc, mac }: { picc: string; mac: string }) => ({
    picc,
    mac: (mac[0] === '0' ? '1' : '0') + mac.slice(1),
  });

  test('20 in a row lock the stand until somebody puts it back', async () => {
    const { stand, tag } = await signingStand(shop, terminalId);
    expect(said(await touch(stand.code, tag.read()))).toBe('sun');
    for (let n = 0; n < 20; n++) {
      expect(said(await touch(stand.code, wrong(tag.read())))).toBe('tag-forged');
    }
    expect((await tagOf(service, stand.id)).state).toBe('locked');
    const real = tag.read();
    expect(said(await touch(stand.code, real))).toBe('tag-forged');
    expect(said(await touch(stand.code, { printed: true }))).toBe('tag-forged');
    expect((await change(stand, { state: 'in-use' })).body.state).toBe('written');
    expect(said(await touch(stand.code, real))).toBe('sun');
    const [entry] = await service.sql(
      `select actor, outcome from audit_entries where action = 'stand.lock' and subject = $1`,
      [stand.id],
    );
    expect(entry).toEqual({ actor: 'tag', outcome: 'locked' });
  });

  test('an authentic one in between begins the count anew', async () => {
    const { stand, tag } = await signingStand(shop, terminalId);
    for (let n = 0; n < 50; n++) {
      const message = tag.read();
      const expected = n % 10 === 9 ? 'sun' : 'tag-forged';
      expect(said(await touch(stand.code, n % 10 === 9 ? message : wrong(message)))).toBe(expected);
    }
  });

  test('rubbish, used addresses and other tags lock nothing', async () => {
    const { stand, tag } = await signingStand(shop, terminalId);
    const used = tag.read();
    await touch(stand.code, used);
    const { tag: other } = await signingStand(shop, terminalId);
    for (let n = 0; n < 25; n++) {
      const rubbish = { picc: newTagSecrets().meta, mac: '0'.repeat(16) };
      for (const message of [rubbish, wrong(used), other.read()]) {
        expect(said(await touch(stand.code, message))).toBe('tag-forged');
      }
    }
    expect(await tagOf(service, stand.id)).toMatchObject({ forgeries: 0, state: 'written' });
    expect(said(await touch(stand.code, tag.read()))).toBe('sun');
  });
});
