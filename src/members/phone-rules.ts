/** Where a number without a country is from. */
const HOME = '86';
const HOME_MOBILE = /^1[3-9][0-9]{9}$/;
/** A country never begins with 0, and the whole has 15 digits at most (ITU-T E.164). */
const ABROAD = /^[1-9][0-9]{7,14}$/;
/** What people and phones put between digits, the full-width forms of Chinese keyboards too. */
const BETWEEN = /[\s\u00a0\u2010-\u2015()-]/g;

/** A phone number as E.164 (`+8613800138000`); null for what cannot be one. */
export function parsePhone(text: string): string | null {
  if (text.length > 40) return null;
  const plain = text.normalize('NFKC').replace(BETWEEN, '');
  const digits = plain.replace(/^(?:\+|00)/, '');
  const whole = digits === plain ? HOME + digits : digits;
  if (whole.startsWith(HOME)) {
    return HOME_MOBILE.test(whole.slice(HOME.length)) ? `+${whole}` : null;
  }
  return ABROAD.test(whole) ? `+${whole}` : null;
}

/** The end of a number, enough for its owner to know it by. */
export function phoneTail(phone: string): string {
  return phone.slice(-4);
}
