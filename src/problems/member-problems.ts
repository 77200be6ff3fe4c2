import type { ProblemText } from './model.ts';

/** Why an issuer gets no member. */
export const memberProblems = {
  'phone-invalid': {
    status: 422,
    title: { en: 'This is not a phone number', 'zh-CN': '手机号格式不正确' },
    detail: {
      en: 'Check the digits. A number from outside mainland China begins with + and its country code.',
      'zh-CN': '请检查号码。中国大陆以外的号码请以 + 和国家或地区代码开头。',
    },
  },
  'members-not-enabled': {
    status: 409,
    title: { en: 'The issuer takes no members', 'zh-CN': '该机构尚未开通会员' },
    detail: {
      en: 'Name the class of its member cards with PUT /v1/issuers/{issuerId}/membership first.',
      'zh-CN': '请先通过 PUT /v1/issuers/{issuerId}/membership 指定会员卡类别。',
    },
  },
  'class-not-for-members': {
    status: 409,
    title: { en: 'Members get no card of this class', 'zh-CN': '该类别不能用作会员卡' },
    detail: {
      en: 'Member cards are of an approved loyalty class of the same issuer.',
      'zh-CN': '会员卡须使用同一机构已通过审核的 loyalty 类别。',
    },
  },
  'phones-not-kept': {
    status: 409,
    title: { en: 'Phone numbers are not kept here', 'zh-CN': '此服务不保存手机号' },
    detail: {
      en: 'The service has no key to keep phone numbers by. The operator sets TAPLINE_SECRET_KEY.',
      'zh-CN': '服务没有用于保存手机号的加密密钥，请运维人员设置 TAPLINE_SECRET_KEY。',
    },
  },
  'number-taken': {
    status: 409,
    title: { en: 'The member number is taken', 'zh-CN': '会员号已被占用' },
    detail: {
      en: 'Another member of this issuer has the number. Leave it out to get the next free one.',
      'zh-CN': '该机构的另一位会员已使用此号码。省略该字段即可获得下一个可用号码。',
    },
  },
} as const satisfies Record<string, ProblemText>;
