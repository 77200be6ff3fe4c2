import type { ProblemText } from './model.ts';

/** Why an issuer gets no webhook endpoint. */
export const webhookProblems = {
  'webhooks-not-enabled': {
    status: 409,
    title: { en: 'Webhooks are not enabled here', 'zh-CN': '此服务未启用 Webhook' },
    detail: {
      en: 'The service has no key to keep their secrets by. The operator sets TAPLINE_SECRET_KEY.',
      'zh-CN': '服务没有用于保存密钥的加密密钥，请运维人员设置 TAPLINE_SECRET_KEY。',
    },
  },
  'too-many-webhooks': {
    status: 409,
    title: { en: 'The issuer has too many endpoints', 'zh-CN': 'Webhook 数量已达上限' },
    detail: {
      en: 'Remove an endpoint that is not needed any more.',
      'zh-CN': '请先删除不再使用的端点。',
    },
  },
} as const satisfies Record<string, ProblemText>;
