import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { authenticateTouch, type Touch } from '../../../src/stands/authenticate.ts';
import { SEALER } from '../../support/sealer.ts';
import { startTestService, type TestService } from '../../support/service.ts';
import { type Problem, told } from '../../support/service-client.ts';
import { newStand, openTill, signingStand } from '../../support/stands.ts';
import { newTagSecrets, SigningTag } from '../../support/tag.ts';
import { type Fields, type Merchant, World } from '../../support/world.ts';

let service: TestService;
let world: World;
let shop: Merchant;
let other: Merchant;
let terminalId: string;

beforeAll(async () => {
  service = await startTestService({ workers: false });
  world = new World(service);
  shop = await world.merchant();
  other = await world.merchant();
  ({ terminalId } = await openTill(shop));
  await openTill(other, 'theirs');
});
afterAll(() => service.stop());

function register(fields: Fields, client = shop.client) {
  const body = { issuerId: shop.issuerId, name: 'Stand', tag: 'static', ...fields };
  return client.post<Problem>('/v1/stands', body);
}

describe('what is not there, or another’s', () => {
  test('a till to stand at', async () => {
    expect(told(await register({ terminalId: 'nowhere' }))).toBe('404 not-found');
    expect(told(await register({ terminalId: 'theirs' }))).toBe('404 not-found');
    const { id } = await newStand(shop);
    const moved = await shop.client.patch(`/v1/stands/${id}`, { terminalId: 'theirs' });
    expect(told(moved)).toBe('404 not-found');
  });

  test('an issuer', async () => {
    expect(told(await register({ issuerId: '424242' }, service.root))).toBe('404 not-found');
    expect(told(await register({ issuerId: other.issuerId }))).toBe('404 not-found');
  });

  test('a stand', async () => {
    const { id } = await newStand(other);
    const { client } = shop;
    const answers = [
      await client.get(`/v1/stands/${id}`),
      await client.get(`/v1/stands/${id}/tag`),
      await client.patch(`/v1/stands/${id}`, { name: 'Mine' }),
      await client.post(`/v1/stands/${id}/write-links`, {}),
      await client.get(`/v1/stands/${other.issuerId}.none`),
      await client.get('/v1/stands/none'),
    ];
    expect(answers.map(told)).toEqual(answers.map(() => '404 not-found'));
  });
});

test('an id that is taken', async () => {
  const id = `${shop.issuerId}.taken`;
  await newStand(shop, { id });
  expect(told(await register({ id }))).toBe('409 already-exists');
});

const keys = newTagSecrets();

test.each<[Fields, pointer: string]>([
  [{ id: 'window' }, '/id'],
  [{ id: '1.window' }, '/id'],
  [{ name: '' }, '/name'],
  [{ tag: 'ntag213' }, '/tag'],
  [{ tag: undefined }, '/tag'],
  [{ terminalId: 'a b' }, '/terminalId'],
  [{ keys }, '/keys'],
  [{ tag: 'ntag424' }, '/keys'],
  [{ tag: 'ntag424', keys: { ...keys, file: keys.file.slice(1) } }, '/keys/file'],
  [{ tag: 'ntag424', keys: { ...keys, meta: `g${keys.meta.slice(1)}` } }, '/keys/meta'],
  [{ tag: 'ntag424', keys: { meta: keys.meta } }, '/keys/file'],
  [{ tag: 'ntag424', keys: { ...keys, third: keys.meta } }, '/keys/third'],
  [{ code: '7Q2M9K4D0V' }, '/code'],
  [{ state: 'verified' }, '/state'],
])('a stand with %j', async (fields, pointer) => {
  const answer = await register(fields);
  expect(told(answer)).toBe('422 invalid-request');
  expect(answer.body.errors?.map((error) => error.pointer)).toContain(pointer);
});

