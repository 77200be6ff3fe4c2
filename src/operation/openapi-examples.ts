import { memberExamples } from './member-examples.ts';
import { standExamples } from './stand-examples.ts';

/**
 * One lunch at a noodle shop, told in examples: the campaign, the tap, the claim, the bill. The
 * keys are operation ids; a test checks each example against its schema.
 */
interface Example {
  readonly request?: unknown;
  readonly response?: unknown;
}

const id = (prefix: string, tail: string) => `${prefix}_01jd8q6y0v5f3t9n2k4c7h${tail}`;
const walletId = id('wal', '1mbx');
const tapId = id('tap', '2ndq');
const couponId = id('cpn', '3tsw');
const redemptionId = id('red', '4zkf');
const couponCode = '7Q2M9K4D01JD8Q6Y0V5F3T9N2K';
const passId = '1990.member-204';
const collectorId = '44444444';

const lunch = {
  id: '1990.lunch-5-off',
  issuerId: '1990',
  name: { en: '5 yuan off lunch', 'zh-CN': '午餐立减 5 元' },
  description: { en: 'From 30 yuan, drinks not counted.', 'zh-CN': '满 30 元可用，酒水除外。' },
  issueType: 'tap_claim',
  scene: 'in_store',
  claimWindow: { start: '2026-11-21T10:00:00+08:00', end: '2026-12-21T00:00:00+08:00' },
  perMemberLimit: 1,
  stock: 500,
  validity: { kind: 'relative', availableAfterHours: 0, validDays: 7 },
  discount: { kind: 'amount', amountMinor: 500, currency: 'CNY' },
  minSpendMinor: 3000,
  scope: { kind: 'categories', include: ['noodles'], exclude: ['drinks'] },
  redemptionIssuers: ['1990', '456'],
  cloneOnRedeem: { maxClones: 3 },
  timeZone: 'Asia/Shanghai',
  claimHours: [],
  useHours: [{ days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '11:00', to: '14:00' }],
  perMemberDayLimit: 1,
  perMemberWeekLimit: null,
  stacking: { group: 'lunch', exclusive: false },
  budgetMinor: 250000,
};

const shownLunch = {
  ...lunch,
  regularPriceOnly: false,
  memberClasses: [],
  plusOnly: false,
  stores: [],
  expiryNoticeDays: -1,
  transferable: false,
  status: 'open',
  stats: { claimed: 128, redeemed: 97, cloned: 97, orderTotalMinor: 412_300 },
  createdAt: '2026-11-20T02:00:00.000Z',
  updatedAt: '2026-11-20T02:00:00.000Z',
};

const claimId = id('clm', '5hcv');
const bulkDone = '2026-11-21T02:00:31.000Z';
const bulkIssue = {
  id: id('blk', '8kqd'),
  classId: '1990.winter-gift',
  status: 'running',
  total: 20_000,
  issued: 0,
  refused: 0,
  createdAt: '2026-11-21T02:00:00.000Z',
  finishedAt: null,
};

const coupon = {
  id: couponId,
  classId: lunch.id,
  walletId,
  code: couponCode,
  status: 'issued',
  availableAt: '2026-11-21T04:05:06.789Z',
  expiresAt: '2026-11-28T04:05:06.789Z',
  generation: 0,
  clonedFrom: null,
};

const claim = {
  id: id('clm', '5yph'),
  classId: lunch.id,
  walletId,
  status: 'issued',
  createdAt: '2026-11-21T04:05:06.700Z',
  coupon,
};

const transfer = {
  id: id('trf', '9hcq'),
  token: 'q3ZJc0m1vT8dX2yHn5wKb7RfLe4uAs6PgOi9tCjMxQk',
  expiresAt: '2026-11-24T04:10:00.000Z',
};

const bill = {
  couponCode,
  collectorId,
  terminalId: 'till-7',
  order: {
    id: 'till-7-8841',
    currency: 'CNY',
    lines: [
      { sku: 'beef-noodles', category: 'noodles', quantity: 1, unitPriceMinor: 3400 },
      { sku: 'plum-juice', category: 'drinks', quantity: 1, unitPriceMinor: 500 },
    ],
  },
};
const amounts = { orderTotalMinor: 3900, discountMinor: 500, payableMinor: 3400 };
const settled = {
  basketId: null,
  redemptions: [{ id: redemptionId, couponId, discountMinor: amounts.discountMinor }],
  ...amounts,
};

