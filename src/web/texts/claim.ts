import type { Locale } from '../../problems/model.ts';

interface ClaimTexts {
  readonly hello: (name: string) => string;
  readonly welcomeBack: string;
  readonly welcome: (issuerName: string) => string;
  readonly recognised: string;
  readonly stranger: string;
  readonly number: (number: string) => string;
  readonly points: string;
  readonly offers: string;
  readonly teaser: string;
  readonly claim: string;
  readonly claimNamed: (name: string) => string;
  readonly claimAll: string;
  readonly claimed: string;
  readonly claimedNow: string;
  readonly pending: string;
  readonly lookAgain: string;
  readonly owned: string;
  readonly nothing: string;
  readonly haveAll: string;
  readonly nextOn: (date: string) => string;
  readonly startsOn: (date: string) => string;
  readonly amountOff: (amount: string) => string;
  readonly percentOff: (percent: number) => string;
  readonly exchange: (sku: string) => string;
  readonly upTo: (amount: string) => string;
  readonly minSpend: (amount: string) => string;
  readonly someStores: string;
  readonly validDays: (days: number) => string;
  readonly validAfter: (hours: number, days: number) => string;
  readonly validUntil: (date: string) => string;
  readonly validBetween: (range: string) => string;
  readonly usableFrom: (date: string) => string;
  readonly told: Readonly<Record<'claimed' | 'pending' | 'joined', string>>;
  readonly notSent: string;
  readonly joinHere: (issuerName: string) => string;
  readonly joinHereWhy: string;
  readonly unheard: string;
  readonly unheardWithoutCard: string;
  readonly memberCode: string;
  readonly viewOnly: string;
  readonly viewOnlyHow: string;
  readonly safe: string;
  readonly safeWhy: string;
  readonly help: string;
  readonly helpPoints: readonly string[];
  readonly helpIphone: string;
  readonly notYou: string;
  readonly wallet: string;
  readonly otherLanguage: string;
}

const isOne = (count: number) => new Intl.PluralRules('en').select(count) === 'one';

const en: ClaimTexts = {
  hello: (name) => `Hello, ${name}`,
  welcomeBack: 'Welcome back',
  welcome: (issuerName) => `Welcome to ${issuerName}`,
  recognised: 'The till knows you are here.',
  stranger: 'Your phone is not known here yet. Join once, and a touch is enough from then on.',
  number: (number) => `No. ${number}`,
  points: 'Points',
  offers: 'For your touch',
  teaser: 'Members can claim now',
  claim: 'Claim',
  claimNamed: (name) => `Claim ${name}`,
  claimAll: 'Claim all',
  claimed: 'Claimed ✓',
  claimedNow: 'Claimed ✓ use now',
  pending: 'Being decided',
  lookAgain: 'Look again',
  owned: 'Yours to use here',
  nothing: 'There is nothing to claim here today.',
  haveAll: 'You have them all.',
  nextOn: (date) => `The next coupons come on ${date}.`,
  startsOn: (date) => `Claim from ${date}`,
  amountOff: (amount) => `${amount} off`,
  percentOff: (percent) => `${percent}% off`,
  exchange: (sku) => `Free: ${sku}`,
  upTo: (amount) => `At most ${amount}.`,
  minSpend: (amount) => `On orders of ${amount} or more.`,
  someStores: 'In certain stores, this one among them.',
  validDays: (days) =>
    isOne(days) ? 'Usable for one day after claiming.' : `Usable for ${days} days after claiming.`,
  validAfter: (hours, days) =>
    `Usable from ${isOne(hours) ? 'one hour' : `${hours} hours`} after claiming, for ${isOne(days) ? 'one day' : `${days} days`}.`,
  validUntil: (date) => `Usable until ${date}.`,
  validBetween: (range) => `Usable ${range}.`,
  usableFrom: (date) => `Usable from ${date}.`,
  told: {
    claimed: 'The coupon is yours.',
    pending: 'Your claim is being decided. Look again in a moment.',
    joined: 'You are a member here now.',
  },
  notSent: 'The connection was lost, and nothing may have been claimed. Try again.',
  joinHere: (issuerName) => `Join ${issuerName}`,
  joinHereWhy: 'You have joined elsewhere; one touch makes you a member here too.',
  unheard: 'You are recognised, but the screen of this till is not connected. Show this code.',
  unheardWithoutCard:
    'You are recognised, but the screen of this till is not connected. Please tell the cashier.',
  memberCode: 'Your member code',
  viewOnly: 'For looking only',
  viewOnlyHow: 'To claim, hold your own phone near the stand at the till.',
  safe: 'Why this is safe',
  safeWhy:
    'The stand has no power and cannot read your phone. It only tells the address of this page. The shop sees your member number and the name you chose, never your phone number.',
  help: 'When a touch does not work',
  helpPoints: [
    'Unlock the screen and hold the upper back of the phone near the stand.',
    'Close the camera and any wallet or payment app, and switch off flight mode.',
    'Is there no NFC in your phone? Scan the printed code on the stand.',
  ],
  helpIphone: 'iPhone XS or later: tap the notification that appears at the top.',
  notYou: 'Not you?',
  wallet: 'My wallet',
  otherLanguage: '中文',
};

