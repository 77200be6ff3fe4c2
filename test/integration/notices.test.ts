import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { expireDueCoupons } from '../../src/coupons/expire.ts';
import { noticeDue } from '../../src/coupons/notice-due.ts';
import { rescheduleNotices } from '../../src/coupons/reschedule-notices.ts';
import { logChannel } from '../../src/notices/log-channel.ts';
import type { NoticeChannels } from '../../src/notices/model.ts';
import { NOTICE_BATCH, raiseDueNotices } from '../../src/notices/raise.ts';
import { RESCHEDULE_BATCH, rescheduleCoupons } from '../../src/notices/reschedule.ts';
import { silentLog } from '../../src/platform/log.ts';
import { noMetrics } from '../../src/platform/metrics.ts';
import type { WorkerContext } from '../../workers/context.ts';
import { couponsExpire } from '../../workers/coupons-expire.ts';
import { noticesRaise } from '../../workers/notices-raise.ts';
import { type NoticeStage, openNoticeStage } from '../support/notice-stage.ts';

let stage: NoticeStage;
beforeAll(async () => {
  stage = await openNoticeStage();
});
afterEach(async () => {
  await stage.sql('delete from notice_deliveries');
  await stage.sql('delete from notices');
  await stage.sql('delete from webhook_endpoints');
  await stage.sql('delete from outbox');
  await stage.sql('delete from coupons');
  await stage.sql('update wallets set email = null');
});
afterAll(() => stage.close());

const LOG: NoticeChannels = { log: logChannel(silentLog) };
const WITH_MAIL: NoticeChannels = { ...LOG, smtp: logChannel(silentLog) };
const DUE = { notice_due_at: new Date(Date.now() - 60_000) };

const context = (): WorkerContext => {
  return { database: stage.database, log: silentLog, metrics: noMetrics, channels: LOG };
};
const raise = (channels = LOG) => raiseDueNotices(stage.database, channels);
const notices = () => stage.sql('select kind, subject, issuer_id, body from notices order by seq');
const deliveries = () =>
  stage.sql('select channel, target, attempts from notice_deliveries order by id');
const couponRow = async (id: string) => {
  const [row] = await stage.sql<{ notice_due_at: Date | null; noticed_at: Date | null }>(
    'select notice_due_at, noticed_at from coupons where id = $1',
    [id],
  );
  return { dueAt: row?.notice_due_at ?? null, noticed: row?.noticed_at != null };
};

