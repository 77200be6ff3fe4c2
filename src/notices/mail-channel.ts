import type { Db } from '../platform/database.ts';
import type { SendMail } from '../platform/mail.ts';
import { mailText } from './mail-rules.ts';
import { DELIVERED, failed, type NoticeChannel } from './model.ts';
import { findEmail } from './notice-store.ts';

/** A mail to the member, whose address is looked up when it is sent and kept nowhere else. */
export function mailChannel(reads: Db, sendMail: SendMail): NoticeChannel {
  return {
    send: async ({ id, body }) => {
      const to = await findEmail(reads, body.walletId);
      if (to === null) return failed('no-address', { final: true });
      const outcome = await sendMail({ id, to, ...mailText(body) });
      return outcome.sent ? DELIVERED : failed(outcome.reason, { final: outcome.permanent });
    },
  };
}
