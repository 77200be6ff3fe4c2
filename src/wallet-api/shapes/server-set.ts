import { z } from '@hono/zod-openapi';
import { dropped, kind, wireEnum } from './scalars.ts';

const ignored = dropped(z.unknown(), 'Set by the server; ignored on input.');

/** Fields of every class and object that a client sends back as it got them. */
export const serverSet = { kind, version: ignored, issuerId: ignored };

export const serverSetOnClass = { ...serverSet, review: ignored };

export const serverSetOnObject = {
  ...serverSet,
  classReference: ignored,
  hasUsers: ignored,
  hasLinkedDevice: ignored,
};

/** Acts on the one change it comes with. */
export const notifyPreference = dropped(
  wireEnum(['NOTIFICATION_SETTINGS_FOR_UPDATES_UNSPECIFIED', 'NOTIFY_ON_UPDATE']),
  'Acts on this change only; never stored.',
);
