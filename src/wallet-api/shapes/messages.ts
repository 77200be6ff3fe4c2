import { z } from '@hono/zod-openapi';
import { kind, message, text, wireEnum } from './scalars.ts';
import { localizedString } from './text.ts';
import { timeInterval } from './time.ts';

/** A message to the holders of a pass. */
export const walletMessage = message('Message', {
  kind,
  id: text,
  header: text,
  body: text,
  localizedHeader: localizedString,
  localizedBody: localizedString,
  displayInterval: timeInterval,
  messageType: wireEnum([
    'MESSAGE_TYPE_UNSPECIFIED',
    'TEXT',
    'EXPIRATION_NOTIFICATION',
    'TEXT_AND_NOTIFY',
  ]),
});

export const messages = z.array(walletMessage).max(10);
