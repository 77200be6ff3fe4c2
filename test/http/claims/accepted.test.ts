import { describe, expect, test } from 'vitest';
import { startTestService } from '../../support/service.ts';
import { openShop } from '../../support/shop.ts';
import { type Claim, claim, expectStatus, tap, World } from '../../support/world.ts';

const { service, world, shop } = await openShop();

/** Asks for a claim until a worker has decided it. */
async function decided(id: string): Promise<Claim> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const body = expectStatus(await shop.client.get<Claim>(`/v1/claims/${id}`), 200);
    if (body.status !== 'pending') return body;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('no worker decided the claim');
}

describe('while the caller waits', () => {
  test('a claim is issued with its coupon', async () => {
    const classId = await world.couponClass(shop);
    const walletId = await world.wallet();
    const begun = Date.now();
    const { status, body, headers } = await claim(shop.client, classId, { walletId });
    expect(status).toBe(201);
    expect(headers.get('location')).toBe(`/v1/claims/${body.id}`);
    expect(body).toEqual({
      id: expect.stringMatching(/^clm_[0-9a-z]{26}$/),
      classId,
      walletId,
      createdAt: expect.any(String),
      status: 'issued',
      coupon: {
        id: expect.stringMatching(/^cpn_[0-9a-z]{26}$/),
        classId,
        walletId,
        code: expect.stringMatching(/^[0-9A-Z]{26}$/),
        status: 'issued',
        availableAt: expect.any(String),
        expiresAt: expect.any(String),
        generation: 0,
        clonedFrom: null,
      },
    });
    const { availableAt = '', expiresAt = '' } = body.coupon ?? {};
    expect(Date.parse(availableAt)).toBeGreaterThan(begun - 2000);
    expect(Date.parse(expiresAt) - Date.parse(availableAt)).toBe(7 * 24 * 3_600_000);
    expect(await decided(body.id)).toEqual(body);
  });

  test.each(['wait=5', 'wait=99', 'respond-async, wait=5', 'wait=soon', 'handling=strict', ';;'])(
    'Prefer: %s',
    async (prefer) => {
      const walletId = await world.wallet();
      const classId = await world.couponClass(shop);
      const answer = await claim(shop.client, classId, { walletId }, { Prefer: prefer });
      expect(answer.status).toBe(201);
    },
  );

  test('as many as the class allows a member', async () => {
    const walletId = await world.wallet();
    const classId = await world.couponClass(shop, { perMemberLimit: 3 });
    const answers = await Promise.all(
      [1, 2, 3].map(() => claim(shop.client, classId, { walletId })),
    );
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201]);
    const codes = answers.map(({ body }) => body.coupon?.code);
    expect(new Set(codes).size).toBe(3);
  });
});

describe('without waiting', () => {
  test.each(['respond-async', 'wait=0', 'return=minimal, respond-async'])(
    'Prefer: %s is answered 202, and the claim is decided all the same',
    async (prefer) => {
      const classId = await world.couponClass(shop);
      const walletId = await world.wallet();
      const answer = await claim(shop.client, classId, { walletId }, { Prefer: prefer });
      const { status, body, headers } = answer;
      expect(status).toBe(202);
      const base = { id: body.id, classId, walletId, createdAt: body.createdAt };
      expect(body).toEqual({ ...base, status: 'pending' });
      expect(headers.get('location')).toBe(`/v1/claims/${body.id}`);
      expect(await decided(body.id)).toMatchObject({ ...base, status: 'issued' });
    },
  );

  test('the coupon that comes is in the wallet', async () => {
    const classId = await world.couponClass(shop);
    const walletId = await world.wallet();
    const headers = { Prefer: 'respond-async' };
    const { body } = await claim(shop.client, classId, { walletId }, headers);
    const { coupon } = await decided(body.id);
    const listed = await service.root.get(`/v1/wallets/${walletId}/coupons`);
    expect(listed.body).toEqual({ items: [coupon], nextCursor: null });
  });
});

describe('while no worker runs', () => {
  test('the wait runs out, 202, and a worker that comes later decides', async () => {
    const late = await startTestService({ workers: false });
    try {
      const here = new World(late);
      const merchant = await here.merchant();
      const classId = await here.couponClass(merchant);
      const walletId = await here.wallet();
      const begun = performance.now();
      const answer = await claim(merchant.client, classId, { walletId }, { Prefer: 'wait=1' });
      expect(answer.status).toBe(202);
      expect(answer.headers.get('location')).toBe(`/v1/claims/${answer.body.id}`);
      expect(performance.now() - begun).toBeGreaterThan(950);
      expect(performance.now() - begun).toBeLessThan(3000);
      const { body } = await merchant.client.get<Claim>(`/v1/claims/${answer.body.id}`);
      expect(body.status).toBe('pending');
    } finally {
      await late.stop();
    }
  });
});

describe('what a class asks of the member', () => {
  test('a tap at a terminal of its stores', async () => {
    await world.store(shop, 'harbour');
    const fields = { issueType: 'tap_claim', stores: ['harbour'] };
    const classId = await world.couponClass(shop, fields);
    const walletId = await world.wallet();
    const { token } = await world.present(walletId);
    const tapped = await tap(service.nobody, shop.terminal, token, { terminal: 'till-harbour' });
    const answer = await claim(shop.client, classId, { walletId, tapId: tapped.body.id });
    expect(answer.status).toBe(201);
  });

  test('an active pass of one of its classes', async () => {
    const gold = await world.passClass(shop);
    const silver = await world.passClass(shop);
    const walletId = await world.wallet();
    await world.pass(shop, silver, walletId);
    const classId = await world.couponClass(shop, { memberClasses: [gold, silver] });
    expect((await claim(shop.client, classId, { walletId })).status).toBe(201);
  });

  test('PLUS membership', async () => {
    const walletId = await world.wallet(service.root, { plus: true });
    const classId = await world.couponClass(shop, { plusOnly: true });
    expect((await claim(shop.client, classId, { walletId })).status).toBe(201);
  });
});

test('the counter of the class counts what was issued', async () => {
  const classId = await world.couponClass(shop, { stock: 2 });
  for (let n = 0; n < 3; n++) {
    await claim(shop.client, classId, { walletId: await world.wallet() });
  }
  const { body } = await shop.client.get(`/v1/coupon-classes/${classId}`);
  expect(body).toMatchObject({ stock: 2, stats: { claimed: 2, redeemed: 0, cloned: 0 } });
});
