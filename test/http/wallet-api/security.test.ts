import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type Answer,
  giveKey,
  ROOT_KEY,
  startWalletApi,
  type WalletApi,
} from '../../support/wallet-api.ts';
import { VERTICAL_BODIES } from '../../support/wallet-bodies.ts';

let api: WalletApi;
let owner: string;
let stranger: string;

beforeAll(async () => {
  api = await startWalletApi();
  owner = await api.issuer('1990');
  stranger = await api.issuer('77');
  for (const { vertical, classBody, objectBody } of VERTICAL_BODIES) {
    const classId = `1990.${vertical}`;
    await api.call('POST', `/${vertical}Class`, classBody(classId), { key: owner });
    const object = objectBody(`1990.o.${vertical}`, classId);
    await api.call('POST', `/${vertical}Object`, object, { key: owner });
  }
});
afterAll(() => api.stop());

type Call = [method: string, path: string, body: object | undefined];

const to = (method: string, path: string, body?: object): Call => [method, path, body];

/** Every call of this face on things of the issuer 1990, both there and not there. */
const CALLS: readonly Call[] = [
  to('GET', '/issuer/1990'),
  to('PUT', '/issuer/1990', { name: 'Taken over' }),
  to('PATCH', '/issuer/1990', { smartTapMerchantData: {} }),
  ...VERTICAL_BODIES.flatMap(({ vertical, classBody, objectBody }): Call[] => {
    const [classes, objects] = [`/${vertical}Class`, `/${vertical}Object`];
    const classId = `1990.${vertical}`;
    return [
      to('POST', classes, classBody('1990.stolen')),
      to('POST', objects, objectBody('1990.stolen.o', classId)),
      to('GET', `${classes}?issuerId=1990`),
      to('GET', `${objects}?classId=${classId}`),
      ...[classId, '1990.none'].flatMap((id): Call[] => [
        to('GET', `${classes}/${id}`),
        to('PUT', `${classes}/${id}`, classBody(id)),
        to('PATCH', `${classes}/${id}`, { enableSmartTap: true }),
      ]),
      ...[`1990.o.${vertical}`, '1990.o.none'].flatMap((id): Call[] => [
        to('GET', `${objects}/${id}`),
        to('PUT', `${objects}/${id}`, objectBody(id, classId)),
        to('PATCH', `${objects}/${id}`, { state: 'INACTIVE' }),
      ]),
    ];
  }),
];

function expectEnvelope(answer: Answer, code: number, status: string) {
  expect(answer.status).toBe(code);
  expect(answer.body.error).toMatchObject({ code, status });
  expect(answer.body.error.errors[0].domain).toBe('walletobjects');
}

describe("another issuer's things", () => {
  test.each(CALLS)('%s %s is denied, there or not', async (method, path, body) => {
    const answer = await api.call(method, path, body, { key: stranger });
    expectEnvelope(answer, 403, 'PERMISSION_DENIED');
    expect(answer.body.error.message).toBe('Permission denied');
  });

  test('are as they were', async () => {
    for (const { vertical } of VERTICAL_BODIES) {
      const read = await api.call('GET', `/${vertical}Class?issuerId=1990`, undefined, {
        key: owner,
      });
      expect(read.body.resources.map(({ id }: { id: string }) => id)).toEqual([`1990.${vertical}`]);
      expect(read.body.resources[0]).not.toHaveProperty('enableSmartTap');
      const object = await api.call('GET', `/${vertical}Object/1990.o.${vertical}`, undefined, {
        key: owner,
      });
      expect(object.body.state).toBe('ACTIVE');
    }
    const issuer = await api.call('GET', '/issuer/1990', undefined, { key: owner });
    expect(issuer.body).toEqual({ issuerId: '1990', name: 'Issuer 1990' });
  });

  test('do not show in lists', async () => {
    const { body } = await api.call('GET', '/issuer', undefined, { key: stranger });
    expect(body.resources.map(({ issuerId }: { issuerId: string }) => issuerId)).toEqual(['77']);
    const all = await api.call('GET', '/issuer');
    expect(all.body.resources.map(({ issuerId }: { issuerId: string }) => issuerId)).toEqual([
      '1990',
      '77',
    ]);
  });

  test("do not take an object of one's own, nor lend a link", async () => {
    await api.call('POST', '/genericClass', { id: '77.g' }, { key: stranger });
    const body = {
      cardTitle: { defaultValue: { value: 'a' } },
      header: { defaultValue: { value: 'a' } },
    };
    const foreignClass = { id: '77.o', classId: '1990.generic', ...body };
    expect((await api.call('POST', '/genericObject', foreignClass, { key: stranger })).status).toBe(
      400,
    );
    const foreignLink = {
      id: '77.o',
      classId: '77.g',
      linkedObjectIds: ['1990.o.generic'],
      ...body,
    };
    expect((await api.call('POST', '/genericObject', foreignLink, { key: stranger })).status).toBe(
      404,
    );
  });
});

