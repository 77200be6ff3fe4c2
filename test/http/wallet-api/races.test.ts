import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PassBody } from '../../../src/passes/model.ts';
import { findObject, updateObject } from '../../../src/passes/store.ts';
import { startWalletApi, type WalletApi } from '../../support/wallet-api.ts';
import { genericClass, loyaltyClass, passObject } from '../../support/wallet-bodies.ts';

let api: WalletApi;
let key: string;

beforeAll(async () => {
  api = await startWalletApi();
  key = await api.issuer('1990');
  await api.call('POST', '/loyaltyClass', loyaltyClass('1990.gold'), { key });
});
afterAll(() => api.stop());

const FIELDS = ['accountId', 'accountName', 'smartTapRedemptionValue'] as const;
type Patch = (id: string, body: PassBody) => Promise<unknown>;

const patchThroughApi: Patch = (id, body) =>
  api.call('PATCH', `/loyaltyObject/${id}`, body, { key });

/** The same without the lock: reads, merges and writes, each by itself. */
function patchNaively(allHaveRead: () => Promise<void>): Patch {
  return async (id, body) => {
    const current = await findObject(api.database.reads, id);
    await allHaveRead();
    if (current === null) throw new Error('the object is gone');
    const changed = { ...current, body: { ...current.body, ...body } };
    await api.database.transact((tx) => updateObject(tx, changed));
  };
}

/** Patches different fields of one object at once; gives how many of the patches are still there. */
async function survivors(round: string, patch: Patch): Promise<number> {
  const id = `1990.${round}`;
  await api.call('POST', '/loyaltyObject', passObject(id, '1990.gold'), { key });
  await Promise.all(FIELDS.map((field) => patch(id, { [field]: field })));
  const { body } = await api.call('GET', `/loyaltyObject/${id}`, undefined, { key });
  return FIELDS.filter((field) => body[field] === field).length;
}

test('patches of different fields at once all survive', async () => {
  for (let round = 0; round < 20; round++) {
    expect(await survivors(`real-${round}`, patchThroughApi)).toBe(FIELDS.length);
  }
});

test('its naive twin without the lock loses patches', async () => {
  let arrived = 0;
  let open = () => {};
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  const allHaveRead = () => {
    arrived += 1;
    if (arrived === FIELDS.length) open();
    return gate;
  };
  expect(await survivors('naive', patchNaively(allHaveRead))).toBe(1);
});

test.each([
  ['class', '/genericClass', genericClass('1990.one')],
  ['object', '/loyaltyObject', passObject('1990.one', '1990.gold')],
  ['issuer', '/issuer', { issuerId: '4242', name: 'One' }],
])('of 64 inserts of one %s at once exactly one is accepted', async (_kind, path, body) => {
  const insert = () => api.call('POST', path, body);
  const answers = await Promise.all(Array.from({ length: 64 }, insert));
  const count = (status: number) => answers.filter((answer) => answer.status === status).length;
  expect([count(200), count(409)]).toEqual([1, 63]);
});

test('one class id goes to one vertical, whoever comes first', async () => {
  const [generic, loyalty] = await Promise.all([
    api.call('POST', '/genericClass', genericClass('1990.both'), { key }),
    api.call('POST', '/loyaltyClass', loyaltyClass('1990.both'), { key }),
  ]);
  expect([generic.status, loyalty.status].sort()).toEqual([200, 409]);
});

test('one idempotency key used 20 times at once has one effect', async () => {
  const headers = { 'Idempotency-Key': 'at once' };
  const insert = () =>
    api.call('POST', '/genericClass', genericClass('1990.idem'), { key, headers });
  const answers = await Promise.all(Array.from({ length: 20 }, insert));
  expect(new Set(answers.map(({ status, body }) => `${status} ${JSON.stringify(body)}`)).size).toBe(
    1,
  );
  const first = answers.filter(({ headers }) => headers.get('idempotent-replayed') === null);
  expect(first.length).toBe(1);
});
