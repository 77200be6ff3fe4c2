import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type BulkIssue,
  type BulkRefusal,
  csvOf,
  finished,
  issueToFile,
  issueToQuery,
  seedWallets,
} from '../../support/bulk.ts';
import { brokenInvariants } from '../../support/invariants.ts';
import { startTestService, type TestService } from '../../support/service.ts';
import { expectStatus, type Fields, type Merchant, World } from '../../support/world.ts';

let service: TestService;
let world: World;
let shop: Merchant;

beforeAll(async () => {
  service = await startTestService();
  world = new World(service);
  shop = await world.merchant();
});
afterAll(() => service.stop());

interface Page<Item> {
  readonly items: Item[];
  readonly nextCursor: string | null;
}

const unknownWallet = (n: number) => `wal_${String(n).padStart(26, '0')}`;

/** How many coupons of a class each wallet has. */
async function couponsOf(classId: string): Promise<Record<string, number>> {
  const rows = await service.sql<{ wallet_id: string; n: number }>(
    'select wallet_id, count(*)::int as n from coupons where class_id = $1 group by wallet_id',
    [classId],
  );
  return Object.fromEntries(rows.map(({ wallet_id, n }) => [wallet_id, n]));
}

const onceEach = (wallets: readonly string[]) => Object.fromEntries(wallets.map((id) => [id, 1]));

describe('a file of wallets', () => {
  test('gets each of 2,000 one coupon, in chunks, and tells how far it has come', async () => {
    const wallets = await seedWallets(service, shop.issuerId, 2000);
    const classId = await world.couponClass(shop, { stock: 5000, perMemberLimit: 5 });
    const made = await issueToFile(shop.client, classId, csvOf('walletId', wallets));
    const { id } = expectStatus(made, 202);
    expect(made.body).toMatchObject({
      classId,
      status: 'running',
      total: 2000,
      issued: 0,
      refused: 0,
    });
    expect(made.headers.get('location')).toBe(`/v1/bulk-issues/${id}`);
    const end = await finished(shop.client, id);
    expect(end).toMatchObject({ status: 'done', total: 2000, issued: 2000, refused: 0 });
    expect(await couponsOf(classId)).toEqual(onceEach(wallets));
    expect(await brokenInvariants(service.sql)).toEqual({});
  });

  test('may have quotes, CRLF, a byte order mark and wallets twice', async () => {
    const [a = '', b = '', c = ''] = await seedWallets(service, shop.issuerId, 3);
    const classId = await world.couponClass(shop, { perMemberLimit: 5 });
    const file = `\ufeff"walletId"\r\n${a}\r\n"${b}"\r\n${a}\r\n"${b}"\r\n${c}`;
    const headers = { 'Content-Type': 'text/csv; charset=UTF-8; header=present' };
    const { id, total } = expectStatus(await issueToFile(shop.client, classId, file, headers), 202);
    expect(total).toBe(3);
    expect(await finished(shop.client, id)).toMatchObject({ issued: 3, refused: 0 });
    expect(await couponsOf(classId)).toEqual(onceEach([a, b, c]));
  });

  test('counts a wallet once wherever it stands in a long one', async () => {
    const [one = ''] = await seedWallets(service, shop.issuerId, 1);
    const classId = await world.couponClass(shop, { perMemberLimit: 5 });
    const many = csvOf(
      'walletId',
      Array.from({ length: 9000 }, () => one),
    );
    const { id, total } = expectStatus(await issueToFile(shop.client, classId, many), 202);
    expect(total).toBe(1);
    await finished(shop.client, id);
    expect(await couponsOf(classId)).toEqual({ [one]: 1 });
  });

  test('of external ids finds the issuer’s own wallets, and for root the platform’s too', async () => {
    const own = await world.wallet(shop.client, { externalId: 'crm,1' });
    await world.wallet(service.root, { externalId: 'crm-2' });
    const other = await world.merchant();
    await world.wallet(other.client, { externalId: 'crm-3' });
    const platform = await world.wallet(service.root, { externalId: 'crm-4' });
    await world.wallet(service.root, { externalId: 'crm,1' });
    const classId = await world.couponClass(shop);
    const file = csvOf('externalId', ['"crm,1"', 'crm-2', 'crm-3', '券', 'crm-2', '券']);
    const { id } = expectStatus(await issueToFile(shop.client, classId, file), 202);
    const end = await finished(shop.client, id);
    expect(end).toMatchObject({ status: 'done', total: 4, issued: 1, refused: 3 });
    expect(await couponsOf(classId)).toEqual({ [own]: 1 });
    const refused = await shop.client.get<Page<BulkRefusal>>(`/v1/bulk-issues/${id}/refusals`);
    const unknown = (externalId: string) => ({
      walletId: null,
      externalId,
      claimId: null,
      reason: 'wallet-not-found',
    });
    expect(refused.body.items).toEqual(['crm-2', 'crm-3', '券'].map(unknown));

    const rootClass = await world.couponClass(shop);
    const byRoot = csvOf('externalId', ['crm-4', '"crm,1"', 'crm-3']);
    const rooted = expectStatus(await issueToFile(service.root, rootClass, byRoot), 202);
    expect(await finished(service.root, rooted.id)).toMatchObject({ issued: 2, refused: 1 });
    expect(await couponsOf(rootClass)).toEqual(onceEach([own, platform]));
  });

  test('with nothing but its header is done at once', async () => {
    const classId = await world.couponClass(shop);
    const made = expectStatus(await issueToFile(shop.client, classId, 'walletId\n'), 202);
    expect(made).toMatchObject({ status: 'done', total: 0, issued: 0, refused: 0 });
    expect(made.finishedAt).not.toBeNull();
  });

  test('sent again under its key is told what it was told, and made once', async () => {
    const wallets = await seedWallets(service, shop.issuerId, 10);
    const classId = await world.couponClass(shop, { perMemberLimit: 5 });
    const file = csvOf('walletId', wallets);
    const key = { 'Idempotency-Key': `bulk ${classId}` };
    const first = await issueToFile(shop.client, classId, file, key);
    expectStatus(first, 202);
    expect(first.headers.get('idempotent-replayed')).toBeNull();
    // In chunks as well as whole: only the bytes count.
    for (const body of [file, new Blob([file]).stream()]) {
      const again = await issueToFile(shop.client, classId, body, key);
      expect([again.status, again.text]).toEqual([202, first.text]);
      expect(again.headers.get('idempotent-replayed')).toBe('true');
      expect(again.headers.get('location')).toBe(first.headers.get('location'));
    }
    await finished(shop.client, first.body.id);
    expect(await couponsOf(classId)).toEqual(onceEach(wallets));
  });
});

