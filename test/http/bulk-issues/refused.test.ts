import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addListed } from '../../../src/bulk/list.ts';
import { cursorOf } from '../../../src/http/paging.ts';
import { ProblemError } from '../../../src/problems/answer.ts';
import {
  type BulkIssue,
  csvOf,
  finished,
  issueToFile,
  issueToQuery,
  seedWallets,
} from '../../support/bulk.ts';
import { startTestService, type TestService } from '../../support/service.ts';
import { type Answer, type Problem, told } from '../../support/service-client.ts';
import { expectStatus, type Merchant, World } from '../../support/world.ts';

let service: TestService;
let world: World;
let shop: Merchant;
let stranger: Merchant;
let classId: string;
let wallets: string[];

beforeAll(async () => {
  service = await startTestService();
  world = new World(service);
  shop = await world.merchant();
  stranger = await world.merchant();
  classId = await world.couponClass(shop, { perMemberLimit: 5 });
  wallets = await seedWallets(service, shop.issuerId, 20);
});
afterAll(() => service.stop());

const wrongPlaces = ({ body }: Answer) =>
  (body as Problem).errors?.map(({ pointer, message }) => `${pointer} ${message}`);
const file = () => csvOf('walletId', wallets);

/** Answers while nothing changes. */
async function withoutTrace(ask: () => Promise<Answer>): Promise<Answer> {
  const before = await service.everything();
  const answer = await ask();
  expect(await service.everything()).toEqual(before);
  return answer;
}

describe('a class', () => {
  test.each([
    ['a file', () => csvOf('walletId', wallets)],
    ['a query', () => null],
  ])(
    'that is not for this is not issued to %s, and a retry is told the same',
    async (_what, csv) => {
      const tapped = await world.couponClass(shop, { issueType: 'tap_claim' });
      const voided = await world.couponClass(shop);
      expectStatus(await shop.client.post(`/v1/coupon-classes/${voided}/void`), 200);
      for (const [id, refusal] of [
        [tapped, '409 bulk-needs-manual-class'],
        [voided, '409 coupon-class-voided'],
      ] as const) {
        const key = { 'Idempotency-Key': `refused ${id}` };
        const ask = () => {
          const list = csv();
          return list === null
            ? issueToQuery(shop.client, id, {}, key)
            : issueToFile(shop.client, id, list, key);
        };
        const first = await ask();
        expect(told(first)).toBe(refusal);
        const again = await ask();
        expect([again.status, again.text]).toEqual([409, first.text]);
        expect(again.headers.get('idempotent-replayed')).toBe('true');
      }
    },
  );

  test.each([
    ['of another issuer', () => classId],
    ['that is not there', () => `${stranger.issuerId}.gone`],
    ['whose id is none', () => 'x'],
  ])('%s is not found', async (_what, id) => {
    const { client } = stranger;
    expect(told(await withoutTrace(() => issueToFile(client, id(), file())))).toBe('404 not-found');
    expect(told(await withoutTrace(() => issueToQuery(client, id(), {})))).toBe('404 not-found');
    const list = await client.get(`/v1/coupon-classes/${id()}/bulk-issues`);
    expect(told(list)).toBe('404 not-found');
  });
});

describe('a caller', () => {
  test('without a key, or whose key may not', async () => {
    const reader = service.as(await world.keyFor(shop.issuerId, ['bulk-issues:read']));
    for (const [client, refusal] of [
      [service.nobody, '401 unauthenticated'],
      [service.as('tk_live_x_y'), '401 unauthenticated'],
      [reader, '403 forbidden'],
    ] as const) {
      const answer = await withoutTrace(() => issueToFile(client, classId, file()));
      expect(told(answer)).toBe(refusal);
    }
  });

  test('finds no job of another issuer', async () => {
    const { id } = expectStatus(await issueToFile(shop.client, classId, 'walletId\n'), 202);
    const one = `/v1/bulk-issues/${id}`;
    const answers = [
      await stranger.client.get(one),
      await stranger.client.get(`${one}/refusals`),
      await withoutTrace(() => stranger.client.post(`${one}/cancellation`)),
      await shop.client.get('/v1/bulk-issues/blk_00000000000000000000000000'),
    ];
    for (const answer of answers) expect(told(answer)).toBe('404 not-found');
  });

  test('is told of a cursor that is none', async () => {
    const { id } = expectStatus(await issueToFile(shop.client, classId, 'walletId\n'), 202);
    for (const key of ['x', '-1', '1e3', '99999999999']) {
      const cursor = cursorOf(key, 'bulk-issue-refusals');
      const answer = await shop.client.get(`/v1/bulk-issues/${id}/refusals?cursor=${cursor}`);
      expect(told(answer)).toBe('422 invalid-request');
    }
  });
});

