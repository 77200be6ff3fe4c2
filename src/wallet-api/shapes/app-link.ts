import { image, uri } from './media.ts';
import { message, text } from './scalars.ts';
import { localizedString } from './text.ts';

const appTarget = message('AppTarget', { packageName: text, targetUri: uri });

const appLinkInfo = message('AppLinkInfo', {
  appLogoImage: image,
  title: localizedString,
  description: localizedString,
  appTarget,
});

export const appLinkData = message('AppLinkData', {
  androidAppLinkInfo: appLinkInfo,
  iosAppLinkInfo: appLinkInfo,
  webAppLinkInfo: appLinkInfo,
  displayText: localizedString,
});