describe('what is refused', () => {
  test('is told wallet by wallet, in pages, with the reason of the claim', async () => {
    const wallets = await seedWallets(service, shop.issuerId, 5);
    const classId = await world.couponClass(shop, { perMemberLimit: 1, stock: 3 });
    const [first = ''] = wallets;
    await world.coupon(shop, classId, first);
    const foreign = await world.wallet((await world.merchant()).client);
    const file = csvOf('walletId', [foreign, ...wallets, unknownWallet(1)]);
    const { id } = expectStatus(await issueToFile(shop.client, classId, file), 202);
    expect(await finished(shop.client, id)).toMatchObject({ total: 7, issued: 2, refused: 5 });

    const items: BulkRefusal[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const path: string = `/v1/bulk-issues/${id}/refusals?limit=2${cursor && `&cursor=${cursor}`}`;
      const { body } = await shop.client.get<Page<BulkRefusal>>(path);
      expect(body.items.length).toBeLessThanOrEqual(2);
      items.push(...body.items);
      cursor = body.nextCursor;
    }
    expect(items.map(({ walletId, reason }) => [walletId, reason])).toEqual([
      [foreign, 'wallet-not-found'],
      [first, 'member-limit-reached'],
      [wallets[3], 'sold-out'],
      [wallets[4], 'sold-out'],
      [unknownWallet(1), 'wallet-not-found'],
    ]);
    // The keeper is told whom it was about; each refusal is a claim like any other.
    expect(items.map(({ externalId }) => externalId?.slice(0, 7) ?? null)).toEqual([
      null,
      'member-',
      'member-',
      'member-',
      null,
    ]);
    const claimed = await shop.client.get(`/v1/claims/${items[1]?.claimId}`);
    expect(claimed.body).toMatchObject({ status: 'refused', refusal: 'member-limit-reached' });
    expect(await brokenInvariants(service.sql)).toEqual({});
  });

  test('is in the audit once, claim by claim, and by number where there is no wallet', async () => {
    const [wallet = ''] = await seedWallets(service, shop.issuerId, 1);
    const [row] = await service.sql<{ external_id: string }>(
      'select external_id from wallets where id = $1',
      [wallet],
    );
    const classId = await world.couponClass(shop);
    const file = csvOf('externalId', [row?.external_id ?? '', 'nobody-1', 'nobody-2']);
    const { id } = expectStatus(await issueToFile(shop.client, classId, file), 202);
    await finished(shop.client, id);
    const entries = await service.sql(
      `select action, outcome, coalesce(detail ->> 'count', '1')::int as count from audit_entries
        where detail ->> 'classId' = $1 and action in ('claim', 'bulk-issue.create') order by seq`,
      [classId],
    );
    expect(entries).toEqual([
      { action: 'bulk-issue.create', outcome: 'done', count: 3 },
      { action: 'claim', outcome: 'wallet-not-found', count: 2 },
      { action: 'claim', outcome: 'issued', count: 1 },
    ]);
  });
});

