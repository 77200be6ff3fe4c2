import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openDatabase } from '../../src/platform/database.node.ts';
import type { Statement } from '../../src/platform/database.ts';
import { silentLog } from '../../src/platform/log.ts';
import { noMetrics } from '../../src/platform/metrics.ts';
import {
  beginOutbox,
  countParkedJobs,
  finishOutbox,
  MOST_ATTEMPTS,
  overdueJobs,
  owe,
  parkedJobs,
  resumeParkedJobs,
  takeUndone,
} from '../../src/queue/outbox-store.ts';
import type { HandlerContext } from '../../workers/context.ts';
import { process } from '../../workers/processors.ts';
import { detours, noting } from '../support/plans.ts';
import { startTestService, type TestService } from '../support/service.ts';

let service: TestService;
let id: number;

beforeEach(async () => {
  service = await startTestService({ workers: false });
  await service.database.transact((tx) => owe(tx, 'clones.make', { redemptionId: 'red_1' }));
  const [row] = await service.sql<{ id: number }>('select id::int from outbox');
  id = row?.id ?? 0;
});
afterEach(() => service.stop());

const begin = () => beginOutbox(service.database.single, id);
const later = (seconds: number) =>
  service.sql(
    `update outbox set created_at = created_at - make_interval(secs => $1),
                       sent_at = sent_at - make_interval(secs => $1)`,
    [seconds],
  );
const handedOut = async () => [
  await service.database.transact((tx) => takeUndone(tx, { resendSeconds: 15, mostInFlight: 500 })),
  await overdueJobs(service.database.reads, 5),
];

async function park(): Promise<void> {
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
    expect(await begin()).toBe(true);
    await later(3600);
  }
}

describe('a job that is begun and does not end', () => {
  test('waits longer after each attempt', async () => {
    for (const seconds of [5, 10, 20, 40, 80]) {
      expect(await begin()).toBe(true);
      expect(await begin()).toBe(false);
      await later(seconds * 0.7);
      expect(await begin()).toBe(false);
      expect(await overdueJobs(service.database.reads, 0)).toEqual([]);
      await later(seconds * 0.4);
      expect(await overdueJobs(service.database.reads, 0)).toHaveLength(1);
    }
  });

  test('is sent again by no relay, which cannot know how it ended', async () => {
    expect(await begin()).toBe(true);
    await later(3600);
    const [sent, overdue] = await handedOut();
    expect(sent).toEqual([]);
    expect(overdue).toHaveLength(1);
  });

  test('is parked after so many attempts, and left alone until it is taken up again', async () => {
    await park();
    expect(await begin()).toBe(false);
    expect(await handedOut()).toEqual([[], []]);
    expect(await countParkedJobs(service.database.reads)).toBe(1);
    expect(await parkedJobs(service.database.reads)).toMatchObject([{ id, job: 'clones.make' }]);
    expect(await resumeParkedJobs(service.database.single, id + 1)).toEqual([]);
    expect(await resumeParkedJobs(service.database.single, id)).toEqual([id]);
    expect(await resumeParkedJobs(service.database.single, null)).toEqual([]);
    const [sent] = await handedOut();
    expect(sent).toHaveLength(1);
    expect(await begin()).toBe(true);
  });
});

test('a job that is done is not begun again', async () => {
  expect(await begin()).toBe(true);
  expect(await finishOutbox(service.database.single, id)).toBe(true);
  await later(3600);
  expect(await begin()).toBe(false);
});

describe('an attempt is counted', () => {
  const attempts = async () =>
    (await service.sql<{ attempts: number }>('select attempts from outbox'))[0]?.attempts;
  const context = (): HandlerContext => ({
    database: service.database,
    log: silentLog,
    metrics: noMetrics,
    channels: {},
    bells: { ringClaims: async () => {}, ringBulk: async () => {} },
  });

  test('when the handler throws', async () => {
    await service.sql('alter table redemptions rename to redemptions_away');
    const data = { outboxId: id, redemptionId: 'red_1' };
    await expect(process(context(), 'clones.make', data)).rejects.toThrow();
    expect(await attempts()).toBe(1);
  });

  test('when the payload does not parse', async () => {
    await process(context(), 'clones.make', { outboxId: id });
    expect(await attempts()).toBe(1);
  });

  test('once, however often the queue brings the job at that moment', async () => {
    expect(await Promise.all([1, 2, 3, 4].map(begin))).toEqual(
      expect.arrayContaining([true, false, false, false]),
    );
    expect(await attempts()).toBe(1);
  });
});

test('a job is begun by its key, whatever the plan was made on', async () => {
  const plain = openDatabase({ connectionString: service.databaseUrl, max: 1 });
  const noted = new Map<string, Statement<unknown>>();
  await beginOutbox(noting(plain, noted).single, id);
  expect(await detours(plain, noted.values())).toEqual([]);
  await plain.close();
});
