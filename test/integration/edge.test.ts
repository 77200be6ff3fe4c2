import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { relayFor, valuesOf, wireTerminal } from '../support/apdu-relay.ts';
import { killBackends } from '../support/backend-killer.ts';
import { type EdgeWorker, startEdgeWorker } from '../support/edge-worker.ts';
import { ORIGIN, ROOT_KEY, startTestService, type TestService } from '../support/service.ts';
import { clientOf, told } from '../support/service-client.ts';
import {
  type Claim,
  claim,
  expectStatus,
  type Merchant,
  newKeyPair,
  redeem,
  tap,
  World,
} from '../support/world.ts';

// The API runs in workerd; beside it, on Node, run the workers on the same PostgreSQL.
let node: TestService;
let edge: EdgeWorker;
let world: World;
let shop: Merchant;

const SETTINGS = { origin: ORIGIN, rootKey: ROOT_KEY };
const as = (key: string | null) => clientOf(edge.url, key);

beforeAll(async () => {
  node = await startTestService();
  edge = await startEdgeWorker({ ...SETTINGS, databaseUrl: node.databaseUrl });
  world = new World({ root: as(ROOT_KEY), as });
  shop = await world.merchant();
});
afterAll(async () => {
  await edge?.stop();
  await node?.stop();
});