describe('who is not known', () => {
  test.each(CALLS)('%s %s is not answered', async (method, path, body) => {
    for (const key of [null, 'tk_test_nobody', `${owner.slice(0, -1)}x`, `${ROOT_KEY}x`]) {
      const answer = await api.call(method, path, body, { key });
      expectEnvelope(answer, 401, 'UNAUTHENTICATED');
      expect(answer.headers.get('www-authenticate')).toBe('Bearer');
    }
  });

  test('hears of paths that are not there only that it is not known', async () => {
    expectEnvelope(
      await api.call('GET', '/nothing', undefined, { key: null }),
      401,
      'UNAUTHENTICATED',
    );
  });
});

describe('a key that lacks the scope', () => {
  test.each(CALLS)('%s %s is forbidden to it', async (method, path, body) => {
    const scopes =
      method === 'GET' ? ['wallets:write', 'coupon-classes:read'] : ['passes:read', 'issuers:read'];
    const answer = await api.call(method, path, body, {
      key: await giveKey(api.database, '1990', scopes),
    });
    expectEnvelope(answer, 403, 'PERMISSION_DENIED');
  });

  test('reads with a scope for writing', async () => {
    const key = await giveKey(api.database, '1990', ['passes:write', 'issuers:write']);
    expect((await api.call('GET', '/loyaltyClass/1990.loyalty', undefined, { key })).status).toBe(
      200,
    );
    expect((await api.call('GET', '/issuer/1990', undefined, { key })).status).toBe(200);
  });
});

test('only root makes issuers', async () => {
  const answer = await api.call('POST', '/issuer', { issuerId: '5', name: 'Mine' }, { key: owner });
  expectEnvelope(answer, 403, 'PERMISSION_DENIED');
  expect((await api.call('GET', '/issuer/5')).status).toBe(404);
});

test("a field that the server sets is not the client's to set", async () => {
  const put = { id: '1990.generic', issuerId: '77', version: '9', review: { comments: 'x' } };
  const { body } = await api.call('PUT', '/genericClass/1990.generic', put, { key: owner });
  expect(body).toEqual({ id: '1990.generic' });
});

test("names of JavaScript's own objects are names like any other", async () => {
  for (const name of ['__proto__', 'constructor', 'prototype', 'toString']) {
    const answer = await api.raw('PATCH', '/walletobjects/v1/genericClass/1990.generic', {
      headers: { Authorization: `Bearer ${owner}`, 'Content-Type': 'application/json' },
      body: `{"${name}":{"polluted":true}}`,
    });
    expectEnvelope(answer, 400, 'INVALID_ARGUMENT');
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  }
});

test('a fault is answered in the envelope and tells nothing of the inside', async () => {
  await api.database.transact((tx) =>
    tx.run(
      { name: 'test.break', text: 'alter table pass_classes rename to pass_classes_gone' },
      [],
    ),
  );
  const answer = await api.call('GET', '/loyaltyClass/1990.loyalty', undefined, { key: owner });
  await api.database.transact((tx) =>
    tx.run({ name: 'test.mend', text: 'alter table pass_classes_gone rename to pass_classes' }, []),
  );
  expectEnvelope(answer, 500, 'INTERNAL');
  expect(JSON.stringify(answer.body)).not.toContain('pass_classes');
});
