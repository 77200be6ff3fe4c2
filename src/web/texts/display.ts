import type { Locale } from '../../problems/model.ts';

const en = {
  title: 'Customer display',
  idle: 'Tap your phone here',
  idleText: 'Unlock it and hold it to the stand. On an iPhone, then press the banner.',
  orScan: 'Or scan this code',
  qr: 'QR code of the stand',
  welcome: (name: string) => `Welcome, ${name}`,
  welcomeGuest: 'Welcome',
  looking: 'Your coupons are at the till.',
  total: 'Total',
  save: 'You save',
  toPay: 'To pay',
  done: 'Thank you',
  paid: 'Paid',
  lost: 'This display has lost its line. The till goes on; please look there.',
  ended: 'This display is no longer paired. Please ask at the till.',
};

export type DisplayTexts = typeof en;

const zh: DisplayTexts = {
  title: '顾客显示屏',
  idle: '手机碰一碰',
  idleText: '解锁手机后靠近立牌。iPhone 请再点一下弹出的横幅。',
  orScan: '或扫描二维码',
  qr: '立牌二维码',
  welcome: (name) => `欢迎您，${name}`,
  welcomeGuest: '欢迎光临',
  looking: '您的优惠券已到收银台。',
  total: '合计',
  save: '已为您节省',
  toPay: '应付',
  done: '谢谢惠顾',
  paid: '实付',
  lost: '显示屏连接中断，收银照常进行，请以收银台为准。',
  ended: '显示屏已解除配对，请咨询收银员。',
};

export const displayTexts: Readonly<Record<Locale, DisplayTexts>> = { en, 'zh-CN': zh };
