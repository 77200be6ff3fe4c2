import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startWalletApi, type WalletApi } from '../../support/wallet-api.ts';
import { genericClass, genericObject } from '../../support/wallet-bodies.ts';

let api: WalletApi;
let key: string;

const IDS = Array.from({ length: 25 }, (_, index) => `1990.c${String(index).padStart(2, '0')}`);

beforeAll(async () => {
  api = await startWalletApi();
  key = await api.issuer('1990');
  for (const id of [...IDS].reverse())
    await api.call('POST', '/genericClass', genericClass(id), { key });
  for (const id of IDS) {
    await api.call('POST', '/genericObject', genericObject(`${id}.o`, '1990.c00'), { key });
  }
});
afterAll(() => api.stop());

const get = (path: string) => api.call('GET', path, undefined, { key });
const idsOf = ({ resources }: { resources: { id: string }[] }) => resources.map(({ id }) => id);

/** The ids of every page, page by page. */
async function pages(path: string, maxResults: number): Promise<string[][]> {
  const read: string[][] = [];
  for (let token = ''; read.length < 100; ) {
    const { body } = await get(`${path}&maxResults=${maxResults}${token && `&token=${token}`}`);
    read.push(idsOf(body));
    expect(body.pagination).toMatchObject({
      kind: 'walletobjects#pagination',
      resultsPerPage: body.resources.length,
    });
    if (!body.pagination.nextPageToken) return read;
    token = body.pagination.nextPageToken;
  }
  throw new Error('the pages do not end');
}

describe.each([
  ['classes', '/genericClass?issuerId=1990', IDS],
  ['objects', '/genericObject?classId=1990.c00', IDS.map((id) => `${id}.o`)],
])('a list of %s', (_name, path, ids) => {
  test('comes whole without maxResults, and without a token', async () => {
    const { status, body } = await get(path);
    expect(status).toBe(200);
    expect(idsOf(body)).toEqual(ids);
    expect(body.pagination).toEqual({ kind: 'walletobjects#pagination', resultsPerPage: 25 });
  });

  test.each([1, 7, 24, 25, 26])('in pages of %i every one comes once', async (size) => {
    const read = await pages(path, size);
    expect(read.flat()).toEqual(ids);
    expect(read.length).toBe(Math.ceil(25 / size));
  });

  test('a page holds its place while others are inserted before it', async () => {
    const { body } = await get(`${path}&maxResults=5`);
    const extra = path.startsWith('/genericClass')
      ? ['/genericClass', genericClass('1990.c00a')]
      : ['/genericObject', genericObject('1990.c00.oa', '1990.c00')];
    await api.call('POST', String(extra[0]), extra[1], { key });
    const next = await get(`${path}&maxResults=5&token=${body.pagination.nextPageToken}`);
    expect(idsOf(next.body)).toEqual(ids.slice(5, 10));
  });
});

test('an empty list is empty and has no token', async () => {
  const { body } = await get('/loyaltyClass?issuerId=1990&maxResults=5');
  expect(body).toEqual({
    resources: [],
    pagination: { kind: 'walletobjects#pagination', resultsPerPage: 0 },
  });
});

test('a token goes on with its own list only', async () => {
  const { body } = await get('/genericClass?issuerId=1990&maxResults=5');
  const token = body.pagination.nextPageToken;
  expect((await get(`/genericClass?issuerId=1990&token=${token}`)).status).toBe(200);
  for (const path of ['/genericObject?classId=1990.c00', '/loyaltyClass?issuerId=1990']) {
    const other = await get(`${path}&token=${token}`);
    expect(other.status).toBe(400);
    expect(other.body.error.message).toContain("Invalid value at 'token'");
  }
});

test('every answer says its charset, as Google’s do', async () => {
  for (const path of ['/issuer', '/issuer/1990', '/genericClass/1990.c00', '/nothing']) {
    const { headers } = await get(path);
    expect(headers.get('content-type')).toBe('application/json; charset=UTF-8');
  }
});

test.each([
  ['/genericClass', "Invalid value at 'issuerId'"],
  ['/genericObject', "Invalid value at 'classId'"],
  ['/genericClass?issuerId=abc', 'Invalid resource ID: abc'],
  ['/genericObject?classId=abc', 'Invalid resource ID: abc'],
  ['/genericClass?issuerId=1990&maxResults=-1', "Invalid value at 'maxResults'"],
  ['/genericClass?issuerId=1990&maxResults=x', "Invalid value at 'maxResults'"],
  ['/genericClass?issuerId=1990&token=x', "Invalid value at 'token'"],
  ['/genericClass?issuerId=1990&token=MTIzNA', "Invalid value at 'token'"],
  ['/genericClass?issuerId=1990&token=MDoxOTkwLmMwMA', "Invalid value at 'token'"],
])('%s is refused', async (path, message) => {
  const { status, body } = await get(path);
  expect(status).toBe(400);
  expect(body.error.message).toContain(message);
});

test('the objects of a class that is not there are not found', async () => {
  const { status, body } = await get('/genericObject?classId=1990.nothing');
  expect(status).toBe(404);
  expect(body.error.message).toBe('Wallet Object Class 1990.nothing not found.');
});
