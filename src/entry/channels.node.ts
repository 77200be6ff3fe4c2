import { logChannel } from '../notices/log-channel.ts';
import { mailChannel } from '../notices/mail-channel.ts';
import type { NoticeChannels } from '../notices/model.ts';
import { webhookChannel } from '../notices/webhook-channel.ts';
import type { Config } from '../platform/config.ts';
import type { Database } from '../platform/database.ts';
import type { Log } from '../platform/log.ts';
import { openMail } from '../platform/mail.node.ts';
import { openOutward } from '../platform/outward.node.ts';
import type { Resources } from './resources.node.ts';

/** The ways on which a process with these settings sends notices. */
export function openChannels(
  { mail }: Pick<Config, 'mail'>,
  { sealer }: Pick<Resources, 'sealer'>,
  { reads }: Database,
  log: Log,
): NoticeChannels {
  return {
    log: logChannel(log),
    ...(sealer !== null && { webhook: webhookChannel({ reads, sealer, post: openOutward() }) }),
    ...(mail !== null && { smtp: mailChannel(reads, openMail(mail)) }),
  };
}
