import type { Log } from '../platform/log.ts';
import type { CodeSender } from './code-sender.ts';
import { phoneTail } from './phone-rules.ts';

/**
 * Writes codes into the log, where whoever runs a demo reads them. Not for real members: who reads
 * the log could join as any of them.
 */
export function logCodes(log: Log): CodeSender {
  return {
    send: async ({ phone, code }) =>
      log.warn('one-time code', { phoneTail: phoneTail(phone), code }),
  };
}
