import type { Locale } from '../../problems/model.ts';

interface JoinTexts {
  readonly title: string;
  readonly titleAt: (issuerName: string) => string;
  readonly why: string;
  readonly phone: string;
  readonly phoneHint: string;
  readonly sendCode: string;
  readonly signIn: string;
  readonly sentTo: (phone: string) => string;
  readonly code: string;
  readonly codeHint: string;
  readonly displayName: string;
  readonly displayNameHint: string;
  readonly join: string;
  readonly sendAgain: string;
  readonly otherNumber: string;
  readonly consent: string;
}

export const joinTexts: Readonly<Record<Locale, JoinTexts>> = {
  en: {
    title: 'Become a member',
    titleAt: (issuerName) => `Become a member of ${issuerName}`,
    why: 'Your phone is your card: next time you are recognised by a touch.',
    phone: 'Mobile number',
    phoneHint: 'From outside mainland China: with + and the country code.',
    sendCode: 'Send me a code',
    signIn: 'Sign in with my account instead',
    sentTo: (phone) => `We sent a code to ${phone}. It counts for five minutes.`,
    code: 'Code',
    codeHint: 'The six digits of the message.',
    displayName: 'What may we call you? (optional)',
    displayNameHint: 'The cashier sees it when you touch the stand.',
    join: 'Join',
    sendAgain: 'Send a new code',
    otherNumber: 'Use another number',
    consent:
      'By joining you agree that we keep your number encrypted, to recognise you and for nothing else. Shops see your member number there, never your phone number. You can export or delete everything at any time.',
  },
  'zh-CN': {
    title: '成为会员',
    titleAt: (issuerName) => `成为${issuerName}会员`,
    why: '手机就是会员卡，下次碰一碰即可识别。',
    phone: '手机号',
    phoneHint: '中国大陆以外的号码请以 + 和国家或地区代码开头。',
    sendCode: '获取验证码',
    signIn: '使用已有账号登录',
    sentTo: (phone) => `验证码已发送至 ${phone}，五分钟内有效。`,
    code: '验证码',
    codeHint: '短信中的六位数字。',
    displayName: '怎么称呼您？（选填）',
    displayNameHint: '您碰一碰时，收银员会看到这个称呼。',
    join: '加入',
    sendAgain: '重新获取验证码',
    otherNumber: '更换手机号',
    consent:
      '加入即表示您同意我们加密保存您的手机号，仅用于识别会员身份。商户只能看到您在该店的会员号，看不到手机号。您可以随时导出或删除全部数据。',
  },
};
