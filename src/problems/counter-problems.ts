import type { ProblemText } from './model.ts';

/** Why a browser is no till, or may not do what only a till may. */
export const counterProblems = {
  'pairing-code-wrong': {
    status: 409,
    title: { en: 'The code is not valid', 'zh-CN': '配对码无效' },
    detail: {
      en: 'It was mistyped, used before, or is older than 10 minutes. Make a new code for the terminal.',
      'zh-CN': '配对码输入有误、已被使用或已超过 10 分钟，请为该收银台重新生成配对码。',
    },
  },
  'too-many-pairing-guesses': {
    status: 429,
    title: { en: 'Too many wrong codes', 'zh-CN': '配对码错误次数过多' },
    detail: {
      en: 'Too many wrong codes were tried in the last minute. Wait a minute and try again.',
      'zh-CN': '一分钟内错误的配对码过多，请一分钟后重试。',
    },
  },
  'not-a-till': {
    status: 403,
    title: { en: 'Only a paired till may do this', 'zh-CN': '仅限已配对的收银台' },
    detail: {
      en: 'This call is for the browser of a till. Pair it with its terminal first.',
      'zh-CN': '此接口仅供收银台浏览器使用，请先将其与收银台配对。',
    },
  },
} as const satisfies Record<string, ProblemText>;
