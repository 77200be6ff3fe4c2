import { afterAll, beforeAll, expect, test } from 'vitest';
import { logChannel } from '../../../src/notices/log-channel.ts';
import { webhookChannel } from '../../../src/notices/webhook-channel.ts';
import { type Log, silentLog } from '../../../src/platform/log.ts';
import { postHere, type Receiver, signersOf, startReceiver } from '../../support/receiver.ts';
import { SEALER } from '../../support/sealer.ts';
import { startTestService, type TestService } from '../../support/service.ts';
import { expectStatus, type Merchant, World } from '../../support/world.ts';

let service: TestService;
let receiver: Receiver;
let world: World;
let shop: Merchant;
const logged: unknown[] = [];

beforeAll(async () => {
  receiver = await startReceiver();
  const log: Log = { ...silentLog, info: (event, facts) => logged.push({ event, ...facts }) };
  service = await startTestService({
    channels: ({ reads }) => ({
      log: logChannel(log),
      webhook: webhookChannel({ reads, sealer: SEALER, post: postHere() }),
    }),
  });
  world = new World(service);
  shop = await world.merchant();
});
afterAll(async () => {
  await service?.stop();
  await receiver?.close();
});

const told = (couponId: string) =>
  receiver.received.filter(({ body }) => JSON.parse(body).data.couponId === couponId);

/** An endpoint of the shop that leads to this machine, which the API itself refuses. */
async function endpointHere(): Promise<string> {
  const body = { issuerId: shop.issuerId, url: 'https://hooks.example.com/' };
  const made = await shop.client.post<{ id: string; secret: string }>('/v1/webhooks', body);
  const { id, secret } = expectStatus(made, 201);
  await service.sql('update webhook_endpoints set url = $2 where id = $1', [id, receiver.url]);
  return secret;
}

test('the issuer of a claimed coupon is told, signed, when it soon expires', async () => {
  const secret = await endpointHere();
  const walletId = await world.wallet(shop.client, { email: 'ana@example.com' });
  const soon = await world.couponClass(shop, { expiryNoticeDays: 30 });
  const later = await world.couponClass(shop, { expiryNoticeDays: 0 });
  const never = await world.couponClass(shop, { expiryNoticeDays: -1 });
  const coupon = await world.coupon(shop, soon, walletId);
  const quiet = [
    await world.coupon(shop, later, walletId),
    await world.coupon(shop, never, walletId),
  ];
  await expect.poll(() => told(coupon.id).length, { timeout: 20_000 }).toBe(1);
  const [message] = told(coupon.id);
  if (message === undefined) throw new Error('nothing was received');
  expect(signersOf(message, [secret])).toEqual([0]);
  expect(JSON.parse(message.body)).toMatchObject({
    type: 'coupon.expiring',
    data: { couponId: coupon.id, classId: soon, walletId, expiresAt: coupon.expiresAt },
  });
  expect(message.body).not.toContain('ana@example.com');
  expect(message.body).not.toContain(coupon.code);
  expect(logged).toContainEqual(expect.objectContaining({ event: 'notice', subject: coupon.id }));
  expect(quiet.flatMap(({ id }) => told(id))).toEqual([]);
  const due = await service.sql<{ due: boolean }>(
    'select notice_due_at is not null as due from coupons where id = any ($1) order by class_id',
    [quiet.map(({ id }) => id)],
  );
  expect(due.filter((row) => row.due)).toHaveLength(1);
});

test('a change of the days reaches coupons that were claimed before, once', async () => {
  await endpointHere();
  const walletId = await world.wallet(shop.client);
  const classId = await world.couponClass(shop, { expiryNoticeDays: -1, perMemberLimit: 3 });
  const coupons = [
    await world.coupon(shop, classId, walletId),
    await world.coupon(shop, classId, walletId),
  ];
  const path = `/v1/coupon-classes/${classId}`;
  expectStatus(await shop.client.patch(path, { expiryNoticeDays: 30 }), 200);
  for (const { id } of coupons) {
    // By then there are two endpoints.
    await expect.poll(() => told(id).length, { timeout: 20_000 }).toBe(2);
  }
  expectStatus(await shop.client.patch(path, { expiryNoticeDays: 20 }), 200);
  const owed = () => service.sql('select id from outbox where done_at is null');
  await expect.poll(owed, { timeout: 20_000 }).toEqual([]);
  const [counted] = await service.sql<{ count: number }>(
    'select count(*)::int as count from notices where subject = any ($1)',
    [coupons.map(({ id }) => id)],
  );
  expect(counted).toEqual({ count: 2 });
});