describe('a coupon whose notice is due', () => {
  it('is told of once, with what its receiver needs and no more', async () => {
    const classId = await stage.couponClass({ name: { en: 'Five off', 'zh-CN': '立减五元' } });
    const id = await stage.coupon(classId, 20, DUE);
    const [{ expires_at } = {}] = await stage.sql<{ expires_at: Date }>(
      'select expires_at from coupons',
    );
    expect(await raise()).toEqual({ seen: 1, told: 1 });
    expect(await notices()).toEqual([
      {
        kind: 'coupon-expiring',
        subject: id,
        issuer_id: stage.shop.issuerId,
        body: {
          couponId: id,
          classId,
          walletId: stage.shop.walletId,
          name: { en: 'Five off', 'zh-CN': '立减五元' },
          expiresAt: expires_at?.toISOString(),
          timeZone: 'Asia/Shanghai',
        },
      },
    ]);
    expect(await couponRow(id)).toEqual({ dueAt: null, noticed: true });
    expect(await raise()).toEqual({ seen: 0, told: 0 });
  });

  it('is told of on every way: the log, each endpoint in use, and mail where there is any', async () => {
    const [one, two] = [
      await stage.endpoint('https://a.test'),
      await stage.endpoint('https://b.test'),
    ];
    const gone = await stage.endpoint('https://c.test');
    await stage.sql('update webhook_endpoints set disabled_at = now() where id = $1', [gone.id]);
    const classId = await stage.couponClass();
    await stage.coupon(classId, 20, DUE);
    await raise(WITH_MAIL);
    const ways = [
      { channel: 'log', target: '', attempts: 0 },
      { channel: 'webhook', target: one.id, attempts: 0 },
      { channel: 'webhook', target: two.id, attempts: 0 },
    ];
    expect(await deliveries()).toEqual(ways);
    await stage.sql(`update wallets set email = 'ana@example.com'`);
    await stage.coupon(classId, 20, DUE);
    await raise(WITH_MAIL);
    const mail = { channel: 'smtp', target: '', attempts: 0 };
    expect((await deliveries()).slice(ways.length)).toEqual(
      expect.arrayContaining([...ways, mail]),
    );
    await stage.coupon(classId, 20, DUE);
    await raise(LOG);
    expect((await deliveries()).slice(2 * ways.length + 1)).toEqual(ways);
  });

  it.each<[what: string, columns: Record<string, unknown>, endsInHours: number]>([
    ['redeemed', { status: 'redeemed' }, 20],
    ['voided', { status: 'voided', voided_by: 'issuer' }, 20],
    ['given away', { status: 'transferred' }, 20],
    ['written as expired', { status: 'expired' }, -1],
    ['over', {}, -0.01],
    ['told of before', { noticed_at: new Date() }, 20],
  ])('is not told of when it is %s meanwhile', async (_what, columns, endsInHours) => {
    const id = await stage.coupon(await stage.couponClass(), endsInHours, { ...DUE, ...columns });
    expect(await raise()).toEqual({ seen: 1, told: 0 });
    expect(await notices()).toEqual([]);
    expect((await couponRow(id)).dueAt).toBeNull();
  });

  it.each([-1, 0, 3])('follows the rules of its class as they are: %i days', async (days) => {
    const classId = await stage.couponClass({ expiryNoticeDays: days, timeZone: 'Europe/Berlin' });
    // Two days ahead: due for 3 days before, and not yet for the day itself.
    const id = await stage.coupon(classId, 48, DUE);
    expect(await raise()).toEqual({ seen: 1, told: days === 3 ? 1 : 0 });
    const [{ expires_at } = {}] = await stage.sql<{ expires_at: Date }>(
      'select expires_at from coupons where id = $1',
      [id],
    );
    const later = noticeDue(expires_at ?? new Date(), days, 'Europe/Berlin');
    const dueAt = days === 3 ? null : later;
    expect(await couponRow(id)).toEqual({ dueAt, noticed: days === 3 });
  });

  it('is left alone while another worker or a till has it locked', async () => {
    await stage.coupon(await stage.couponClass(), 20, DUE);
    await stage.database.transact(async (tx) => {
      await tx.run({ name: undefined, text: 'select id from coupons for no key update' }, []);
      expect(await raise()).toEqual({ seen: 0, told: 0 });
    });
    expect(await raise()).toEqual({ seen: 1, told: 1 });
  });

  it('is one of very many that a worker catches up with after a day', async () => {
    const classId = await stage.couponClass();
    const count = 2 * NOTICE_BATCH + 7;
    await manyCoupons(classId, count, `now() + interval '20 h'`, `now() - interval '1 day'`);
    let told = 0;
    while (told < count) told += await noticesRaise(context());
    expect(told).toBe(count);
    const entries = await stage.sql(
      `select action, outcome, detail from audit_entries where subject = $1 order by seq`,
      [classId],
    );
    const detail = { classId, rule: 'coupon-expiring', version: 1 };
    const entry = { action: 'notice', outcome: 'told' };
    expect(entries).toEqual([
      { ...entry, detail: { ...detail, count: NOTICE_BATCH } },
      { ...entry, detail: { ...detail, count: NOTICE_BATCH } },
      { ...entry, detail: { ...detail, count: 7 } },
    ]);
  }, 60_000);

  it('is found by the index of those that are due', async () => {
    const classId = await stage.couponClass();
    await manyCoupons(classId, 3000, `now() + interval '9 days'`, `now() + interval '8 days'`);
    await stage.sql('analyze coupons');
    const plan = await stage.sql(
      `explain (analyze, costs off, timing off, summary off) select * from coupons
        where notice_due_at <= (select clock_timestamp())
        order by notice_due_at limit 500 for no key update skip locked`,
    );
    const text = plan.map((row) => row['QUERY PLAN']).join('\n');
    expect(text).toContain('coupons_due_to_notice');
    expect(text).toMatch(/Index Cond: \(notice_due_at <= /);
    expect(text).not.toContain('Rows Removed by Filter');
  });
});

describe('a change of the days or the zone', () => {
  const change = async (classId: string, days: number, zone = 'Asia/Shanghai') => {
    await stage.database.transact(async (tx) => {
      const text =
        'update coupon_classes set expiry_notice_days = $2, time_zone = $3 where id = $1';
      await tx.run({ name: undefined, text }, [classId, days, zone]);
      await rescheduleNotices(tx, classId);
    });
  };
  const owed = () =>
    stage.sql<{ id: string; payload: { classId: string; after: string } }>(
      `select id, payload from outbox where job = 'notices.reschedule' and done_at is null`,
    );
  const work = async () => {
    let steps = 0;
    for (let [job] = await owed(); job !== undefined; [job] = await owed()) {
      const step = { outboxId: Number(job.id), ...job.payload };
      // Twice makes no difference.
      await Promise.all([1, 2].map(() => rescheduleCoupons(stage.database, step)));
      steps += 1;
    }
    return steps;
  };

  it('gives unused coupons whose holders were not told a new time', async () => {
    const classId = await stage.couponClass({ expiryNoticeDays: -1 });
    const other = await stage.couponClass({ expiryNoticeDays: -1 });
    const open = await stage.coupon(classId, 300);
    const used = await stage.coupon(classId, 300, { status: 'redeemed' });
    const told = await stage.coupon(classId, 300, { noticed_at: new Date() });
    const foreign = await stage.coupon(other, 300);
    const [{ expires_at } = {}] = await stage.sql<{ expires_at: Date }>(
      'select expires_at from coupons where id = $1',
      [open],
    );
    for (const [days, zone] of [
      [3, 'Asia/Shanghai'],
      [0, 'Asia/Shanghai'],
      [0, 'America/Sao_Paulo'],
      [-1, 'America/Sao_Paulo'],
    ] as const) {
      await change(classId, days, zone);
      expect(await work()).toBe(1);
      const dueAt = noticeDue(expires_at ?? new Date(), days, zone);
      expect(await couponRow(open)).toEqual({ dueAt, noticed: false });
    }
    expect(await couponRow(used)).toEqual({ dueAt: null, noticed: false });
    expect(await couponRow(told)).toEqual({ dueAt: null, noticed: true });
    expect(await couponRow(foreign)).toEqual({ dueAt: null, noticed: false });
  });

  it('goes through very many in steps', async () => {
    const classId = await stage.couponClass({ expiryNoticeDays: -1 });
    await manyCoupons(classId, 2 * RESCHEDULE_BATCH + 1, `now() + interval '9 days'`, 'null');
    await change(classId, 3);
    expect(await work()).toBe(3);
    const [left] = await stage.sql(
      'select count(*)::int as count from coupons where notice_due_at is null',
    );
    expect(left).toEqual({ count: 0 });
  }, 60_000);
});

describe('coupons that are over', () => {
  const expireAll = () => couponsExpire(context());
  const committed = async (classId: string) => {
    const [row] = await stage.sql<{ committed_minor: string }>(
      'select committed_minor from coupon_classes where id = $1',
      [classId],
    );
    return Number(row?.committed_minor);
  };

  it('are expired, give back what they held, and are in the audit by class', async () => {
    const [one, two] = [await stage.couponClass(), await stage.couponClass()];
    await stage.sql(
      'update coupon_classes set budget_minor = 10000, committed_minor = 2500, version = 4 where id = $1',
      [one],
    );
    for (const hours of [-1, -2, -3, 5]) {
      await stage.coupon(one, hours, { reserved_minor: 500, ...DUE });
    }
    await stage.coupon(one, -1, { status: 'redeemed', reserved_minor: 500 });
    await stage.coupon(two, -1);
    expect(await expireDueCoupons(stage.database)).toBe(4);
    expect(await committed(one)).toBe(1000);
    const rows = await stage.sql(
      `select class_id, status, reserved_minor, notice_due_at is null as undue, count(*)::int
         from coupons group by 1, 2, 3, 4 order by 1, 2`,
    );
    expect(rows).toEqual([
      { class_id: one, status: 'expired', reserved_minor: null, undue: true, count: 3 },
      { class_id: one, status: 'issued', reserved_minor: '500', undue: false, count: 1 },
      { class_id: one, status: 'redeemed', reserved_minor: '500', undue: true, count: 1 },
      { class_id: two, status: 'expired', reserved_minor: null, undue: true, count: 1 },
    ]);
    const entries = await stage.sql(
      `select actor, subject, outcome, detail from audit_entries
        where action = 'expire' and subject = any ($1) order by seq`,
      [[one, two]],
    );
    const entry = { actor: 'worker', outcome: 'expired' };
    const rule = 'expired';
    expect(entries).toEqual([
      { ...entry, subject: one, detail: { classId: one, rule, version: 4, count: 3 } },
      { ...entry, subject: two, detail: { classId: two, rule, version: 1, count: 1 } },
    ]);
    expect(await expireDueCoupons(stage.database)).toBe(0);
  });

  it('are caught up with in batches, in several workers at once, each counted once', async () => {
    const classId = await stage.couponClass();
    const count = 4321;
    await manyCoupons(classId, count, `now() - interval '1 day'`, 'null');
    await stage.sql('update coupons set reserved_minor = 3');
    await stage.sql(
      'update coupon_classes set budget_minor = 100000, committed_minor = $2 where id = $1',
      [classId, 3 * count + 10],
    );
    const isOver = async () => {
      await Promise.all([expireAll(), expireAll(), expireAll()]);
      return stage.sql(`select id from coupons where status = 'issued'`);
    };
    await expect.poll(isOver, { timeout: 30_000 }).toEqual([]);
    expect(await committed(classId)).toBe(10);
    const [sum] = await stage.sql(
      `select sum((detail ->> 'count')::int)::int as count from audit_entries
        where action = 'expire' and subject = $1`,
      [classId],
    );
    expect(sum).toEqual({ count });
  }, 60_000);
});

async function manyCoupons(classId: string, count: number, expires: string, due: string) {
  await stage.sql(
    `insert into coupons (id, issuer_id, class_id, wallet_id, code, status, available_at,
                          expires_at, generation, lineage_id, notice_due_at)
     select 'cpn_' || $1 || n, $2, $1, $3, 'code ' || $1 || n, 'issued', now(), ${expires}, 0,
            'cpn_' || $1 || n, ${due}
       from generate_series(1, $4::int) n`,
    [classId, stage.shop.issuerId, stage.shop.walletId, count],
  );
}
