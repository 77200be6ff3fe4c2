import { brandedClassFields } from './class-fields.ts';
import { image, uri } from './media.ts';
import { brandedObjectFields } from './object-fields.ts';
import { message, text, wireEnum } from './scalars.ts';
import { localizedString } from './text.ts';

export const offerClass = message('OfferClass', {
  ...brandedClassFields,
  title: text,
  provider: text,
  redemptionChannel: wireEnum([
    'REDEMPTION_CHANNEL_UNSPECIFIED',
    'INSTORE',
    'ONLINE',
    'BOTH',
    'TEMPORARY_PRICE_REDUCTION',
  ]),
  titleImage: image,
  wideTitleImage: image,
  shortTitle: text,
  details: text,
  finePrint: text,
  helpUri: uri,
  localizedTitle: localizedString,
  localizedShortTitle: localizedString,
  localizedProvider: localizedString,
  localizedDetails: localizedString,
  localizedFinePrint: localizedString,
});

export const offerObject = message('OfferObject', brandedObjectFields);
