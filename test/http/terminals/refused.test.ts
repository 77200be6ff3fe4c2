import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestService, type TestService } from '../../support/service.ts';
import { type Problem, told } from '../../support/service-client.ts';
import { type Fields, type Merchant, World } from '../../support/world.ts';

let service: TestService;
let world: World;
let shop: Merchant;
let other: Merchant;

beforeAll(async () => {
  service = await startTestService({ workers: false });
  world = new World(service);
  shop = await world.merchant();
  other = await world.merchant();
  await register('stores', { id: 'main' });
  await register('terminals', { id: 'till', storeId: 'main' });
});
afterAll(() => service.stop());

function register(kind: 'stores' | 'terminals', fields: Fields, merchant = shop) {
  const body = { issuerId: shop.issuerId, name: 'N', ...fields };
  return merchant.client.post<Problem>(`/v1/${kind}`, body);
}

describe('an id that is taken', () => {
  test('by a store', async () => {
    expect(told(await register('stores', { id: 'main' }))).toBe('409 already-exists');
  });

  test('by a terminal', async () => {
    const again = await register('terminals', { id: 'till', storeId: 'main' });
    expect(told(again)).toBe('409 already-exists');
  });
});

describe('what is not there, or another’s', () => {
  test('a store', async () => {
    const nowhere = await register('terminals', { id: 't2', storeId: 'nowhere' });
    expect(told(nowhere)).toBe('404 not-found');
  });

  test('a store of another issuer', async () => {
    await register('stores', { id: 'theirs', issuerId: other.issuerId }, other);
    const terminal = await register('terminals', { id: 't3', storeId: 'theirs' });
    expect(told(terminal)).toBe('404 not-found');
  });

  test('an issuer', async () => {
    const body = { issuerId: '424242', name: 'N' };
    expect(told(await service.root.post('/v1/stores', body))).toBe('404 not-found');
    const terminal = { ...body, storeId: 'main' };
    expect(told(await service.root.post('/v1/terminals', terminal))).toBe('404 not-found');
  });
});

test.each<['stores' | 'terminals', Fields, pointer: string]>([
  ['stores', { id: 'a b' }, '/id'],
  ['stores', { id: '' }, '/id'],
  ['stores', { id: 'x'.repeat(101) }, '/id'],
  ['stores', { id: 'café' }, '/id'],
  ['stores', { name: '' }, '/name'],
  ['stores', { name: 'x'.repeat(101) }, '/name'],
  ['stores', { issuerId: undefined }, '/issuerId'],
  ['stores', { issuerId: -1 }, '/issuerId'],
  ['stores', { address: 'x' }, '/address'],
  ['terminals', {}, '/storeId'],
  ['terminals', { storeId: 7 }, '/storeId'],
  ['terminals', { storeId: 'main', id: '../x' }, '/id'],
])('%s with %j', async (kind, fields, pointer) => {
  const answer = await register(kind, fields);
  expect(told(answer)).toBe('422 invalid-request');
  expect(answer.body.errors?.map((error) => error.pointer)).toContain(pointer);
});

test.each(['stores', 'terminals'])('%s of no issuer are not listed', async (kind) => {
  const answer = await service.root.get<Problem>(`/v1/${kind}`);
  expect(told(answer)).toBe('422 invalid-request');
  expect(answer.body.errors?.map((error) => error.pointer)).toEqual(['/query/issuerId']);
});
