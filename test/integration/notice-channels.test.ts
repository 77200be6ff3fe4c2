import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { deliverDue } from '../../src/notices/deliver.ts';
import { logChannel } from '../../src/notices/log-channel.ts';
import { mailChannel } from '../../src/notices/mail-channel.ts';
import type { NoticeChannels } from '../../src/notices/model.ts';
import { raiseDueNotices } from '../../src/notices/raise.ts';
import { type Log, silentLog } from '../../src/platform/log.ts';
import { openMail } from '../../src/platform/mail.node.ts';
import { type NoticeStage, openNoticeStage } from '../support/notice-stage.ts';
import { type SmtpServer, startSmtpServer } from '../support/smtp-server.ts';

let stage: NoticeStage;
let server: SmtpServer | null = null;

beforeAll(async () => {
  stage = await openNoticeStage();
});
afterEach(async () => {
  await server?.close();
  server = null;
  for (const table of ['notice_deliveries', 'notices', 'coupons']) {
    await stage.sql(`delete from ${table}`);
  }
});
afterAll(() => stage.close());

/** A notice that is due on these ways; gives the coupon it is about. */
async function notice(channels: NoticeChannels): Promise<string> {
  const id = await stage.coupon(await stage.couponClass({ name: { en: 'Five off' } }), 20, {
    notice_due_at: new Date(Date.now() - 1000),
  });
  await raiseDueNotices(stage.database, channels);
  return id;
}

const ends = async (channel: string) => {
  const rows = await stage.sql<{ state: string; last_error: string | null }>(
    `select last_error, case when delivered_at is not null then 'delivered'
                             when given_up_at is not null then 'given up' else 'open' end as state
       from notice_deliveries where channel = $1 order by id`,
    [channel],
  );
  return rows.map(({ state, last_error }) => (last_error ? `${state}: ${last_error}` : state));
};

describe('the log', () => {
  it('tells what happened and nothing about the member', async () => {
    const lines: object[] = [];
    const log: Log = { ...silentLog, info: (event, facts) => lines.push({ event, ...facts }) };
    const channels = { log: logChannel(log) };
    const subject = await notice(channels);
    await deliverDue(stage.database, channels);
    const [told] = await stage.sql<{ id: string }>('select id from notices');
    const { issuerId, walletId } = stage.shop;
    expect(lines).toEqual([
      { event: 'notice', noticeId: told?.id, issuerId, kind: 'coupon-expiring', subject },
    ]);
    expect(JSON.stringify(lines)).not.toContain(walletId);
    expect(await ends('log')).toEqual(['delivered']);
  });
});

describe('mail', () => {
  const from = 'coupons@shop.example';
  const mail = async (says?: Parameters<typeof startSmtpServer>[0]) => {
    server = await startSmtpServer(says);
    const sendMail = openMail({ url: `smtp://127.0.0.1:${server.port}`, from, patienceMs: 1000 });
    return { channels: { smtp: mailChannel(stage.database.reads, sendMail) }, server };
  };
  const address = (email: string | null) => stage.sql('update wallets set email = $1', [email]);

  it('goes to the address that the member has at that moment', async () => {
    const { channels, server } = await mail();
    await address('old@example.com');
    await notice(channels);
    await address('ana@example.com');
    await deliverDue(stage.database, channels);
    expect(await ends('smtp')).toEqual(['delivered']);
    expect(server.mails).toMatchObject([{ from, to: ['ana@example.com'] }]);
    const stored = await stage.sql<{ text: string }>(
      'select n::text || d::text as text from notices n join notice_deliveries d on true',
    );
    expect(JSON.stringify(stored)).not.toContain('example.com');
  });

  it('is tried again when the server has no time', async () => {
    let answer: string | undefined = '451 later';
    const { channels, server } = await mail((command) => (command === 'RCPT' ? answer : undefined));
    await address('ana@example.com');
    await notice(channels);
    await deliverDue(stage.database, channels);
    expect(await ends('smtp')).toEqual(['open: smtp-451']);
    answer = undefined;
    await stage.sql('update notice_deliveries set next_at = now()');
    await deliverDue(stage.database, channels);
    expect(await ends('smtp')).toEqual(['delivered']);
    expect(server.mails).toHaveLength(1);
  });

  it('ends when the member has left no address, or its server refuses it for good', async () => {
    const { channels } = await mail((command) => (command === 'RCPT' ? '550 no' : undefined));
    await address('ana@example.com');
    await notice(channels);
    await deliverDue(stage.database, channels);
    await notice(channels);
    await address(null);
    await deliverDue(stage.database, channels);
    expect(await ends('smtp')).toEqual(['given up: smtp-550', 'given up: no-address']);
  });
});
