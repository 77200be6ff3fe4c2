import type { ProblemText } from './model.ts';

/** What goes wrong when the tags at the tills are set up and written. */
export const standProblems = {
  'tag-keys-not-enabled': {
    status: 409,
    title: { en: 'Tags with keys are not enabled here', 'zh-CN': '此服务未启用加密标签' },
    detail: {
      en: 'The service has no key to keep the keys of tags by. The operator sets TAPLINE_SECRET_KEY.',
      'zh-CN': '服务没有用于保存标签密钥的加密密钥，请运维人员设置 TAPLINE_SECRET_KEY。',
    },
  },
  'stand-not-in-use': {
    status: 409,
    title: { en: 'The stand is not in use', 'zh-CN': '立牌未在使用' },
    detail: {
      en: 'The stand is retired or locked. Put it back into use first.',
      'zh-CN': '该立牌已停用或已锁定，请先恢复使用。',
    },
  },
  'stand-at-no-till': {
    status: 409,
    title: { en: 'The stand is at no till', 'zh-CN': '立牌未绑定收银台' },
    detail: {
      en: 'Bind the stand to a till first; its tag is written for that till.',
      'zh-CN': '请先将该立牌绑定到收银台，再为其写入标签。',
    },
  },
  'tag-needs-encoder': {
    status: 409,
    title: { en: 'A phone cannot write this tag', 'zh-CN': '手机无法写入此类标签' },
    detail: {
      en: 'An NTAG 424 DNA is configured with an NFC encoder and its keys. See the tag of the stand for what to write.',
      'zh-CN': 'NTAG 424 DNA 需使用 NFC 编码器及其密钥进行配置，写入内容见该立牌的标签信息。',
    },
  },
  'write-link-unknown': {
    status: 403,
    title: { en: 'This link writes no tag', 'zh-CN': '写卡链接无效' },
    detail: {
      en: 'The link is not complete, or it ended because the stand was moved. Get a new write code at the till.',
      'zh-CN': '链接不完整，或因立牌已调整而失效，请在收银台重新获取写卡码。',
    },
  },
  'write-link-used': {
    status: 403,
    title: { en: 'This link was used', 'zh-CN': '写卡链接已使用' },
    detail: {
      en: 'A link writes one tag once. Get a new write code at the till to write another.',
      'zh-CN': '每个写卡链接只能使用一次，如需再次写卡请在收银台重新获取写卡码。',
    },
  },
  'write-link-expired': {
    status: 410,
    title: { en: 'This link has expired', 'zh-CN': '写卡链接已过期' },
    detail: {
      en: 'A link is good for 15 minutes. Get a new write code at the till.',
      'zh-CN': '写卡链接有效期为 15 分钟，请在收银台重新获取写卡码。',
    },
  },
  'tag-reads-otherwise': {
    status: 409,
    title: { en: 'The tag holds something else', 'zh-CN': '标签内容不一致' },
    detail: {
      en: 'What was read from the tag is not what was to be written. Write it again, or take another tag.',
      'zh-CN': '从标签读回的内容与应写入的内容不一致，请重新写入或更换标签。',
    },
  },
} as const satisfies Record<string, ProblemText>;
