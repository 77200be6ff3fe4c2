import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expireDueCoupons } from '../../../src/coupons/expire.ts';
import { deliverDue } from '../../../src/notices/deliver.ts';
import { logChannel } from '../../../src/notices/log-channel.ts';
import { DELIVERED, type NoticeChannels } from '../../../src/notices/model.ts';
import { raiseDueNotices } from '../../../src/notices/raise.ts';
import { openDatabase } from '../../../src/platform/database.node.ts';
import type { Database } from '../../../src/platform/database.ts';
import { silentLog } from '../../../src/platform/log.ts';
import { killBackends } from '../../support/backend-killer.ts';
import { deliverNaively, raiseNaively } from '../../support/naive/notices.ts';
import { seedCoupon } from '../../support/naive/redemptions.ts';
import { openScratch, type Scratch, seedCampaign } from '../../support/naive/scratch.ts';
import { type NoticeStage, openNoticeStage } from '../../support/notice-stage.ts';

const COUPONS = 600;
const WORKERS = 6;

let stage: NoticeStage;
let scratch: Scratch;
let workers: Database[];

beforeAll(async () => {
  stage = await openNoticeStage();
  workers = Array.from({ length: WORKERS }, () =>
    openDatabase({ connectionString: stage.url, max: 3, applicationName: 'tapline-race' }),
  );
});
beforeAll(async () => {
  scratch = await openScratch();
  await scratch.ask('alter table notices drop constraint notices_once');
  const campaign = { id: '7.naive', stock: 1_000_000, perMemberLimit: 1_000_000 };
  await seedCampaign(scratch, { ...campaign, wallets: ['wal_1'] });
  for (let n = 0; n < 40; n++) {
    const id = await seedCoupon(scratch, '7.naive', 'wal_1');
    await scratch.ask('update coupons set notice_due_at = now() where id = $1', [id]);
  }
});
afterAll(async () => {
  await Promise.all(workers.map((worker) => worker.close()));
  await stage.close();
});
afterAll(() => scratch?.close());

const together = <T>(work: (worker: Database) => Promise<T>) => Promise.all(workers.map(work));

async function dueCoupons(): Promise<string> {
  const classId = await stage.couponClass();
  await stage.sql(
    `insert into coupons (id, issuer_id, class_id, wallet_id, code, status, available_at,
                          expires_at, generation, lineage_id, notice_due_at)
     select 'cpn_' || $1 || n, $2, $1, $3, 'code ' || $1 || n, 'issued', now(),
            now() + interval '20 h', 0, 'cpn_' || $1 || n, now() - n * interval '1 s'
       from generate_series(1, $4::int) n`,
    [classId, stage.shop.issuerId, stage.shop.walletId, COUPONS],
  );
  return classId;
}

/** A way that counts what goes on it. */
function counting(sent: string[], delayMs = 1): NoticeChannels {
  const send = async ({ id }: { readonly id: string }) => {
    sent.push(id);
    await pause(delayMs);
    return DELIVERED;
  };
  return { log: { send } };
}

/** A worker goes on after whatever befalls it. */
async function untilNothing(work: () => Promise<number>): Promise<void> {
  for (let idle = 0; idle < 2; ) {
    const done = await work().catch(() => 1);
    idle = done === 0 ? idle + 1 : 0;
  }
}

const toldOf = async (classId: string) => {
  const [row] = await stage.sql(
    `select count(*)::int as notices, count(distinct n.subject)::int as coupons,
            (select count(*)::int from notice_deliveries d
              join notices m on m.id = d.notice_id where m.body ->> 'classId' = $1) as deliveries,
            (select count(*)::int from coupons
              where class_id = $1 and noticed_at is not null and notice_due_at is null) as marked,
            (select sum((detail ->> 'count')::int)::int from audit_entries
              where subject = $1 and action = 'notice') as audited
       from notices n where n.body ->> 'classId' = $1`,
    [classId],
  );
  return row;
};
const EACH_ONCE = {
  notices: COUPONS,
  coupons: COUPONS,
  deliveries: COUPONS,
  marked: COUPONS,
  audited: COUPONS,
};

describe('notices raised by several workers at once', () => {
  const channels = { log: logChannel(silentLog) };
  const raise = async (worker: Database) => (await raiseDueNotices(worker, channels)).seen;

  test('are one a coupon', async () => {
    const classId = await dueCoupons();
    await together((worker) => untilNothing(() => raise(worker)));
    expect(await toldOf(classId)).toEqual(EACH_ONCE);
  });

  test('are one a coupon when their connections are cut in the middle', async () => {
    const classId = await dueCoupons();
    const killer = await killBackends(stage.url, { like: 'tapline-race', everyMs: 10 });
    const rounds = together(async (worker) => {
      for (let round = 0; round < 10; round++) await raise(worker).catch(() => {});
    });
    await rounds;
    const killed = await killer.stop();
    await together((worker) => untilNothing(() => raise(worker)));
    expect(killed).toBeGreaterThan(5);
    expect(await toldOf(classId)).toEqual(EACH_ONCE);
  });

  test('are several a coupon in the naive twin', async () => {
    await Promise.all(Array.from({ length: WORKERS }, () => raiseNaively(scratch)));
    const [{ most } = { most: 0 }] = await scratch.ask<{ most: number }>(
      `select max(n)::int as most from (select count(*) as n from notices group by subject) s`,
    );
    expect(most).toBeGreaterThan(1);
  });

  test('the database itself refuses a second one', async () => {
    const again = stage.sql(
      `insert into notices (id, issuer_id, kind, subject, body)
       select id || 'x', issuer_id, kind, subject, body from notices limit 1`,
    );
    await expect(again).rejects.toThrow('notices_once');
  });
});

describe('deliveries by several workers at once', () => {
  test('are attempted once each', async () => {
    const sent: string[] = [];
    await together((worker) => untilNothing(() => deliverDue(worker, counting(sent))));
    expect(sent.length).toBe(2 * COUPONS);
    expect(new Set(sent).size).toBe(sent.length);
  });

  test('are attempted several times by the naive twin', async () => {
    const sent: string[] = [];
    const send = async (id: string) => {
      sent.push(id);
      await pause(1);
    };
    await Promise.all(Array.from({ length: WORKERS }, () => deliverNaively(scratch, send)));
    expect(new Set(sent).size).toBeLessThan(sent.length);
  });
});

test('coupons expired by several workers whose connections are cut are counted once', async () => {
  const classId = await dueCoupons();
  await stage.sql(
    `update coupons set expires_at = now() - interval '1 h', reserved_minor = 7 where class_id = $1`,
    [classId],
  );
  await stage.sql(
    'update coupon_classes set budget_minor = 100000, committed_minor = $2 where id = $1',
    [classId, 7 * COUPONS + 1],
  );
  const killer = await killBackends(stage.url, { like: 'tapline-race', everyMs: 20 });
  await together((worker) => untilNothing(() => expireDueCoupons(worker)));
  await killer.stop();
  await together((worker) => untilNothing(() => expireDueCoupons(worker)));
  const [row] = await stage.sql(
    `select c.committed_minor::int as committed,
            (select count(*)::int from coupons where class_id = c.id and status = 'expired') as expired,
            (select sum((detail ->> 'count')::int)::int from audit_entries
              where subject = c.id and action = 'expire') as audited
       from coupon_classes c where c.id = $1`,
    [classId],
  );
  expect(row).toEqual({ committed: 1, expired: COUPONS, audited: COUPONS });
});
