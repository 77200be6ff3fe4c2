/** Where sealed texts and marks are kept; what is sealed for one place opens in no other. */
export const PHONE_MARK = 'members.phone';
export const phonePlace = (memberId: string) => `members.phone:${memberId}`;
export const codePlace = (codeId: string) => `join_codes.code:${codeId}`;
export const codePhonePlace = (codeId: string) => `join_codes.phone:${codeId}`;
export const signInPlace = (stateSha256: string) => `sign_ins.sealed:${stateSha256}`;
