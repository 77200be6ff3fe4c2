/** A session of a tap, or the wallet's pages: nowhere else is a member sent after a form. */
const OWN = /^\/(?:s\/[\w-]{1,200}|me(?:\/[\w/-]{0,100})?)(?:\?[\w=&%~-]{0,200})?$/;
const HOME = '/me';

/** Where to go on; a path that is not ours leads to the wallet. */
export function ownPath(text: string | undefined): string {
  return text !== undefined && OWN.test(text) ? text : HOME;
}