describe('on workerd', () => {
  test('it is up and sees database and workers', async () => {
    expect((await as(null).get('/healthz')).status).toBe(200);
    const ready = await as(null).get('/readyz');
    expect([ready.status, ready.body]).toEqual([
      200,
      { status: 'ready', parts: { database: true, workers: true } },
    ]);
    expect((await as(null).get('/metrics')).status).toBe(404);
  });

  test('a tap that the terminal signed gets the pass', async () => {
    const walletId = await world.wallet();
    const objectId = await world.pass(shop, await world.passClass(shop), walletId);
    const { token } = await world.present(walletId);
    const { status, body } = await tap(as(null), shop.terminal, token);
    expect([status, body.outcome, body.passes.map((pass) => pass.objectId)]).toEqual([
      200,
      'transferred',
      [objectId],
    ]);
    expect(told(await tap(as(null), shop.terminal, token))).toBe('410 presentation-expired');
  });

  test('a terminal on the wire gets the pass, through Node and workerd by turns', async () => {
    const walletId = await world.wallet();
    const objectId = await world.pass(shop, await world.passClass(shop), walletId);
    const phone = relayFor([edge.url, node.urls[0] ?? ''], ROOT_KEY, walletId);
    const result = await (await wireTerminal(shop)).tap(phone.transceive);
    expect([result.status, ...valuesOf(result)]).toEqual(['passes', `value of ${objectId}`]);
  });

  test('a tap with the signature of another is refused', async () => {
    const { token } = await world.present(await world.wallet());
    const { privateKey } = await newKeyPair();
    const forged = await tap(as(null), { ...shop.terminal, privateKey }, token);
    expect(told(forged)).toBe('401 tap-not-authenticated');
    const unknown = await tap(as(null), { ...shop.terminal, keyVersion: 2 }, token);
    expect(told(unknown)).toBe('401 tap-not-authenticated');
    expect((await tap(as(null), shop.terminal, token)).status).toBe(200);
  });

  test('a claim is decided by the workers while the caller waits', async () => {
    const classId = await world.couponClass(shop, { cloneOnRedeem: { maxClones: 1 } });
    const walletId = await world.wallet();
    const key = { 'Idempotency-Key': `claim-${walletId}` };
    const first = await claim(shop.client, classId, { walletId }, key);
    expect(told(first)).toBe('201');
    const again = await claim(shop.client, classId, { walletId }, key);
    expect([again.status, again.text]).toEqual([201, first.text]);
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect(told(await claim(shop.client, classId, { walletId }))).toBe('409 member-limit-reached');

    const redeemed = await redeem(shop, first.body.coupon?.code ?? '');
    expect(redeemed.status).toBe(201);
    await expect
      .poll(async () => {
        const found = await shop.client.get<{ clone: unknown }>(
          `/v1/redemptions/${redeemed.body.id}`,
        );
        return expectStatus(found, 200).clone;
      })
      .not.toBeNull();
  });

  test('a claim that shall not wait is told as pending', async () => {
    const classId = await world.couponClass(shop);
    const walletId = await world.wallet();
    const body = { walletId };
    const pending = await claim(shop.client, classId, body, { Prefer: 'respond-async' });
    expect([pending.status, pending.body.status]).toEqual([202, 'pending']);
    const where = pending.headers.get('location') ?? '';
    await expect
      .poll(async () => (await shop.client.get<{ status: string }>(where)).body.status)
      .toBe('issued');
  });

  test('requests at the same time do not share a database', async () => {
    const classId = await world.couponClass(shop, { stock: 5 });
    const wallets = await Promise.all(Array.from({ length: 20 }, () => world.wallet()));
    const answers = await Promise.all(
      wallets.map((walletId) => claim(shop.client, classId, { walletId })),
    );
    const tally = answers.map(told).toSorted();
    expect(tally).toEqual([
      ...Array.from({ length: 5 }, () => '201'),
      ...Array.from({ length: 15 }, () => '409 sold-out'),
    ]);
  });

  test('every request is answered and done once while its backends are killed', async () => {
    const { databaseUrl } = node;
    const direct = await startEdgeWorker({ ...SETTINGS, databaseUrl, directly: true });
    const client = clientOf(direct.url, shop.apiKey);
    const classId = await world.couponClass(shop, { perMemberLimit: 1000 });
    const walletId = await world.wallet();
    const killer = await killBackends(databaseUrl, { like: 'tapline-edge', everyMs: 60 });
    const statuses: number[] = [];
    const end = Date.now() + 3000;
    const issued: (string | undefined)[] = [];
    const decided = async (claimed: Claim): Promise<Claim> => {
      let current = claimed;
      while (current.status === 'pending') {
        await new Promise((resolve) => setTimeout(resolve, 100));
        current = (await shop.client.get<Claim>(`/v1/claims/${claimed.id}`)).body;
      }
      return current;
    };
    const member = async () => {
      while (Date.now() < end) {
        const key = { 'Idempotency-Key': randomUUID() };
        let answer: Awaited<ReturnType<typeof claim>>;
        do {
          answer = await claim(client, classId, { walletId }, key);
          statuses.push(answer.status);
        } while (answer.status === 503);
        issued.push((await decided(answer.body)).coupon?.id);
      }
    };
    await Promise.all([1, 2, 3, 4, 5, 6].map(member)).finally(() => killer.stop());
    const kills = await killer.stop();
    await direct.stop();
    const rows = await node.sql<{ id: string }>('select id from coupons where class_id = $1', [
      classId,
    ]);
    console.log(`${statuses.length} answers, ${kills} kills, ${rows.length} coupons`);
    // 202: nobody rings for a worker here, and the wait for one may run out.
    expect(statuses.filter((status) => ![201, 202, 503].includes(status))).toEqual([]);
    expect(issued.toSorted()).toEqual(rows.map(({ id }) => id).toSorted());
    expect(kills).toBeGreaterThan(5);
  });

  test('a caller without a key, and one whose key is revoked, are refused at once', async () => {
    expect(told(await as(null).get('/v1/coupon-classes'))).toBe('401 unauthenticated');
    const key = await world.keyFor(shop.issuerId);
    expect((await as(key).get('/v1/coupon-classes')).status).toBe(200);
    const [, id] = /^tk_live_([^_]+)_/.exec(key) ?? [];
    expect((await as(ROOT_KEY).delete(`/v1/api-keys/${id}`)).status).toBe(204);
    expect(told(await as(key).get('/v1/coupon-classes'))).toBe('401 unauthenticated');
  });
});
