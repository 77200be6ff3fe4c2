import { z } from '@hono/zod-openapi';
import { brandedClassFields } from './class-fields.ts';
import { image, uri } from './media.ts';
import { money } from './money.ts';
import { brandedObjectFields } from './object-fields.ts';
import { double, int32, message, text, wireEnum } from './scalars.ts';
import { localizedString } from './text.ts';

const signupSharedData = wireEnum([
  'SHARED_DATA_TYPE_UNSPECIFIED',
  'FIRST_NAME',
  'LAST_NAME',
  'STREET_ADDRESS',
  'ADDRESS_LINE_1',
  'ADDRESS_LINE_2',
  'ADDRESS_LINE_3',
  'CITY',
  'STATE',
  'ZIPCODE',
  'COUNTRY',
  'EMAIL',
  'PHONE',
]);

const discoverableProgram = message('DiscoverableProgram', {
  state: wireEnum(['STATE_UNSPECIFIED', 'TRUSTED_TESTERS', 'LIVE', 'DISABLED']),
  merchantSigninInfo: message('MerchantSigninInfo', { signinWebsite: uri }),
  merchantSignupInfo: message('MerchantSignupInfo', {
    signupWebsite: uri,
    signupSharedDatas: z.array(signupSharedData),
  }),
});

export const loyaltyClass = message('LoyaltyClass', {
  ...brandedClassFields,
  programName: text,
  programLogo: image,
  wideProgramLogo: image,
  localizedProgramName: localizedString,
  accountIdLabel: text,
  accountNameLabel: text,
  localizedAccountIdLabel: localizedString,
  localizedAccountNameLabel: localizedString,
  rewardsTier: text,
  rewardsTierLabel: text,
  localizedRewardsTier: localizedString,
  localizedRewardsTierLabel: localizedString,
  secondaryRewardsTier: text,
  secondaryRewardsTierLabel: text,
  localizedSecondaryRewardsTier: localizedString,
  localizedSecondaryRewardsTierLabel: localizedString,
  discoverableProgram,
});

const balance = message('LoyaltyPointsBalance', { string: text, int: int32, double, money }).refine(
  (kinds) => Object.values(kinds).filter((value) => value != null).length <= 1,
  'must be one of string, int, double, money',
);

const loyaltyPoints = message('LoyaltyPoints', {
  label: text,
  localizedLabel: localizedString,
  balance,
});

export const loyaltyObject = message('LoyaltyObject', {
  ...brandedObjectFields,
  accountId: text,
  accountName: text,
  loyaltyPoints,
  secondaryLoyaltyPoints: loyaltyPoints,
  linkedOfferIds: z.array(text).max(1000),
});
