import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { deliverDue } from '../../src/notices/deliver.ts';
import { LARGEST_JITTER, RETRY_SECONDS } from '../../src/notices/delivery-rules.ts';
import { nextSecret } from '../../src/notices/endpoint-secret.ts';
import { logChannel } from '../../src/notices/log-channel.ts';
import type { NoticeChannels } from '../../src/notices/model.ts';
import { raiseDueNotices } from '../../src/notices/raise.ts';
import { webhookChannel } from '../../src/notices/webhook-channel.ts';
import { silentLog } from '../../src/platform/log.ts';
import { sealerOf } from '../../src/platform/sealing.ts';
import { type NoticeStage, openNoticeStage } from '../support/notice-stage.ts';
import { postHere, type Receiver, signersOf, startReceiver } from '../support/receiver.ts';
import { SEALER } from '../support/sealer.ts';

let stage: NoticeStage;
let receiver: Receiver;
let channels: NoticeChannels;

beforeAll(async () => {
  stage = await openNoticeStage();
});
beforeEach(async () => {
  receiver = await startReceiver();
  channels = webhookOnly();
});
afterEach(async () => {
  await receiver.close();
  for (const table of ['notice_deliveries', 'notices', 'webhook_endpoints', 'coupons']) {
    await stage.sql(`delete from ${table}`);
  }
});
afterAll(() => stage.close());

const webhookOnly = (timeoutMs = 2000): NoticeChannels => ({
  webhook: webhookChannel({
    reads: stage.database.reads,
    sealer: SEALER,
    post: postHere(timeoutMs),
  }),
});

const deliver = (chance = 0) => deliverDue(stage.database, channels, () => chance);

/** A notice that is due on every way; gives the coupon it is about. */
async function notice(how: NoticeChannels = channels): Promise<string> {
  const id = await stage.coupon(await stage.couponClass({ name: { en: 'Five off' } }), 20, {
    notice_due_at: new Date(Date.now() - 1000),
  });
  await raiseDueNotices(stage.database, how);
  return id;
}

interface Row extends Record<string, unknown> {
  readonly attempts: number;
  readonly waits: number;
  readonly state: 'open' | 'delivered' | 'given up';
  readonly last_error: string | null;
}

const rows = () =>
  stage.sql<Row>(
    `select attempts, extract(epoch from next_at - clock_timestamp())::float8 as waits, last_error,
            case when delivered_at is not null then 'delivered'
                 when given_up_at is not null then 'given up' else 'open' end as state
       from notice_deliveries where channel = 'webhook' order by id`,
  );
const row = async () => {
  const [first] = await rows();
  if (first === undefined) throw new Error('no delivery');
  return first;
};

/** Moves the clock on to the next attempt; gives how many seconds that is. */
async function toNextAttempt(): Promise<number> {
  const { waits } = await row();
  await stage.sql(`update notice_deliveries set next_at = clock_timestamp() - interval '1 ms'`);
  return waits;
}

