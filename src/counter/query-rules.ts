/** What a cashier may have meant; each is looked for that is not null. */
export interface QueryMeaning {
  /** A member's number at the issuer. */
  readonly memberNumber: number | null;
  readonly couponCode: string | null;
  /** What a pass hands over, as its QR code says it. */
  readonly passValue: string | null;
  /** In lower case. */
  readonly namePrefix: string | null;
}

const LONGEST = 200;
const LONGEST_NAME = 40;
const CONTROL = /\p{Cc}/u;
/** One such letter is half a name. */
const IDEOGRAPHIC = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u;
const MEMBER_NUMBER = /^[1-9][0-9]{0,14}$/;
const COUPON_CODE = /^[0-9A-HJKMNP-TV-Z]{26}$/;
const SHORTEST_VALUE = 4;

/** Reads what was typed or scanned; null for what can be nothing. */
export function readQuery(text: string): QueryMeaning | null {
  const typed = text.trim();
  if (typed === '' || typed.length > LONGEST || CONTROL.test(typed)) return null;
  // Full-width digits and letters come from Chinese keyboards.
  const plain = typed.normalize('NFKC');
  const code = plain.toUpperCase();
  const couponCode = COUPON_CODE.test(code) ? code : null;
  const meaning = {
    memberNumber: MEMBER_NUMBER.test(plain) ? Number(plain) : null,
    couponCode,
    passValue: typed.length >= SHORTEST_VALUE ? typed : null,
    namePrefix: couponCode === null ? namePrefixIn(plain) : null,
  };
  return Object.values(meaning).every((part) => part === null) ? null : meaning;
}

function namePrefixIn(plain: string): string | null {
  if (/^[0-9]+$/.test(plain) || plain.length > LONGEST_NAME) return null;
  return IDEOGRAPHIC.test(plain) || plain.length >= 2 ? plain.toLowerCase() : null;
}