test.each([
  {},
  { state: 'locked' },
  { state: 'verified' },
  { tag: 'static' },
  { keys },
  { code: 'A' },
])('a change to %j', async (fields) => {
  const { id } = await newStand(shop);
  const answer = await shop.client.patch(`/v1/stands/${id}`, fields);
  expect(told(answer)).toBe('422 invalid-request');
});

test('keys, where the service has nothing to keep them by', async () => {
  const keyless = await startTestService({ workers: false, sealer: null });
  try {
    const { client, issuerId } = await new World(keyless).merchant();
    const plain = { issuerId, name: 'Stand', tag: 'static' };
    expect((await client.post('/v1/stands', plain)).status).toBe(201);
    const answer = await client.post('/v1/stands', { ...plain, tag: 'ntag424', keys });
    expect(told(answer)).toBe('409 tag-keys-not-enabled');
  } finally {
    await keyless.stop();
  }
});

describe('a touch', () => {
  type Asked = { picc?: string | null; mac?: string | null; printed?: boolean };
  async function touch(code: string, asked: Asked = {}, sealer: typeof SEALER | null = SEALER) {
    const seen = { code, picc: null, mac: null, printed: false, ...asked };
    const touched: Touch = await service.database.transact((tx) =>
      authenticateTouch(tx, sealer, seen),
    );
    return touched.ok ? touched.proof : touched.refusal;
  }

  test.each(['', 'NOBODY', 'x'.repeat(5000), "' or true --"])('of %j', async (code) => {
    expect(await touch(code)).toBe('stand-unknown');
  });

  test('of a stand that stands nowhere', async () => {
    const { code } = await newStand(shop);
    expect(await touch(code)).toBe('stand-not-set-up');
    expect(await touch(code, { printed: true })).toBe('stand-not-set-up');
  });

  test('of a tag that signs, without its message or with half of it', async () => {
    const { stand, tag } = await signingStand(shop, terminalId);
    const { picc, mac } = tag.read();
    for (const asked of [{}, { picc }, { mac }, { picc: '', mac: '' }, { picc: mac, mac: picc }]) {
      expect(await touch(stand.code, asked)).toBe('tag-forged');
    }
    expect(await touch(stand.code, { picc: `${picc}0`, mac })).toBe('tag-forged');
    expect(await touch(stand.code, { picc, mac: `${mac} ` })).toBe('tag-forged');
    expect(await touch(stand.code, { picc, mac })).toBe('sun');
  });

  test('with the message of another tag, of the same keys too', async () => {
    const { stand, tag } = await signingStand(shop, terminalId);
    expect(await touch(stand.code, tag.read())).toBe('sun');
    const twin = new SigningTag(tag.keys);
    expect(await touch(stand.code, twin.read(100))).toBe('tag-forged');
    expect(await touch(stand.code, new SigningTag().read(100))).toBe('tag-forged');
    const { stand: beside } = await signingStand(shop, terminalId, tag.keys);
    expect(await touch(beside.code, tag.read())).toBe('tag-replayed');
    expect(await touch(beside.code, twin.read())).toBe('sun');
  });

  test('of a tag that signs, where nobody can read its keys', async () => {
    const { stand, tag } = await signingStand(shop, terminalId);
    expect(await touch(stand.code, tag.read(), null)).toBe('stand-not-set-up');
  });
});

describe('a link to write a tag', () => {
  const ask = (id: string) => shop.client.post(`/v1/stands/${id}/write-links`, {});

  test('of a stand that stands nowhere', async () => {
    expect(told(await ask((await newStand(shop)).id))).toBe('409 stand-at-no-till');
  });

  test('of a stand that is not in use', async () => {
    const { id } = await newStand(shop, { terminalId });
    await shop.client.patch(`/v1/stands/${id}`, { state: 'retired' });
    expect(told(await ask(id))).toBe('409 stand-not-in-use');
  });

  test('of a tag that needs its keys for that', async () => {
    const { stand } = await signingStand(shop, terminalId);
    expect(told(await ask(stand.id))).toBe('409 tag-needs-encoder');
  });
});
