/** The least that each vertical takes, and bodies of the kind that issuers send. */

export type Body = Record<string, unknown>;

const logo = { sourceUri: { uri: 'https://merchant.example/logo.png' } };

export const localized = (value: string) => ({ defaultValue: { language: 'en', value } });

export const loyaltyClass = (id: string, extra: Body = {}): Body => ({
  id,
  issuerName: 'Coffee House',
  programName: 'Gold',
  programLogo: logo,
  reviewStatus: 'UNDER_REVIEW',
  ...extra,
});

export const offerClass = (id: string, extra: Body = {}): Body => ({
  id,
  issuerName: 'Coffee House',
  title: 'One cup free',
  provider: 'Coffee House',
  redemptionChannel: 'INSTORE',
  reviewStatus: 'UNDER_REVIEW',
  ...extra,
});

export const genericClass = (id: string, extra: Body = {}): Body => ({ id, ...extra });

export const passObject = (id: string, classId: string, extra: Body = {}): Body => ({
  id,
  classId,
  state: 'ACTIVE',
  ...extra,
});

export const genericObject = (id: string, classId: string, extra: Body = {}): Body => ({
  id,
  classId,
  cardTitle: localized('Library'),
  header: localized('Reader'),
  ...extra,
});

/** The verticals of the core: how their collections are named and what the least body is. */
export const VERTICAL_BODIES = [
  { vertical: 'loyalty', classBody: loyaltyClass, objectBody: passObject },
  { vertical: 'offer', classBody: offerClass, objectBody: passObject },
  { vertical: 'generic', classBody: genericClass, objectBody: genericObject },
] as const;

/** What a client in Google's style sends when it uses much of a loyalty object. */
export const richLoyaltyObject = (id: string, classId: string): Body =>
  passObject(id, classId, {
    heroImage: {
      sourceUri: { uri: 'https://merchant.example/hero.jpg' },
      contentDescription: localized('Hero image description'),
    },
    textModulesData: [{ header: 'Text header', body: 'Text body', id: 'TEXT_MODULE_ID' }],
    linksModuleData: {
      uris: [
        { uri: 'http://maps.example/', description: 'Link description', id: 'LINK_URI' },
        { uri: 'tel:6505555555', description: 'Tel description', id: 'LINK_TEL' },
      ],
    },
    imageModulesData: [
      {
        mainImage: {
          sourceUri: { uri: 'http://merchant.example/wide.jpg' },
          contentDescription: localized('Image module description'),
        },
        id: 'IMAGE_MODULE_ID',
      },
    ],
    barcode: { type: 'QR_CODE', value: 'QR code' },
    locations: [{ latitude: 37.424015499999996, longitude: -122.09259560000001 }],
    accountId: 'Account id',
    accountName: 'Account name',
    loyaltyPoints: { label: 'Points', balance: { int: 800 } },
    secondaryLoyaltyPoints: {
      label: 'Saved',
      balance: { money: { micros: 20000000, currencyCode: 'USD' } },
    },
    rotatingBarcode: {
      type: 'QR_CODE',
      valuePattern: 'MyPattern-{totp_value_0}',
      totpDetails: {
        algorithm: 'TOTP_SHA1',
        periodMillis: 3000,
        parameters: [{ key: '3132333435363738', valueLength: 8 }],
      },
    },
    messages: [
      {
        header: 'Hello',
        body: 'There',
        messageType: 'TEXT',
        kind: 'walletobjects#walletObjectMessage',
      },
    ],
    validTimeInterval: {
      start: { date: '2026-01-01T00:00:00Z' },
      end: { date: '2027-01-01T00:00:00Z' },
    },
    groupingInfo: { groupingId: 'g', sortIndex: 1 },
    passConstraints: { screenshotEligibility: 'INELIGIBLE', nfcConstraint: ['BLOCK_PAYMENT'] },
  });
