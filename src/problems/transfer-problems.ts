import type { ProblemText } from './model.ts';

/** Why a coupon is not given away, or not accepted. */
export const transferProblems = {
  'coupon-held': {
    status: 409,
    title: { en: 'A till holds the coupon', 'zh-CN': '该券正被收银台占用' },
    detail: {
      en: 'The coupon is held for an order that is being paid. Try again once that order is paid or given up.',
      'zh-CN': '此券已被一笔待支付订单占用，请在该订单支付或取消后重试。',
    },
  },
  'coupon-not-transferable': {
    status: 409,
    title: { en: 'The coupon cannot be given away', 'zh-CN': '该券不可转赠' },
    detail: {
      en: 'The merchant does not let members give this coupon away.',
      'zh-CN': '商户不允许会员转赠此券。',
    },
  },
  'transfer-already-accepted': {
    status: 409,
    title: { en: 'The coupon was accepted', 'zh-CN': '该券已被领取' },
    detail: {
      en: 'A link gives its coupon once, and someone has accepted it.',
      'zh-CN': '每个转赠链接只能领取一次，此券已被领取。',
    },
  },
  'transfer-revoked': {
    status: 409,
    title: { en: 'The link was revoked', 'zh-CN': '转赠已撤回' },
    detail: {
      en: 'The giver has taken the link back or made another one. Ask for a new link.',
      'zh-CN': '赠送人已撤回此链接或生成了新的链接，请向赠送人索取新链接。',
    },
  },
  'transfer-expired': {
    status: 410,
    title: { en: 'The link has expired', 'zh-CN': '转赠链接已过期' },
    detail: {
      en: 'The time to accept the coupon is over. Ask the giver for a new link.',
      'zh-CN': '领取时间已过，请向赠送人索取新链接。',
    },
  },
  'transfer-to-self': {
    status: 409,
    title: { en: 'The coupon is in this wallet', 'zh-CN': '不能转赠给自己' },
    detail: {
      en: 'A coupon is given to another wallet than the one it is in.',
      'zh-CN': '此券已在该卡包中，请由其他会员领取。',
    },
  },
} as const satisfies Record<string, ProblemText>;
