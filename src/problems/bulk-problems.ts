import type { ProblemText } from './model.ts';

/** Why a coupon class is not issued to many. */
export const bulkProblems = {
  'bulk-needs-manual-class': {
    status: 409,
    title: { en: 'This coupon is only for who taps', 'zh-CN': '该券仅限碰一碰领取' },
    detail: {
      en: 'A coupon class with "issueType": "tap_claim" is claimed one by one at a terminal. Issue a class of another type in bulk.',
      'zh-CN':
        '"issueType" 为 "tap_claim" 的券须由会员在终端逐一领取，请改用其他发放方式的券批量发放。',
    },
  },
} as const satisfies Record<string, ProblemText>;
