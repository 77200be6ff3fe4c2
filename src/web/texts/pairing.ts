import type { Locale } from '../../problems/model.ts';

const en = {
  title: 'Pair this till',
  text: 'Type the six digits that you were given for this till. They count once and for 10 minutes.',
  code: 'Pairing code',
  pair: 'Pair',
  malformed: 'The code has six digits. Type it again.',
  where:
    'Where do I get it? Whoever runs the service makes one: POST /v1/terminals/{id}/pairing-codes.',
  paired: (terminal: string) => `This browser is paired as ${terminal}. A new code pairs it anew.`,
  open: 'Open the counter',
  language: '中文',
};

export type PairingTexts = typeof en;

const zh: PairingTexts = {
  title: '配对收银台',
  text: '输入为本收银台生成的 6 位数字。配对码 10 分钟内有效，仅可使用一次。',
  code: '配对码',
  pair: '配对',
  malformed: '配对码为 6 位数字，请重新输入。',
  where: '在哪里获取？由服务管理员生成：POST /v1/terminals/{id}/pairing-codes。',
  paired: (terminal) => `本浏览器已配对为 ${terminal}，输入新的配对码可重新配对。`,
  open: '打开收银台',
  language: 'English',
};

export const pairingTexts: Readonly<Record<Locale, PairingTexts>> = { en, 'zh-CN': zh };