describe('a query', () => {
  let merchant: Merchant;
  let wallets: Record<'own' | 'plus' | 'member' | 'lapsed' | 'guest', string>;
  let memberClass: string;

  beforeAll(async () => {
    merchant = await world.merchant();
    const stranger = await world.merchant();
    memberClass = await world.passClass(merchant);
    wallets = {
      own: await world.wallet(merchant.client),
      plus: await world.wallet(merchant.client, { plus: true }),
      member: await world.wallet(merchant.client),
      lapsed: await world.wallet(merchant.client),
      guest: await world.wallet(),
    };
    await world.pass(merchant, memberClass, wallets.member);
    await world.pass(merchant, memberClass, wallets.guest);
    await world.pass(merchant, memberClass, wallets.lapsed, { state: 'EXPIRED' });
    // Not the issuer's: another's wallet, and one of the platform with a pass of another.
    await world.wallet(stranger.client, { plus: true });
    await world.pass(stranger, await world.passClass(stranger), await world.wallet());
  });

  const holders = async (query: Fields): Promise<string[]> => {
    const classId = await world.couponClass(merchant);
    const made = expectStatus(await issueToQuery(merchant.client, classId, query), 202);
    const end = await finished(merchant.client, made.id);
    expect(end).toMatchObject({ status: 'done', total: end.issued, refused: 0 });
    return Object.keys(await couponsOf(classId)).sort();
  };
  const named = (...names: (keyof typeof wallets)[]) => names.map((name) => wallets[name]).sort();

  test('that says nothing means all wallets of the issuer and those with its pass', async () => {
    expect(await holders({})).toEqual(named('own', 'plus', 'member', 'lapsed', 'guest'));
  });

  test('picks by an active pass', async () => {
    expect(await holders({ passClass: memberClass })).toEqual(named('member', 'guest'));
  });

  test('picks PLUS members', async () => {
    expect(await holders({ plus: true })).toEqual(named('plus'));
    expect(await holders({ plus: true, passClass: memberClass })).toEqual([]);
  });

  test('picks by a usable coupon', async () => {
    const other = await world.couponClass(merchant);
    const over = await world.couponClass(merchant);
    await world.coupon(merchant, other, wallets.own);
    await world.coupon(merchant, other, wallets.guest);
    await world.coupon(merchant, over, wallets.own);
    await service.sql('update coupons set expires_at = now() where class_id = $1', [over]);
    expect(await holders({ holdsCouponOf: other })).toEqual(named('own', 'guest'));
    expect(await holders({ holdsCouponOf: over })).toEqual([]);
    const both = { holdsCouponOf: other, passClass: memberClass };
    expect(await holders(both)).toEqual(named('guest'));
  });

  test('picks by age', async () => {
    const [row] = await service.sql<{ at: string }>(
      'select to_json(created_at) as at from wallets where id = $1',
      [wallets.member],
    );
    expect(await holders({ createdBefore: row?.at })).toEqual(named('own', 'plus'));
    expect(await holders({ createdBefore: '2020-01-01T00:00:00Z' })).toEqual([]);
  });

  test('sent again under its key is told what it was told', async () => {
    const classId = await world.couponClass(merchant);
    const key = { 'Idempotency-Key': `query ${classId}` };
    const first = await issueToQuery(merchant.client, classId, {}, key);
    const again = await issueToQuery(merchant.client, classId, {}, key);
    expect([again.status, again.text]).toEqual([202, first.text]);
    await finished(merchant.client, first.body.id);
    expect(Object.keys(await couponsOf(classId))).toHaveLength(5);
  });
});

