import type { Log } from '../platform/log.ts';
import { DELIVERED, type NoticeChannel } from './model.ts';

/** A line in the log for whoever watches it, without anything about the member. */
export function logChannel(log: Log): NoticeChannel {
  return {
    send: async ({ id, issuerId, kind, subject }) => {
      log.info('notice', { noticeId: id, issuerId, kind, subject });
      return DELIVERED;
    },
  };
}
