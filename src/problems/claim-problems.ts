import type { ProblemText } from './model.ts';

/** Why a coupon is not claimed, or a coupon class not changed. */
export const claimProblems = {
  'wallet-not-found': {
    status: 404,
    title: { en: 'There is no such wallet', 'zh-CN': '卡包不存在' },
    detail: {
      en: 'No wallet with this id is known to you.',
      'zh-CN': '未找到您可用的该卡包。',
    },
  },
  'coupon-class-voided': {
    status: 409,
    title: { en: 'The coupon was withdrawn', 'zh-CN': '该券已作废' },
    detail: {
      en: 'The merchant has stopped giving out this coupon.',
      'zh-CN': '商户已停止发放此券。',
    },
  },
  'claim-not-started': {
    status: 409,
    title: { en: 'Claiming has not started', 'zh-CN': '尚未开始领取' },
    detail: {
      en: 'Come back when the claim period begins.',
      'zh-CN': '请在领取时间开始后再来。',
    },
  },
  'claim-ended': {
    status: 409,
    title: { en: 'Claiming is over', 'zh-CN': '领取已结束' },
    detail: {
      en: 'The claim period of this coupon has ended.',
      'zh-CN': '此券的领取时间已过。',
    },
  },
  'outside-claim-hours': {
    status: 409,
    title: { en: 'Not at this hour', 'zh-CN': '不在领取时段' },
    detail: {
      en: 'This coupon is given out at certain hours of the week only.',
      'zh-CN': '此券仅在每周的指定时段发放。',
    },
  },
  'tap-required': {
    status: 409,
    title: { en: 'Tap at the till first', 'zh-CN': '请先在收银台碰一碰' },
    detail: {
      en: "This coupon is given after a tap of this member at the merchant's till.",
      'zh-CN': '此券须会员在商户收银台碰一碰后领取。',
    },
  },
  'tap-expired': {
    status: 409,
    title: { en: 'The tap is too old', 'zh-CN': '碰一碰已超时' },
    detail: {
      en: 'A tap counts for 10 minutes. Tap at the till once more.',
      'zh-CN': '碰一碰 10 分钟内有效，请再碰一次。',
    },
  },
  'store-not-eligible': {
    status: 409,
    title: { en: 'Not in this store', 'zh-CN': '本门店不适用' },
    detail: {
      en: 'This coupon belongs to other stores of the merchant.',
      'zh-CN': '此券仅适用于商户的其他门店。',
    },
  },
  'member-not-eligible': {
    status: 409,
    title: { en: 'Not for this member', 'zh-CN': '该会员不适用' },
    detail: {
      en: 'This coupon is for members of certain classes.',
      'zh-CN': '此券仅适用于特定类别的会员。',
    },
  },
  'member-limit-reached': {
    status: 409,
    title: { en: 'The member has had this coupon', 'zh-CN': '已达领取上限' },
    detail: {
      en: 'This member has claimed as many of these coupons as one member may.',
      'zh-CN': '该会员已领满此券的限领数量。',
    },
  },
  'member-day-limit-reached': {
    status: 409,
    title: { en: 'Enough for today', 'zh-CN': '今日已达上限' },
    detail: {
      en: 'This member has claimed as many of these coupons as one member may in a day.',
      'zh-CN': '该会员今日已领满此券的限领数量。',
    },
  },
  'member-week-limit-reached': {
    status: 409,
    title: { en: 'Enough for this week', 'zh-CN': '本周已达上限' },
    detail: {
      en: 'This member has claimed as many of these coupons as one member may in a week.',
      'zh-CN': '该会员本周已领满此券的限领数量。',
    },
  },
  'sold-out': {
    status: 409,
    title: { en: 'All coupons are gone', 'zh-CN': '已领完' },
    detail: {
      en: 'The whole stock of this coupon has been claimed.',
      'zh-CN': '此券已全部领完。',
    },
  },
  'budget-exhausted': {
    status: 409,
    title: { en: 'The budget is used up', 'zh-CN': '活动预算已用完' },
    detail: {
      en: 'The money set aside for this coupon does not pay for one more.',
      'zh-CN': '此券的活动预算不足以再发放一张。',
    },
  },
  'locked-after-first-claim': {
    status: 409,
    title: { en: 'The promise to members is locked', 'zh-CN': '承诺内容已锁定' },
    detail: {
      en: 'After the first claim what a coupon is worth and when it may be used stay as they are, where and by whom may only widen, and stock and budget may only rise.',
      'zh-CN':
        '首次领取后，券的价值与使用时间不可更改，使用范围与人群只可放宽，库存与预算只可增加。',
    },
  },
  'already-published': {
    status: 409,
    title: { en: 'The coupon class is published', 'zh-CN': '该券已发布' },
    detail: {
      en: 'A published coupon class does not become a draft again. Void it to stop claims.',
      'zh-CN': '已发布的券不能恢复为草稿，如需停止领取请作废。',
    },
  },
} as const satisfies Record<string, ProblemText>;