describe('a file', () => {
  const wallet = 'wal_01jd8q6y0v5f3t9n2k4c7h1mbx';
  const long = 'x'.repeat(201);

  test.each<[what: string, csv: string | Uint8Array, wrong: string]>([
    ['with nothing in it', '', '/lines/1 must be the header walletId or externalId'],
    ['without a header', wallet, '/lines/1 must be the header walletId or externalId'],
    ['with an unknown header', 'id\n', '/lines/1 must be the header walletId or externalId'],
    ['with an empty header', `\n${wallet}`, '/lines/1 must be the header walletId or externalId'],
    ['with two columns', `walletId,x\n`, '/lines/1 has more than one column'],
    [
      'with a cell too many',
      `walletId\n${wallet}\n${wallet},x\n`,
      '/lines/3 has more than one column',
    ],
    ['with an id that is none', `walletId\n${wallet}\nwal_1\n`, '/lines/3 must be an id wal_…'],
    ['with an empty line', `walletId\n\n${wallet}\n`, '/lines/2 must be an id wal_…'],
    ['with two line ends at the end', `walletId\n${wallet}\n\n`, '/lines/3 must be an id wal_…'],
    ['with a space', `walletId\n ${wallet}\n`, '/lines/2 must be an id wal_…'],
    ['with an empty external id', 'externalId\n""\n', '/lines/2 is empty'],
    ['with a long external id', `externalId\n${long}\n`, '/lines/2 is longer than 200 characters'],
    ['with a NUL', 'externalId\na\u0000b\n', '/lines/2 holds a NUL'],
    ['with a quote left open', `walletId\n"${wallet}\n`, '/lines/2 a quote is never closed'],
    [
      'that is not UTF-8',
      new Uint8Array([...new TextEncoder().encode('externalId\na\n'), 0xff, 0x0a]),
      '/lines/3 is not valid UTF-8',
    ],
  ])('%s is refused and leaves nothing', async (_what, csv, wrong) => {
    const key = { 'Idempotency-Key': 'wrong' };
    const answer = await withoutTrace(() =>
      issueToFile(shop.client, classId, csv as BodyInit, key),
    );
    expect(told(answer)).toBe('422 invalid-request');
    expect(wrongPlaces(answer)).toEqual([wrong]);
  });

  test('that goes wrong late is refused by its line, and leaves nothing', async () => {
    const many = Array.from({ length: 7000 }, (_, n) => `"member ${n}"`);
    const csv = csvOf('externalId', [...many, 'a,b']);
    for (const body of [csv, new Blob([csv]).stream()]) {
      const answer = await withoutTrace(() => issueToFile(shop.client, classId, body));
      expect(wrongPlaces(answer)).toEqual(['/lines/7002 has more than one column']);
    }
  });

  test.each(['text/plain', 'text/csvx', 'application/csv', 'text/csv; charset=gbk'])(
    'of the type %s is refused',
    async (type) => {
      const headers = { 'Content-Type': type };
      const answer = await withoutTrace(() => issueToFile(shop.client, classId, file(), headers));
      expect(told(answer)).toBe('415 unsupported-media-type');
    },
  );

  test('of more wallets than a job takes is refused by its line', async () => {
    const bytes = [new TextEncoder().encode(file())];
    const csv = (async function* () {
      yield* bytes;
    })();
    const target = { bulkId: 'blk_x', keeper: { issuerId: '1', platformToo: false }, most: 19 };
    const adding = service.database.transact(async (tx) => {
      await tx.query.execute(
        `insert into bulk_issues (id, issuer_id, class_id, actor, request_id, status, total)
         values ('blk_x', '1', '1.x', 'root', 'req', 'running', 0)`,
      );
      return addListed(tx, target, csv);
    });
    const error = await adding.catch((thrown: unknown) => thrown);
    expect((error as ProblemError).extras.errors).toEqual([
      { pointer: '/lines/21', message: 'comes after more than 19 wallets' },
    ]);
    expect(error).toBeInstanceOf(ProblemError);
  });

  test('that says it is larger than 100 MB is refused before it comes', async () => {
    const headers = { 'Content-Type': 'text/csv', 'Content-Length': 100 * 1024 * 1024 + 1 };
    const { sent, status } = upload(headers);
    sent.flushHeaders();
    expect(await status).toBe(413);
    sent.destroy();
  });

  test('that breaks off in the middle leaves nothing', async () => {
    const before = await service.everything();
    const { sent, status } = upload({ 'Content-Type': 'text/csv' });
    status.catch(() => {});
    sent.write(file());
    const uploading = () =>
      service.sql(`select from pg_stat_activity where datname = current_database()
                      and application_name = 'tapline-api' and state = 'idle in transaction'`);
    await expect.poll(async () => (await uploading()).length, { timeout: 10_000 }).toBe(1);
    sent.destroy();
    await expect.poll(async () => (await uploading()).length, { timeout: 10_000 }).toBe(0);
    expect(await service.everything()).toEqual(before);
  });

  /** An upload whose body the test sends by hand. */
  function upload(headers: Readonly<Record<string, string | number>>) {
    const url = `${service.urls[0]}/v1/coupon-classes/${classId}/bulk-issues`;
    const authorization = `Bearer ${shop.apiKey}`;
    const sent = request(url, { method: 'POST', headers: { ...headers, authorization } });
    const status = new Promise<number | undefined>((resolve, reject) => {
      sent.on('response', (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      sent.on('error', reject);
    });
    return { sent, status };
  }
});

describe('an idempotency key', () => {
  test('that came with another file or query is refused', async () => {
    const key = { 'Idempotency-Key': 'one file' };
    const { id } = expectStatus(await issueToFile(shop.client, classId, file(), key), 202);
    await finished(shop.client, id);
    const others = [
      () => issueToFile(shop.client, classId, csvOf('walletId', wallets.slice(1)), key),
      () => issueToFile(shop.client, classId, `${file()}\n`, key),
      () => issueToQuery(shop.client, classId, {}, key),
    ];
    for (const ask of others) {
      expect(told(await withoutTrace(ask))).toBe('422 idempotency-key-reused');
    }
  });

  test('that is none is refused', async () => {
    const key = { 'Idempotency-Key': 'x'.repeat(256) };
    const answer = await withoutTrace(() => issueToFile(shop.client, classId, file(), key));
    expect(told(answer)).toBe('400 idempotency-key-invalid');
  });

  test('makes one job of a file that is sent five times at once', async () => {
    const once = await world.couponClass(shop, { perMemberLimit: 100 });
    const key = { 'Idempotency-Key': 'five times' };
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => issueToFile(shop.client, once, file(), key)),
    );
    for (const answer of answers) expect(['202', '503 overloaded']).toContain(told(answer));
    const made = answers.filter(({ status }) => status === 202);
    expect(made.length).toBeGreaterThan(0);
    expect(new Set(made.map(({ body }) => body.id)).size).toBe(1);
    await finished(shop.client, made[0]?.body.id ?? '');
    const path = `/v1/coupon-classes/${once}/bulk-issues`;
    const { body } = await shop.client.get<{ items: BulkIssue[] }>(path);
    expect(body.items.map(({ issued }) => issued)).toEqual([wallets.length]);
  });
});

