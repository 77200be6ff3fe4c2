import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestService, type TestService } from '../../support/service.ts';
import { told } from '../../support/service-client.ts';
import { type Merchant, World } from '../../support/world.ts';

let service: TestService;
let shop: Merchant;

beforeAll(async () => {
  service = await startTestService({ workers: false });
  shop = await new World(service).merchant();
});
afterAll(() => service.stop());

describe('a query for entries that is wrong', () => {
  test.each([
    'after=-1',
    'after=1.5',
    'after=x',
    'after=9007199254740993',
    'subject=',
    `subject=${'x'.repeat(301)}`,
    'action=',
    `action=${'x'.repeat(101)}`,
    'limit=201',
    'cursor=x',
    // A cursor of this list that names no number, and one of another list.
    `cursor=${Buffer.from('audit:x').toString('base64url')}`,
    `cursor=${Buffer.from('audit:-1').toString('base64url')}`,
    `cursor=${Buffer.from('stores:7').toString('base64url')}`,
  ])('%s', async (query) => {
    const answer = await shop.client.get(`/v1/audit/entries?${query}`);
    expect(told(answer)).toBe('422 invalid-request');
  });
});

test('what may be no subject finds nothing', async () => {
  for (const subject of ["' or true --", '%25', '😀', 'x'.repeat(300)]) {
    const answer = await shop.client.get(`/v1/audit/entries?subject=${subject}`);
    expect(answer).toMatchObject({ status: 200, body: { items: [], nextCursor: null } });
  }
});

test('nothing can be written there', async () => {
  for (const path of ['/v1/audit/entries', '/v1/audit/head']) {
    for (const method of ['POST', 'PATCH', 'PUT', 'DELETE']) {
      expect((await service.root.send(method, path)).status).toBe(405);
    }
  }
});