describe('a job', () => {
  test('is listed with its class, in pages', async () => {
    const classId = await world.couponClass(shop);
    const ids: string[] = [];
    for (let n = 0; n < 3; n++) {
      ids.push(expectStatus(await issueToFile(shop.client, classId, 'walletId\n'), 202).id);
    }
    const path = `/v1/coupon-classes/${classId}/bulk-issues`;
    const first = await shop.client.get<Page<BulkIssue>>(`${path}?limit=2`);
    const rest = `${path}?limit=2&cursor=${first.body.nextCursor}`;
    const second = await shop.client.get<Page<BulkIssue>>(rest);
    const listed = [...first.body.items, ...second.body.items];
    expect(listed.map(({ id }) => id)).toEqual(ids);
    expect(second.body.nextCursor).toBeNull();
  });

  test('that is cancelled hands in no more, counts what was handed in, and stays so', async () => {
    const wallets = await seedWallets(service, shop.issuerId, 3000);
    const classId = await world.couponClass(shop, { stock: 5000, perMemberLimit: 5 });
    const file = csvOf('walletId', wallets);
    const { id } = expectStatus(await issueToFile(shop.client, classId, file), 202);
    const begun = async () =>
      (await service.sql('select from bulk_issues where id = $1 and position > 0', [id])).length;
    await expect.poll(begun, { timeout: 20_000, interval: 20 }).toBe(1);
    const cancellation = `/v1/bulk-issues/${id}/cancellation`;
    const answer = await shop.client.post<BulkIssue>(cancellation);
    expect(expectStatus(answer, 200).status).toBe('cancelled');
    const end = await finished(shop.client, id);
    expect(end).toMatchObject({ status: 'cancelled', total: 3000, refused: 0 });
    expect(end.issued).toBeGreaterThan(0);
    expect(end.issued).toBeLessThan(3000);
    expect(end.issued % 500).toBe(0);
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(Object.keys(await couponsOf(classId))).toHaveLength(end.issued);
    const again = await shop.client.post<BulkIssue>(cancellation);
    expect(expectStatus(again, 200)).toEqual(end);
    expect(await brokenInvariants(service.sql)).toEqual({});
  });

  test('that is done stays done', async () => {
    const wallets = await seedWallets(service, shop.issuerId, 3);
    const classId = await world.couponClass(shop);
    const file = csvOf('walletId', wallets);
    const { id } = expectStatus(await issueToFile(shop.client, classId, file), 202);
    const end = await finished(shop.client, id);
    const path = `/v1/bulk-issues/${id}/cancellation`;
    expect(expectStatus(await shop.client.post(path), 200)).toEqual(end);
  });

  test('of a class that is voided meanwhile refuses the rest', async () => {
    const wallets = await seedWallets(service, shop.issuerId, 2000);
    const classId = await world.couponClass(shop, { stock: 5000 });
    const file = csvOf('walletId', wallets);
    const { id } = expectStatus(await issueToFile(shop.client, classId, file), 202);
    expectStatus(await shop.client.post(`/v1/coupon-classes/${classId}/void`), 200);
    const end = await finished(shop.client, id);
    expect(end).toMatchObject({ status: 'done', issued: 2000 - end.refused });
    expect(end.refused).toBeGreaterThan(0);
    const refused = await shop.client.get<Page<BulkRefusal>>(`/v1/bulk-issues/${id}/refusals`);
    expect(refused.body.items[0]?.reason).toBe('coupon-class-voided');
  });
});