const paid = { redemptionIssuerId: '1990', orderTotalMinor: 3900, discountMinor: 500 };
const sealed = { position: 4711, hash: '9f86d081884c7d65'.repeat(4) };
const numbers = {
  claimed: 128,
  redeemed: 97,
  reversed: 2,
  cloned: 97,
  expired: 4,
  voided: 0,
  transferred: 1,
  refused: { 'sold-out': 31, 'min-spend-not-met': 6 },
  orderTotalMinor: 412_300,
  discountMinor: 48_500,
};

const wallet = {
  id: walletId,
  issuerId: '1990',
  displayName: '小林',
  externalId: 'member-204',
  plus: false,
  createdAt: '2026-11-21T04:00:00.000Z',
};

const loyaltyObject = {
  id: passId,
  classId: '1990.gold',
  state: 'ACTIVE',
  accountId: 'member-204',
  accountName: '小林',
  smartTapRedemptionValue: 'M-204-1990',
};

const webhook = {
  id: id('whk', '9eha'),
  issuerId: '1990',
  url: 'https://hooks.example.com/tapline',
  createdAt: '2026-11-21T03:00:00.000Z',
  disabledAt: null,
};

export const examples: Readonly<Record<string, Example>> = {
  createCouponClass: { request: lunch, response: shownLunch },
  getCouponClass: { response: shownLunch },
  listCouponClasses: { response: { items: [shownLunch], nextCursor: null } },
  changeCouponClass: { request: { stock: 800 }, response: { ...shownLunch, stock: 800 } },
  addStock: { request: { add: 300 }, response: { ...shownLunch, stock: 800 } },
  voidCouponClass: { request: { issuedToo: false }, response: { ...shownLunch, status: 'voided' } },
  createWallet: { request: { displayName: '小林', externalId: 'member-204' }, response: wallet },
  getWallet: { response: wallet },
  addPassToWallet: { request: { objectId: passId }, response: { walletId, objectId: passId } },
  listWalletCoupons: { response: { items: [coupon], nextCursor: null } },
  present: {
    request: { screen: 'home' },
    response: {
      id: id('prs', '6wvj'),
      token: 'mT5cJ2vQ8Zk1YxN4hR7bWg',
      expiresAt: '2026-11-21T04:05:30.000Z',
    },
  },
  getPresentation: {
    response: {
      id: id('prs', '6wvj'),
      status: 'choose',
      choices: [
        { objectId: passId, classId: '1990.gold' },
        { objectId: '456.card-9', classId: '456.silver' },
      ],
      expiresAt: '2026-11-21T04:05:30.000Z',
    },
  },
  selectPass: {
    request: { objectId: passId },
    response: {
      id: id('prs', '6wvj'),
      status: 'open',
      choices: [],
      expiresAt: '2026-11-21T04:06:10.000Z',
    },
  },
  tap: {
    response: {
      id: tapId,
      outcome: 'transferred',
      passes: [
        {
          objectId: passId,
          classId: '1990.gold',
          issuerId: '1990',
          type: 'loyalty',
          redemptionValue: 'M-204-1990',
        },
      ],
      coupons: [{ id: couponId, classId: lunch.id, issuerId: '1990', redemptionValue: couponCode }],
      walletRef: 'ref_5f1c0a9be2d84763a1f07c9d2e6b84f0c31d',
    },
  },
  explainTap: {
    response: {
      tapId,
      collectorKey: '44444444.1',
      stand: null,
      terminal: 'till-7',
      tappedAt: '2026-11-21T04:05:01.000Z',
      outcome: 'transferred',
      passes: [
        { objectId: passId, classId: '1990.gold', sent: true, step: 'sent' },
        { objectId: '1990.old-17', classId: '1990.bronze', sent: false, step: 'not-active' },
      ],
      coupons: [{ id: couponId, classId: lunch.id, sent: true, step: 'sent' }],
    },
  },
  getCoupon: { response: coupon },
  voidCoupon: { request: {}, response: { ...coupon, status: 'voided' } },
  giveCoupon: {
    request: { expiresAfterHours: 72 },
    response: {
      ...transfer,
      couponId,
      url: `https://pass.example/transfer/${transfer.token}`,
    },
  },
  getTransferOffer: {
    response: {
      id: transfer.id,
      status: 'open',
      acceptable: true,
      refusal: null,
      expiresAt: transfer.expiresAt,
      coupon: {
        classId: lunch.id,
        issuerId: lunch.issuerId,
        name: lunch.name,
        description: lunch.description,
        availableAt: coupon.availableAt,
        expiresAt: coupon.expiresAt,
      },
    },
  },
  acceptTransfer: {
    request: { walletId: id('wal', '0krp') },
    response: {
      id: transfer.id,
      coupon: {
        ...coupon,
        id: id('cpn', '0vge'),
        walletId: id('wal', '0krp'),
        code: '4C8X0TQK5R2W9ZB7N3JH6VDPEM',
      },
    },
  },
  claimCoupon: { request: { walletId, tapId }, response: claim },
  getClaim: { response: claim },
  issueInBulk: {
    request: { query: { passClass: '1990.member', createdBefore: '2026-11-01T00:00:00+08:00' } },
    response: bulkIssue,
  },
  getBulkIssue: {
    response: { ...bulkIssue, status: 'done', issued: 19_877, refused: 123, finishedAt: bulkDone },
  },
  listBulkIssueRefusals: {
    response: {
      items: [{ walletId, externalId: 'crm-204', claimId, reason: 'member-limit-reached' }],
      nextCursor: null,
    },
  },
  quoteRedemption: {
    request: bill,
    response: { couponId, redeemable: true, ...amounts, refusal: null },
  },
  redeemCoupon: {
    request: bill,
    response: { id: redemptionId, couponId, ...amounts, redeemedAt: '2026-11-21T04:31:00.000Z' },
  },
  getRedemption: {
    response: {
      id: redemptionId,
      couponId,
      classId: lunch.id,
      issuerId: '1990',
      redemptionIssuerId: '1990',
      collectorId,
      terminalId: 'till-7',
      storeId: 'harbour-street',
      basketId: null,
      state: 'confirmed',
      heldUntil: null,
      order: bill.order,
      ...amounts,
      redeemedAt: '2026-11-21T04:31:00.000Z',
      reversal: null,
      clone: { couponId: id('cpn', '7rgm') },
    },
  },
  confirmRedemption: {
    request: {},
    response: { ...settled, state: 'confirmed', redeemedAt: '2026-11-21T04:31:00.000Z' },
  },
  releaseRedemption: {
    request: {},
    response: { ...settled, state: 'released', redeemedAt: null },
  },
  reverseRedemption: {
    request: {},
    response: {
      id: id('rev', '8dxb'),
      redemptionId,
      couponId,
      couponStatus: 'issued',
      reversedAt: '2026-11-21T04:40:00.000Z',
    },
  },
  createStore: {
    request: { id: 'harbour-street', issuerId: '1990', name: 'Harbour Street' },
    response: { id: 'harbour-street', issuerId: '1990', name: 'Harbour Street' },
  },
  createTerminal: {
    request: { id: 'till-7', issuerId: '1990', storeId: 'harbour-street', name: 'Till 7' },
    response: { id: 'till-7', issuerId: '1990', storeId: 'harbour-street', name: 'Till 7' },
  },
  ...memberExamples,
  ...standExamples,
  createWebhook: {
    request: { issuerId: '1990', url: webhook.url },
    response: { ...webhook, secret: 'whsec_an-example-and-not-a-secret' },
  },
  listWebhooks: { response: { items: [webhook], nextCursor: null } },
  rotateWebhookSecret: {
    request: {},
    response: {
      id: webhook.id,
      secret: 'whsec_another-example-and-not-a-secret',
      previousUntil: '2026-11-22T03:30:00.000Z',
    },
  },
  getCouponNumbers: {
    response: { items: [{ storeId: 'harbour-street', ...numbers }], total: numbers },
  },
  getAuditHead: {
    response: { ...sealed, publishedAt: '2026-11-21T04:32:00.000Z', unsealed: 2 },
  },
  listAuditEntries: {
    response: {
      items: [
        {
          seq: 4718,
          at: '2026-11-21T04:31:00.000Z',
          actor: 'key:b7Qm2Xw9LrT4kZ0a',
          action: 'redeem',
          subject: couponId,
          outcome: 'redeemed',
          detail: { classId: lunch.id, rule: 'redeemed', version: 2, ...paid },
          ...sealed,
        },
      ],
      nextCursor: null,
    },
  },
  createApiKey: {
    request: { issuerId: '1990', scopes: ['coupon-classes:write', 'claims:write'], mode: 'live' },
    response: {
      id: 'b7Qm2Xw9LrT4kZ0a',
      key: 'tk_live_b7Qm2Xw9LrT4kZ0a_an-example-and-not-a-key',
    },
  },
  loyaltyClassInsert: {
    request: {
      id: '1990.gold',
      issuerName: 'Lanzhou Noodles',
      programName: 'Gold',
      reviewStatus: 'UNDER_REVIEW',
      enableSmartTap: true,
      redemptionIssuers: ['1990', '456'],
    },
  },
  loyaltyObjectInsert: { request: loyaltyObject, response: loyaltyObject },
};