describe('a webhook', () => {
  it('tells of a coupon in a signed message', async () => {
    const { id, secret } = await stage.endpoint(receiver.url);
    const couponId = await notice();
    expect(await deliver()).toBe(1);
    expect(await row()).toMatchObject({ attempts: 1, state: 'delivered', last_error: null });
    const [message] = receiver.received;
    if (message === undefined) throw new Error('nothing was received');
    const [told] = await stage.sql<{ id: string }>('select id from notices');
    expect(message.headers).toMatchObject({
      'content-type': 'application/json',
      'webhook-id': told?.id,
    });
    const age = Date.now() / 1000 - Number(message.headers['webhook-timestamp']);
    expect(Math.abs(age)).toBeLessThan(30);
    expect(signersOf(message, [secret])).toEqual([0]);
    expect(JSON.parse(message.body)).toEqual({
      type: 'coupon.expiring',
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      data: {
        couponId,
        classId: expect.any(String),
        walletId: stage.shop.walletId,
        name: { en: 'Five off' },
        expiresAt: expect.any(String),
        timeZone: 'Asia/Shanghai',
      },
    });
    expect(Buffer.byteLength(message.body)).toBeLessThan(20_000);
    expect(await deliver()).toBe(0);
    expect(receiver.received).toHaveLength(1);
    expect(id).toMatch(/^whk_/);
  });

  it('is tried ten times as published, with one id and one body, and then given up', async () => {
    const { secret } = await stage.endpoint(receiver.url);
    receiver.answers((response) => response.writeHead(500).end());
    await notice();
    let hours = 0;
    for (const seconds of RETRY_SECONDS) {
      expect(await deliver()).toBe(1);
      expect(await row()).toMatchObject({ state: 'open', last_error: 'status-500' });
      const waited = await toNextAttempt();
      expect(waited).toBeGreaterThan(seconds - 3);
      expect(waited).toBeLessThanOrEqual(seconds);
      hours += seconds / 3600;
    }
    expect(hours).toBeCloseTo(75 + 35 / 60 + 5 / 3600, 6);
    expect(await deliver()).toBe(1);
    expect(await row()).toMatchObject({ attempts: 10, state: 'given up' });
    await toNextAttempt();
    expect(await deliver()).toBe(0);
    const { received } = receiver;
    expect(received).toHaveLength(10);
    expect(new Set(received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    expect(new Set(received.map(({ body }) => body)).size).toBe(1);
    for (const message of received) expect(signersOf(message, [secret])).toEqual([0]);
  });

  it('comes back later by chance, never sooner', async () => {
    await stage.endpoint(receiver.url);
    receiver.answers((response) => response.writeHead(500).end());
    await notice();
    await deliver();
    await toNextAttempt();
    await deliver(1);
    const { waits } = await row();
    expect(waits).toBeGreaterThan(300 * (1 + LARGEST_JITTER) - 3);
    expect(waits).toBeLessThanOrEqual(300 * (1 + LARGEST_JITTER));
  });

  it('reaches a receiver that was away for a day, every one of many', async () => {
    await stage.endpoint(receiver.url);
    const count = 60;
    for (let n = 0; n < count; n++) await notice();
    receiver.answers((response) => response.writeHead(503).end());
    let hours = 0;
    while (hours < 24) {
      while ((await deliver()) > 0);
      hours += (await toNextAttempt()) / 3600;
    }
    receiver.answers((response) => response.writeHead(200).end());
    while ((await deliver()) > 0);
    const states = (await rows()).map(({ state }) => state);
    expect(states).toEqual(Array(count).fill('delivered'));
    expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(count);
  }, 60_000);

  it('that is answered with 410 ends the endpoint and all that waits for it', async () => {
    const { id } = await stage.endpoint(receiver.url);
    receiver.answers((response) => response.writeHead(500).end());
    await notice();
    await deliver();
    await notice();
    receiver.answers((response) => response.writeHead(410).end());
    await deliver();
    const [{ disabled } = { disabled: false }] = await stage.sql<{ disabled: boolean }>(
      'select disabled_at is not null as disabled from webhook_endpoints',
    );
    expect(disabled).toBe(true);
    await toNextAttempt();
    await deliver();
    expect((await rows()).map(({ state, last_error }) => `${state}: ${last_error}`)).toEqual([
      'given up: endpoint-gone',
      'given up: status-410',
    ]);
    expect(receiver.received).toHaveLength(2);
    await notice();
    expect(await rows()).toHaveLength(2);
    const audited = await stage.sql(
      `select actor, outcome, detail from audit_entries where action = 'webhook.disable'`,
    );
    const detail = { issuerId: stage.shop.issuerId, rule: 'status-410' };
    expect(audited).toEqual([{ actor: 'worker', outcome: 'disabled', detail }]);
    expect(id).toMatch(/^whk_/);
  });

  it.each([429, 503])('that is answered with %i waits as asked', async (status) => {
    await stage.endpoint(receiver.url);
    receiver.answers((response) => response.writeHead(status, { 'Retry-After': '120' }).end());
    await notice();
    await deliver();
    const asked = await row();
    expect(asked.waits).toBeGreaterThan(110);
    expect(asked.waits).toBeLessThanOrEqual(120);
    expect(await deliver()).toBe(0);
  });

  it.each([301, 302, 307, 308])('that is redirected with %i has failed', async (status) => {
    const other = await startReceiver();
    await stage.endpoint(receiver.url);
    receiver.answers((response) => response.writeHead(status, { Location: other.url }).end());
    await notice();
    await deliver();
    expect(await row()).toMatchObject({ state: 'open', last_error: `status-${status}` });
    expect(other.received).toEqual([]);
    await other.close();
  });

  it('that nobody answers has failed in time, and holds up no other', async () => {
    channels = webhookOnly(300);
    const silent = await startReceiver();
    silent.answers(() => {});
    await stage.endpoint(silent.url);
    await stage.endpoint(receiver.url);
    await notice();
    const begun = performance.now();
    expect(await deliver()).toBe(2);
    expect(performance.now() - begun).toBeLessThan(5000);
    const ends = (await rows()).map(({ state, last_error }) => [state, last_error]);
    expect(ends).toEqual([
      ['open', 'timeout'],
      ['delivered', null],
    ]);
    await silent.close();
  });

  it('is signed with both secrets while they are exchanged, each alone before and after', async () => {
    const { id, secret } = await stage.endpoint(receiver.url);
    const rotate = async (now: Date) => {
      const [kept] = await stage.sql<{ secret: string }>('select secret from webhook_endpoints');
      const next = await nextSecret(SEALER, { id, sealed: kept?.secret ?? '' }, now);
      await stage.sql('update webhook_endpoints set secret = $1', [next.sealed]);
      return next.secret;
    };
    await notice();
    await deliver();
    const second = await rotate(new Date());
    await notice();
    await deliver();
    const third = await rotate(new Date(Date.now() - 24 * 3_600_000 - 1000));
    await notice();
    await deliver();
    const secrets = [secret, second, third];
    expect(receiver.received.map((message) => signersOf(message, secrets))).toEqual([
      [0],
      [0, 1],
      [2],
    ]);
  });

  it('whose secret was put into the row of another endpoint is not sent', async () => {
    await stage.endpoint(receiver.url);
    const other = await stage.endpoint(receiver.url);
    await stage.sql(
      'update webhook_endpoints set secret = (select secret from webhook_endpoints where id = $1)',
      [other.id],
    );
    await notice();
    await deliver();
    expect((await rows()).map(({ last_error }) => last_error)).toEqual(['secret-unreadable', null]);
    expect(receiver.received).toHaveLength(1);
  });

  it('waits for a worker that has the key', async () => {
    await stage.endpoint(receiver.url);
    await notice();
    const sealer = sealerOf(new Uint8Array(32).fill(1));
    const { reads } = stage.database;
    channels = { webhook: webhookChannel({ reads, sealer, post: postHere() }) };
    await deliver();
    expect(await row()).toMatchObject({ state: 'open', last_error: 'secret-unreadable' });
    await toNextAttempt();
    channels = { log: logChannel(silentLog) };
    await deliver();
    expect(await row()).toMatchObject({ state: 'open', attempts: 1 });
    channels = webhookOnly();
    await deliver();
    expect(await row()).toMatchObject({ state: 'delivered', attempts: 2 });
  });

  it('that was removed is sent nowhere', async () => {
    await stage.endpoint(receiver.url);
    await notice();
    await stage.sql('delete from webhook_endpoints');
    await deliver();
    expect(await row()).toMatchObject({ state: 'given up', last_error: 'endpoint-gone' });
    expect(receiver.received).toEqual([]);
  });
});

describe('an attempt whose worker died', () => {
  it('is made again with the same id when its time is over', async () => {
    await stage.endpoint(receiver.url);
    await notice();
    const die: NoticeChannels = { webhook: { send: () => new Promise(() => {}) } };
    void deliverDue(stage.database, die);
    await expect.poll(async () => (await row()).attempts).toBe(1);
    expect(await deliver()).toBe(0);
    const { waits } = await row();
    expect(waits).toBeGreaterThan(50);
    await toNextAttempt();
    expect(await deliver()).toBe(1);
    expect(await row()).toMatchObject({ state: 'delivered', attempts: 2 });
    const [told] = await stage.sql<{ id: string }>('select id from notices');
    expect(receiver.received.map(({ headers }) => headers['webhook-id'])).toEqual([told?.id]);
  });

  it('that comes back after the next one has begun changes nothing for that', async () => {
    await stage.endpoint(receiver.url);
    await notice();
    let fail = () => {};
    const slow: NoticeChannels = {
      webhook: {
        send: () =>
          new Promise((resolve) => {
            fail = () =>
              resolve({
                delivered: false,
                reason: 'late',
                final: true,
                notBefore: null,
                endsTarget: false,
              });
          }),
      },
    };
    const late = deliverDue(stage.database, slow);
    await expect.poll(async () => (await row()).attempts).toBe(1);
    await toNextAttempt();
    receiver.answers((response) => response.writeHead(500).end());
    await deliver();
    fail();
    await late;
    expect(await row()).toMatchObject({ state: 'open', attempts: 2, last_error: 'status-500' });
  });

  it('for the last time is not made for ever', async () => {
    await stage.endpoint(receiver.url);
    await notice();
    await stage.sql('update notice_deliveries set attempts = 10');
    await deliver();
    expect(await row()).toMatchObject({ state: 'given up', last_error: 'outcome-unknown' });
    expect(receiver.received).toEqual([]);
  });
});
