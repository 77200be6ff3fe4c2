import { z } from '@hono/zod-openapi';
import { callbackOptions } from './class-fields.ts';
import { int32, issuerIdText, message, text, uriText } from './scalars.ts';

const authenticationKey = message('AuthenticationKey', {
  id: int32.openapi({ description: 'The key version.' }),
  publicKeyPem: text.openapi({ description: 'A P-256 public key: PEM of its SPKI.' }),
});

const smartTapMerchantData = message('SmartTapMerchantData', {
  smartTapMerchantId: issuerIdText.openapi({
    description: 'The collector ID: generated, then permanent. Only root may state it, at insert.',
  }),
  authenticationKeys: z.array(authenticationKey).max(100),
});

export const issuer = message('Issuer', {
  issuerId: issuerIdText.openapi({
    description:
      'Generated at insert, unless root states it; later the one in the path, or left out.',
  }),
  name: z.string().max(500),
  contactInfo: message('IssuerContactInfo', {
    name: text,
    phone: text,
    email: text,
    alertsEmails: z.array(text).max(100),
  }),
  homepageUrl: uriText,
  callbackOptions,
  smartTapMerchantData,
});
