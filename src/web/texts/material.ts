import type { Locale } from '../../problems/model.ts';

interface MaterialTexts {
  readonly title: (stand: string) => string;
  /** For who cannot see the picture. */
  readonly described: string;
  readonly headline: string;
  readonly promise: string;
  readonly unlock: string;
  readonly hold: string;
  readonly iphone: string;
  readonly scan: string;
}

export const materialTexts: Readonly<Record<Locale, MaterialTexts>> = {
  en: {
    title: (stand) => `Stand: ${stand}`,
    described: 'A circle marks where a phone is held. The printed code does the same.',
    headline: 'Touch with your phone',
    promise: 'Be recognised and get your coupons',
    unlock: 'Unlock your phone',
    hold: 'Hold it near the circle',
    iphone: 'iPhone: hold its top edge here, then tap the banner',
    scan: 'No NFC? Scan this code.',
  },
  'zh-CN': {
    title: (stand) => `立牌：${stand}`,
    described: '圆圈处为手机感应区，也可扫描印刷的二维码。',
    headline: '手机碰一碰',
    promise: '识别会员，领取优惠',
    unlock: '先解锁手机',
    hold: '再靠近圆圈处',
    iphone: 'iPhone：请将手机顶部靠近，再点按横幅',
    scan: '没有 NFC？扫码也可以。',
  },
};
