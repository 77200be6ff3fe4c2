import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { csvOf, finished, issueToFile, seedWallets } from '../../support/bulk.ts';
import { startTestService, type TestService } from '../../support/service.ts';
import { type Client, told } from '../../support/service-client.ts';
import { type Coupon, expectStatus, type Merchant, redeem, World } from '../../support/world.ts';

let service: TestService;
let world: World;
let shop: Merchant;

beforeAll(async () => {
  service = await startTestService();
  world = new World(service);
  shop = await world.merchant();
});
afterAll(() => service.stop());

/** The rows of a file without quotes in it, by the names of its header. */
function rowsOf(text: string): Record<string, string>[] {
  const [header = '', ...lines] = text.split('\r\n').slice(0, -1);
  const names = header.split(',');
  return lines.map((line) => {
    const cells = line.split(',');
    return Object.fromEntries(names.map((name, place) => [name, cells[place] ?? '']));
  });
}

async function exported(client: Client, path: string) {
  const answer = await client.get(`/v1/coupon-classes/${path}`);
  expectStatus(answer, 200);
  return { ...answer, rows: rowsOf(answer.text) };
}

const COUPON_HEADER =
  'id,walletId,externalId,code,status,issuedAt,availableAt,expiresAt,generation,clonedFrom\r\n';
const CLAIM_HEADER = 'id,walletId,status,refusal,couponId,createdAt,decidedAt\r\n';

describe('the coupons of a class', () => {
  test('are a file with a line each, as the coupons are told elsewhere', async () => {
    const classId = await world.couponClass(shop, { cloneOnRedeem: { maxClones: 1 } });
    const own = await world.wallet(shop.client, { externalId: 'crm-1' });
    const guest = await world.wallet(service.root, { externalId: 'platform-1' });
    const first = await world.coupon(shop, classId, own);
    await world.coupon(shop, classId, guest);
    expectStatus(await redeem(shop, first.code), 201);
    const coupons = async (id: string) =>
      (await shop.client.get<{ items: Coupon[] }>(`/v1/wallets/${id}/coupons`)).body.items;
    await expect.poll(async () => (await coupons(own)).length).toBe(2);

    const file = await exported(shop.client, `${classId}/coupons.csv`);
    expect(file.headers.get('content-type')).toMatch(/^text\/csv; charset=UTF-8/);
    expect(file.headers.get('content-disposition')).toBe(
      `attachment; filename="coupons-${classId}.csv"`,
    );
    expect(file.text.startsWith(COUPON_HEADER)).toBe(true);
    const known = [...(await coupons(own)), ...(await coupons(guest))];
    const told = known.map(({ classId: _, ...coupon }) => ({
      ...coupon,
      generation: String(coupon.generation),
      clonedFrom: coupon.clonedFrom ?? '',
      // Who the platform's members are is not the issuer's business.
      externalId: coupon.walletId === own ? 'crm-1' : '',
      issuedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    }));
    expect(file.rows).toEqual(told.sort((a, b) => (a.id < b.id ? -1 : 1)));
    const rooted = await exported(service.root, `${classId}/coupons.csv`);
    expect(rooted.rows.map(({ externalId }) => externalId)).toContain('platform-1');
  });

  test('can be those of one status', async () => {
    const classId = await world.couponClass(shop, { perMemberLimit: 5 });
    const walletId = await world.wallet(shop.client);
    const [used, over, left] = [
      await world.coupon(shop, classId, walletId),
      await world.coupon(shop, classId, walletId),
      await world.coupon(shop, classId, walletId),
    ];
    expectStatus(await redeem(shop, used?.code ?? ''), 201);
    await service.sql('update coupons set expires_at = now() where id = $1', [over?.id]);
    for (const [status, coupon] of [
      ['redeemed', used],
      ['expired', over],
      ['issued', left],
    ] as const) {
      const { rows } = await exported(shop.client, `${classId}/coupons.csv?status=${status}`);
      expect(rows.map((row) => [row.id, row.status])).toEqual([[coupon?.id, status]]);
    }
    const none = await exported(shop.client, `${classId}/coupons.csv?status=voided`);
    expect(none.text).toBe(COUPON_HEADER);
  });

  test('run no formula in a spreadsheet, and keep commas and quotes', async () => {
    const classId = await world.couponClass(shop);
    const ids = ['=1+1', '+86 138', '-7', '@x', '\tx', 'a,"b"', '券'];
    for (const externalId of ids) {
      await world.coupon(shop, classId, await world.wallet(shop.client, { externalId }));
    }
    const { text } = await exported(shop.client, `${classId}/coupons.csv`);
    for (const shown of ["'=1+1", "'+86 138", "'-7", "'@x", "'\tx", '"a,""b"""', '券']) {
      expect(text).toContain(`,${shown},`);
    }
  });
});

describe('the claims of a class', () => {
  test('are a file with a line each that is decided, issued or refused', async () => {
    const classId = await world.couponClass(shop, { stock: 1 });
    const [first, second] = [await world.wallet(shop.client), await world.wallet(shop.client)];
    const { id: couponId } = await world.coupon(shop, classId, first);
    await shop.client.post(`/v1/coupon-classes/${classId}/claims`, { walletId: second });
    const { text, rows } = await exported(shop.client, `${classId}/claims.csv`);
    expect(text.startsWith(CLAIM_HEADER)).toBe(true);
    expect(rows).toMatchObject([
      { walletId: first, status: 'issued', refusal: '', couponId },
      { walletId: second, status: 'refused', refusal: 'sold-out', couponId: '' },
    ]);
    const refused = await exported(shop.client, `${classId}/claims.csv?status=refused`);
    expect(refused.rows).toEqual(rows.slice(1));
  });
});

describe('2,500 rows', () => {
  let classId: string;
  let wallets: string[];

  beforeAll(async () => {
    wallets = await seedWallets(service, shop.issuerId, 2500);
    classId = await world.couponClass(shop, { stock: 5000 });
    const made = await issueToFile(shop.client, classId, csvOf('walletId', wallets));
    await finished(shop.client, expectStatus(made, 202).id);
  }, 60_000);

  test('come over several pages, each once', async () => {
    for (const path of ['coupons.csv', 'claims.csv']) {
      const { rows } = await exported(shop.client, `${classId}/${path}`);
      expect(rows.map(({ walletId }) => walletId).sort()).toEqual([...wallets].sort());
      const ids = rows.map(({ id }) => id);
      expect(ids).toEqual([...new Set(ids)].sort());
    }
  });

  test('are asked for by their header alone', async () => {
    const answer = await shop.client.send('HEAD', `/v1/coupon-classes/${classId}/coupons.csv`);
    expect([told(answer), answer.text]).toEqual(['200', '']);
    expect(answer.headers.get('content-type')).toMatch(/^text\/csv/);
  });
});
