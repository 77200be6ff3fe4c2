import { z } from '@hono/zod-openapi';
import { RESOURCE_ID } from '../../passes/model.ts';
import { appLinkData } from './app-link.ts';
import { barcode, rotatingBarcode } from './barcode.ts';
import { image } from './media.ts';
import { messages } from './messages.ts';
import {
  imageModulesData,
  infoModuleData,
  linksModuleData,
  textModulesData,
  valueAddedModuleData,
} from './modules.ts';
import { locations, merchantLocations } from './places.ts';
import { flag, int32, message, text, wireEnum } from './scalars.ts';
import { notifyPreference, serverSetOnObject } from './server-set.ts';
import { timeInterval } from './time.ts';

const passConstraints = message('PassConstraints', {
  screenshotEligibility: wireEnum(['SCREENSHOT_ELIGIBILITY_UNSPECIFIED', 'ELIGIBLE', 'INELIGIBLE']),
  nfcConstraint: z.array(
    wireEnum(['NFC_CONSTRAINT_UNSPECIFIED', 'BLOCK_PAYMENT', 'BLOCK_CLOSED_LOOP_TRANSIT']),
  ),
});

/** What the objects of all seven verticals have. */
export const objectFields = {
  ...serverSetOnObject,
  id: text,
  classId: text.regex(RESOURCE_ID, 'must be issuerId.suffix'),
  state: wireEnum(['STATE_UNSPECIFIED', 'ACTIVE', 'COMPLETED', 'EXPIRED', 'INACTIVE']),
  smartTapRedemptionValue: text,
  validTimeInterval: timeInterval,
  barcode,
  rotatingBarcode,
  passConstraints,
  linkedObjectIds: z.array(text).max(1000),
  saveRestrictions: message('SaveRestrictions', { restrictToEmailSha256: text }),
  groupingInfo: message('GroupingInfo', { groupingId: text, sortIndex: int32 }),
  appLinkData,
  heroImage: image,
  imageModulesData,
  linksModuleData,
  merchantLocations,
  messages,
  textModulesData,
  valueAddedModuleData,
};

/** What all but generic objects have besides. */
export const brandedObjectFields = {
  ...objectFields,
  notifyPreference,
  disableExpirationNotification: flag,
  infoModuleData,
  locations,
};