describe('a query', () => {
  test.each<[what: string, query: () => unknown, pointer: string]>([
    ['that is missing', () => undefined, '/query'],
    ['with an unknown field', () => ({ colour: 'red' }), '/query/colour'],
    ['for who is not PLUS', () => ({ plus: false }), '/query/plus'],
    ['with a time that is none', () => ({ createdBefore: 'yesterday' }), '/query/createdBefore'],
    ['with an id that is none', () => ({ passClass: 'x' }), '/query/passClass'],
    [
      'with a pass class that is not there',
      () => ({ passClass: `${shop.issuerId}.gone` }),
      '/query/passClass',
    ],
    ['with a coupon class for a pass class', () => ({ passClass: classId }), '/query/passClass'],
    [
      'with a coupon class that is not there',
      () => ({ holdsCouponOf: `${shop.issuerId}.gone` }),
      '/query/holdsCouponOf',
    ],
  ])('%s', async (_what, query, pointer) => {
    const path = `/v1/coupon-classes/${classId}/bulk-issues`;
    const answer = await withoutTrace(() => shop.client.post(path, { query: query() }));
    expect(told(answer)).toBe('422 invalid-request');
    const pointers = (answer.body as Problem).errors?.map((error) => error.pointer);
    expect([...new Set(pointers)]).toEqual([pointer]);
  });

  test('about the classes of another issuer', async () => {
    const passClass = await world.passClass(stranger);
    const holdsCouponOf = await world.couponClass(stranger);
    for (const query of [{ passClass }, { holdsCouponOf }]) {
      const answer = await withoutTrace(() => issueToQuery(shop.client, classId, query));
      expect(told(answer)).toBe('422 invalid-request');
    }
  });
});
