/** Either of them lets a caller in. */
const security: Record<string, string[]>[] = [{ bearer: [] }, { till: [] }];

/** What the reference says before the first path: who, where, and what every call has. */
export const about = {
  info: {
    title: 'Tapline',
    version: '1.0.0',
    summary: 'Passes and coupons for the counter.',
    description:
      'A member taps a phone; the right passes and coupons, and only those, reach the terminal; a coupon is claimed once, redeemed once, and comes back when the campaign says so. Money is an integer in the minor unit of a currency, times are RFC 3339 with an offset, int64 ids are strings of digits (numbers are taken too). A path that does not know a method answers 405 `method-not-allowed` and names in `Allow` those it knows. The pages of a touched stand refuse with `stand-unknown`, `stand-not-set-up`, `tag-forged`, `tag-replayed`, `too-many-touches`, `touch-unknown`, `touch-over`, `join-first` and `membership-not-offered`. The pages that write a tag refuse with `write-link-unknown`, `write-link-used`, `write-link-expired` and `tag-reads-otherwise`. The pages that pair a till refuse with `pairing-code-wrong` and `too-many-pairing-guesses`.',
    license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
  },
  servers: [{ url: '/', description: 'The origin that serves this document.' }],
  security,
};

export const tags = [
  { name: 'Taps', description: 'A terminal asks what the phone in front of it holds for it.' },
  { name: 'Presentations', description: 'What a phone hands to a terminal, once, for 60 seconds.' },
  { name: 'Wallets', description: "One person's set of passes and coupons." },
  { name: 'Members', description: 'Who joined an issuer, and the card that each of them got.' },
  { name: 'Coupon classes', description: 'Campaigns, as marketing staff define them.' },
  { name: 'Coupons', description: 'Single pieces, as their issuer and their holder see them.' },
  { name: 'Transfers', description: 'A member gives a coupon away by a link that works once.' },
  { name: 'Claims', description: 'A member asks for a coupon; a worker decides.' },
  { name: 'Bulk issues', description: 'One coupon class given to many wallets by workers.' },
  { name: 'Exports', description: 'The coupons and claims of a class as files.' },
  { name: 'Redemptions', description: 'A till takes a coupon against an order.' },
  { name: 'Stores and terminals', description: 'Where taps and redemptions happen.' },
  { name: 'Tills', description: 'Browsers that are paired with a terminal.' },
  { name: 'Counter', description: 'What a till asks while somebody stands before it.' },
  { name: 'Stands', description: 'The NFC tags at the tills, and how they are written.' },
  { name: 'Audit', description: 'Who did what with which outcome, and proof that it stayed so.' },
  { name: 'Webhooks', description: 'Where an issuer is told that coupons of its members expire.' },
  { name: 'Access', description: 'API keys of an issuer, with scopes.' },
  {
    name: 'Wallet API',
    description: "Issuers, pass classes and pass objects in the shapes of Google's Wallet API.",
  },
  { name: 'Operation', description: 'What an operator and a curious client ask of a process.' },
] as const;

export const components = {
  securitySchemes: {
    bearer: {
      type: 'http',
      scheme: 'bearer',
      description:
        'An API key `tk_<live|test>_<id>_<secret>` of an issuer, or the root key of the platform.',
    },
    till: {
      type: 'apiKey',
      in: 'cookie',
      name: 'tapline_till',
      description:
        'The browser of a paired till, where no Authorization is sent. It may redeem at its own terminal and see who taps there; what changes something is taken from our own pages only.',
    },
  },
  parameters: {
    IdempotencyKey: {
      name: 'Idempotency-Key',
      in: 'header',
      required: false,
      description:
        'The same key with the same request gives the first answer again; with another request it is refused. Keys are kept for 30 days.',
      schema: { type: 'string', minLength: 1, maxLength: 255, pattern: '^[\\x20-\\x7e]+$' },
      example: 'till-7-order-8841',
    },
    AcceptLanguage: {
      name: 'Accept-Language',
      in: 'header',
      required: false,
      description: 'The language of `title` and `detail` of a problem: `zh-CN` or `en`.',
      schema: { type: 'string' },
      example: 'zh-CN',
    },
  },
  headers: {
    RequestId: {
      description: 'Names this request in the logs of the service.',
      schema: { type: 'string', pattern: '^req_[0-9a-hjkmnp-tv-z]{26}$' },
    },
    ContentLanguage: {
      description: 'The language of `title` and `detail`.',
      schema: { type: 'string', enum: ['en', 'zh-CN'] },
    },
    Replayed: {
      description: 'The answer is that to the first request with this Idempotency-Key.',
      schema: { type: 'string', enum: ['true'] },
    },
  },
} as const;
