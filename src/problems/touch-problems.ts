import type { ProblemText } from './model.ts';

/** Why a touch of a stand is none, or gives nothing any more. Members read these. */
export const touchProblems = {
  'stand-unknown': {
    status: 404,
    title: { en: 'This stand is not set up', 'zh-CN': '此立牌尚未设置' },
    detail: {
      en: 'It is not connected to a till. Please tell the staff, or show your member code instead.',
      'zh-CN': '立牌未关联收银台。请告知店员，或直接出示会员码。',
    },
  },
  'stand-not-set-up': {
    status: 404,
    title: { en: 'This stand is not set up yet', 'zh-CN': '此立牌还未启用' },
    detail: {
      en: 'It stands at no till at the moment. Please tell the staff, or show your member code instead.',
      'zh-CN': '立牌目前没有绑定收银台。请告知店员，或直接出示会员码。',
    },
  },
  'tag-forged': {
    status: 403,
    title: { en: 'This did not come from the stand', 'zh-CN': '未通过立牌验证' },
    detail: {
      en: 'The address is not what the stand gives. Hold your phone near the stand itself.',
      'zh-CN': '该地址并非立牌发出。请将手机靠近立牌本身再碰一次。',
    },
  },
  'tag-replayed': {
    status: 409,
    title: { en: 'This touch was used before', 'zh-CN': '此次碰一碰已使用' },
    detail: {
      en: 'Every touch counts once. Hold your phone near the stand again.',
      'zh-CN': '每次碰一碰仅能使用一次。请将手机再次靠近立牌。',
    },
  },
  'too-many-touches': {
    status: 429,
    title: { en: 'One moment, please', 'zh-CN': '请稍候' },
    detail: {
      en: 'Very many phones are touching this stand. Wait a minute and touch it again, or show your member code.',
      'zh-CN': '当前碰一碰的人数过多。请一分钟后再碰一次，或直接出示会员码。',
    },
  },
  'touch-unknown': {
    status: 404,
    title: { en: 'This page is not known', 'zh-CN': '页面不存在' },
    detail: {
      en: 'Hold your phone near the stand at the till to open your own page.',
      'zh-CN': '请将手机靠近收银台的立牌，打开属于您的页面。',
    },
  },
  'touch-over': {
    status: 410,
    title: { en: 'This touch is over', 'zh-CN': '本次碰一碰已结束' },
    detail: {
      en: 'A touch counts for 10 minutes, on the phone that made it. Hold your phone near the stand again.',
      'zh-CN': '碰一碰 10 分钟内有效，且仅限本次使用的手机。请再碰一次立牌。',
    },
  },
  'join-first': {
    status: 409,
    title: { en: 'Join first', 'zh-CN': '请先加入会员' },
    detail: {
      en: 'Coupons are kept in your own wallet. Join on this page and claim after that.',
      'zh-CN': '优惠券会存入您的卡包。请先在本页加入会员，再领取。',
    },
  },
  'membership-not-offered': {
    status: 409,
    title: { en: 'There is nothing to join here', 'zh-CN': '商户暂无会员计划' },
    detail: {
      en: 'This merchant has no membership at present. Your coupons work without one.',
      'zh-CN': '该商户目前没有会员计划，您的优惠券可照常使用。',
    },
  },
} as const satisfies Record<string, ProblemText>;
