import { randomUUID } from 'node:crypto';
import type { Scratch } from './scratch.ts';

/** Looks which coupons are due, tells of them, and marks them: nothing locked, nothing unique. */
export async function raiseNaively({ ask }: Scratch): Promise<number> {
  const due = await ask<{ id: string; issuer_id: string }>(
    'select id, issuer_id from coupons where notice_due_at <= clock_timestamp() limit 50',
  );
  for (const { id, issuer_id } of due) {
    const notice = `ntc_${randomUUID()}`;
    await ask(
      `insert into notices (id, issuer_id, kind, subject, body)
       values ($1, $2, 'coupon-expiring', $3, '{}')`,
      [notice, issuer_id, id],
    );
    await ask(`insert into notice_deliveries (notice_id, channel) values ($1, 'log')`, [notice]);
    await ask('update coupons set notice_due_at = null, noticed_at = now() where id = $1', [id]);
  }
  return due.length;
}

/** Looks what is to be sent, sends it, and then writes that it was sent. */
export async function deliverNaively(
  { ask }: Scratch,
  send: (noticeId: string) => Promise<void>,
): Promise<number> {
  const due = await ask<{ id: string; notice_id: string }>(
    'select id, notice_id from notice_deliveries where delivered_at is null limit 50',
  );
  for (const { id, notice_id } of due) {
    await send(notice_id);
    await ask('update notice_deliveries set delivered_at = now() where id = $1', [id]);
  }
  return due.length;
}
