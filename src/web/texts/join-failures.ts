import type { CodeRefusal, JoinRefusal } from '../../members/join-rules.ts';
import type { ProblemText } from '../../problems/model.ts';

/** What can go wrong on the way to membership. */
export type JoinError = CodeRefusal | JoinRefusal | 'sign-in-failed';

/** What the page says then, and the status that it has. */
export const joinFailures = {
  'joining-not-enabled': {
    status: 409,
    title: { en: 'Joining by phone is not enabled', 'zh-CN': '暂不支持手机号入会' },
    detail: {
      en: 'This service cannot send codes yet. Ask at the counter.',
      'zh-CN': '此服务暂时无法发送验证码，请咨询店员。',
    },
  },
  'phone-invalid': {
    status: 422,
    title: { en: 'This is not a phone number', 'zh-CN': '手机号格式不正确' },
    detail: {
      en: 'Check the digits. A number from outside mainland China begins with + and its country code.',
      'zh-CN': '请检查号码。中国大陆以外的号码请以 + 和国家或地区代码开头。',
    },
  },
  'too-many-codes': {
    status: 429,
    title: { en: 'Too many codes were asked for', 'zh-CN': '获取验证码过于频繁' },
    detail: {
      en: 'A number gets one code a minute and five an hour. Use the last code, or try again later.',
      'zh-CN': '每个号码每分钟可获取一次、每小时最多五次。请使用最近收到的验证码，或稍后再试。',
    },
  },
  'code-not-sent': {
    status: 503,
    title: { en: 'The code could not be sent', 'zh-CN': '验证码发送失败' },
    detail: {
      en: 'The message service did not answer. Try again in a minute.',
      'zh-CN': '短信服务没有响应，请一分钟后重试。',
    },
  },
  'code-wrong': {
    status: 422,
    title: { en: 'The code is not right', 'zh-CN': '验证码不正确' },
    detail: {
      en: 'Compare it with the message and type it once more.',
      'zh-CN': '请核对短信中的验证码后重新输入。',
    },
  },
  'code-expired': {
    status: 410,
    title: { en: 'The code is over', 'zh-CN': '验证码已失效' },
    detail: {
      en: 'A code counts for five minutes, once, on the phone that asked for it. Ask for a new one.',
      'zh-CN': '验证码五分钟内有效，仅可在获取它的手机上使用一次，请重新获取。',
    },
  },
  'too-many-tries': {
    status: 429,
    title: { en: 'Too many wrong codes', 'zh-CN': '验证码错误次数过多' },
    detail: {
      en: 'This code does not count any more. Ask for a new one.',
      'zh-CN': '此验证码已作废，请重新获取。',
    },
  },
  'sign-in-failed': {
    status: 409,
    title: { en: 'The sign-in did not succeed', 'zh-CN': '登录未成功' },
    detail: {
      en: 'It took too long, was begun on another phone, or was given up. Begin it once more.',
      'zh-CN': '登录已超时、在其他手机上发起或已取消，请重新登录。',
    },
  },
} as const satisfies Record<JoinError, ProblemText>;
