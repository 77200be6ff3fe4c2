import { classFields } from './class-fields.ts';
import { image } from './media.ts';
import { objectFields } from './object-fields.ts';
import { flag, hexColor, message, wireEnum } from './scalars.ts';
import { localizedString } from './text.ts';

export const genericClass = message('GenericClass', classFields);

const notifications = message('Notifications', {
  expiryNotification: message('ExpiryNotification', { enableNotification: flag }),
  upcomingNotification: message('UpcomingNotification', { enableNotification: flag }),
});

export const genericObject = message('GenericObject', {
  ...objectFields,
  cardTitle: localizedString,
  header: localizedString,
  subheader: localizedString,
  genericType: wireEnum([
    'GENERIC_TYPE_UNSPECIFIED',
    'GENERIC_SEASON_PASS',
    'GENERIC_UTILITY_BILLS',
    'GENERIC_PARKING_PASS',
    'GENERIC_VOUCHER',
    'GENERIC_GYM_MEMBERSHIP',
    'GENERIC_LIBRARY_MEMBERSHIP',
    'GENERIC_RESERVATIONS',
    'GENERIC_AUTO_INSURANCE',
    'GENERIC_HOME_INSURANCE',
    'GENERIC_ENTRY_TICKET',
    'GENERIC_RECEIPT',
    'GENERIC_LOYALTY_CARD',
    'GENERIC_OTHER',
  ]),
  hexBackgroundColor: hexColor,
  logo: image,
  wideLogo: image,
  notifications,
});
