import { z } from '@hono/zod-openapi';
import { appLinkData } from './app-link.ts';
import { image, uri } from './media.ts';
import { messages } from './messages.ts';
import {
  imageModulesData,
  infoModuleData,
  linksModuleData,
  textModulesData,
  valueAddedModuleData,
} from './modules.ts';
import { locations, merchantLocations } from './places.ts';
import { flag, hexColor, issuerIdText, message, text, uriText, wireEnum } from './scalars.ts';
import { notifyPreference, serverSetOnClass } from './server-set.ts';
import { classTemplateInfo } from './template.ts';
import { localizedString } from './text.ts';

export const callbackOptions = message('CallbackOptions', {
  url: uriText,
  updateRequestUrl: uriText,
});

/** What the classes of all seven verticals have. */
export const classFields = {
  ...serverSetOnClass,
  id: text,
  enableSmartTap: flag,
  redemptionIssuers: z.array(issuerIdText).max(1000),
  multipleDevicesAndHoldersAllowedStatus: wireEnum([
    'STATUS_UNSPECIFIED',
    'MULTIPLE_HOLDERS',
    'ONE_USER_ALL_DEVICES',
    'ONE_USER_ONE_DEVICE',
  ]),
  viewUnlockRequirement: wireEnum([
    'VIEW_UNLOCK_REQUIREMENT_UNSPECIFIED',
    'UNLOCK_NOT_REQUIRED',
    'UNLOCK_REQUIRED_TO_VIEW',
  ]),
  securityAnimation: message('SecurityAnimation', {
    animationType: wireEnum(['ANIMATION_UNSPECIFIED', 'FOIL_SHIMMER']),
  }),
  appLinkData,
  callbackOptions,
  classTemplateInfo,
  imageModulesData,
  linksModuleData,
  merchantLocations,
  messages,
  textModulesData,
  valueAddedModuleData,
};

/** What all but generic classes have besides. */
export const brandedClassFields = {
  ...classFields,
  reviewStatus: wireEnum([
    'REVIEW_STATUS_UNSPECIFIED',
    'UNDER_REVIEW',
    'APPROVED',
    'REJECTED',
    'DRAFT',
  ]),
  issuerName: text,
  localizedIssuerName: localizedString,
  notifyPreference,
  allowMultipleUsersPerObject: flag,
  countryCode: text,
  heroImage: image,
  hexBackgroundColor: hexColor,
  homepageUri: uri,
  infoModuleData,
  locations,
  wordMark: image,
};