const zh: ClaimTexts = {
  hello: (name) => `${name}，您好`,
  welcomeBack: '欢迎回来',
  welcome: (issuerName) => `欢迎光临${issuerName}`,
  recognised: '收银台已识别到您。',
  stranger: '尚未识别您的手机。加入一次会员，以后碰一碰即可识别。',
  number: (number) => `会员号 ${number}`,
  points: '积分',
  offers: '碰一碰专享',
  teaser: '会员现在可领',
  claim: '领取',
  claimNamed: (name) => `领取${name}`,
  claimAll: '全部领取',
  claimed: '已领取 ✓',
  claimedNow: '已领取 ✓ 现在可用',
  pending: '正在处理',
  lookAgain: '刷新查看',
  owned: '您在本店可用的券',
  nothing: '今天没有可领取的券。',
  haveAll: '您已全部领取。',
  nextOn: (date) => `下一批券将于 ${date} 开始领取。`,
  startsOn: (date) => `${date} 开始领取`,
  amountOff: (amount) => `立减 ${amount}`,
  percentOff: (percent) => (percent === 100 ? '免单' : `${discountInTenths(percent)} 折`),
  exchange: (sku) => `兑换 ${sku}`,
  upTo: (amount) => `最高优惠 ${amount}。`,
  minSpend: (amount) => `满 ${amount} 可用。`,
  someStores: '限指定门店使用，含本店。',
  validDays: (days) => `领取后 ${days} 天内可用。`,
  validAfter: (hours, days) => `领取 ${hours} 小时后生效，有效期 ${days} 天。`,
  validUntil: (date) => `${date} 前可用。`,
  validBetween: (range) => `${range} 可用。`,
  usableFrom: (date) => `${date} 起可用。`,
  told: {
    claimed: '领取成功。',
    pending: '领取正在处理，请稍后刷新查看。',
    joined: '您已成为本店会员。',
  },
  notSent: '网络中断，可能未领取成功，请重试。',
  joinHere: (issuerName) => `加入${issuerName}会员`,
  joinHereWhy: '您已是其他商户的会员，点一下即可加入本店。',
  unheard: '已识别到您，但收银台屏幕未连接。请出示此码。',
  unheardWithoutCard: '已识别到您，但收银台屏幕未连接。请告知收银员。',
  memberCode: '您的会员码',
  viewOnly: '仅供查看',
  viewOnlyHow: '如需领取，请用您自己的手机靠近收银台的立牌。',
  safe: '为什么是安全的',
  safeWhy:
    '立牌不通电，无法读取您的手机，只会告诉手机本页的地址。商户只能看到您的会员号和您设置的称呼，看不到手机号。',
  help: '碰一碰没有反应？',
  helpPoints: [
    '请先解锁屏幕，将手机背面上部靠近立牌。',
    '请关闭相机和钱包、支付类应用，并关闭飞行模式。',
    '手机没有 NFC？请扫描立牌上的二维码。',
  ],
  helpIphone: 'iPhone XS 及以上机型：请点按屏幕顶部弹出的通知。',
  notYou: '不是您？',
  wallet: '我的卡包',
  otherLanguage: 'English',
};

/** 10% off is 9 折: what remains to be paid, in tenths. */
function discountInTenths(percent: number): string {
  return new Intl.NumberFormat('zh-CN', { maximumFractionDigits: 2 }).format((100 - percent) / 10);
}

export const claimTexts: Readonly<Record<Locale, ClaimTexts>> = { en, 'zh-CN': zh };
