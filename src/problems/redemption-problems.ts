import type { ProblemText } from './model.ts';

/** Why a coupon is not redeemed, or a redemption not reversed. */
export const redemptionProblems = {
  'issuer-not-authorised': {
    status: 409,
    title: { en: 'Not redeemable at this merchant', 'zh-CN': '本商户不可核销' },
    detail: {
      en: 'The coupon does not list this merchant among those who redeem it.',
      'zh-CN': '此券未授权本商户核销。',
    },
  },
  'coupon-voided': {
    status: 409,
    title: { en: 'The coupon was withdrawn', 'zh-CN': '该券已作废' },
    detail: { en: 'This coupon no longer counts.', 'zh-CN': '此券已失效。' },
  },
  'coupon-already-redeemed': {
    status: 409,
    title: { en: 'The coupon was used', 'zh-CN': '该券已使用' },
    detail: {
      en: 'This coupon has been redeemed or given away.',
      'zh-CN': '此券已核销或已转赠。',
    },
  },
  'coupon-expired': {
    status: 409,
    title: { en: 'The coupon has expired', 'zh-CN': '该券已过期' },
    detail: { en: 'Its period of use is over.', 'zh-CN': '此券的使用期限已过。' },
  },
  'coupon-not-yet-available': {
    status: 409,
    title: { en: 'The coupon is not usable yet', 'zh-CN': '该券尚未生效' },
    detail: {
      en: 'Its period of use has not begun.',
      'zh-CN': '此券的使用期限尚未开始。',
    },
  },
  'outside-use-hours': {
    status: 409,
    title: { en: 'Not at this hour', 'zh-CN': '不在使用时段' },
    detail: {
      en: 'This coupon is used at certain hours of the week only.',
      'zh-CN': '此券仅可在每周的指定时段使用。',
    },
  },
  'not-combinable': {
    status: 409,
    title: { en: 'Not together with the others', 'zh-CN': '不可叠加使用' },
    detail: {
      en: 'The order takes this coupon alone, or another one of its kind took its place.',
      'zh-CN': '此券不可与订单中的其他券叠加使用，已选用更优惠的券。',
    },
  },
  'redemption-held': {
    status: 409,
    title: { en: 'The redemption is only held', 'zh-CN': '该核销尚未确认' },
    detail: {
      en: 'What is held was not redeemed yet. Release it instead.',
      'zh-CN': '此券仅被占用，尚未核销，请改为释放占用。',
    },
  },
  'redemption-confirmed': {
    status: 409,
    title: { en: 'The redemption is confirmed', 'zh-CN': '该核销已确认' },
    detail: {
      en: 'It is no hold any more. Reverse it to give the coupon back.',
      'zh-CN': '此笔核销已不再是占用状态，如需退回该券请撤销核销。',
    },
  },
  'hold-expired': {
    status: 409,
    title: { en: 'The hold is over', 'zh-CN': '占用已超时' },
    detail: {
      en: 'It was not confirmed in time, and the coupon went back to its holder. Redeem it anew.',
      'zh-CN': '未在时限内确认，此券已退回持有人，请重新核销。',
    },
  },
  'hold-released': {
    status: 409,
    title: { en: 'The hold was released', 'zh-CN': '占用已释放' },
    detail: {
      en: 'The coupon went back to its holder, and nothing was redeemed.',
      'zh-CN': '此券已退回持有人，没有发生核销。',
    },
  },
  'scene-not-allowed': {
    status: 409,
    title: { en: 'Not in this way of buying', 'zh-CN': '使用场景不符' },
    detail: {
      en: 'The coupon is for the store only, or for online orders only.',
      'zh-CN': '此券仅限门店使用或仅限线上使用。',
    },
  },
  'currency-mismatch': {
    status: 409,
    title: { en: 'The currencies differ', 'zh-CN': '币种不一致' },
    detail: {
      en: 'The coupon is worth an amount in another currency than the order.',
      'zh-CN': '此券的币种与订单币种不同。',
    },
  },
  'scope-not-met': {
    status: 409,
    title: { en: 'Nothing in the order fits', 'zh-CN': '订单中没有适用商品' },
    detail: {
      en: 'The coupon is for certain goods, and the order has none of them at the regular price asked for.',
      'zh-CN': '此券限特定商品使用，订单中没有符合条件的商品。',
    },
  },
  'min-spend-not-met': {
    status: 409,
    title: { en: 'The order is too small', 'zh-CN': '未达最低消费' },
    detail: {
      en: 'The goods that count do not reach the minimum spend of the coupon, or nothing would come off.',
      'zh-CN': '适用商品金额未达到此券的最低消费。',
    },
  },
  'redemption-already-reversed': {
    status: 409,
    title: { en: 'The redemption was reversed', 'zh-CN': '该核销已撤销' },
    detail: {
      en: 'A redemption is reversed once.',
      'zh-CN': '每笔核销只能撤销一次。',
    },
  },
  'clone-already-redeemed': {
    status: 409,
    title: { en: 'The clone was used', 'zh-CN': '克隆券已使用' },
    detail: {
      en: 'The coupon that came back for this redemption has been redeemed, is held at a till, or was given away. Take that back first.',
      'zh-CN': '此次核销返还的券已被使用，请先撤销那一笔核销。',
    },
  },
} as const satisfies Record<string, ProblemText>;
