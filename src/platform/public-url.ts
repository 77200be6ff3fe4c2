/**
 * What is wrong with a URL to which this service is to send something on behalf of an issuer; null
 * when it may be tried. Where its name leads to is checked when it is called, each time.
 */
export function publicUrlFlaw(text: string): string | null {
  const url = text.length <= MAX_LENGTH && URL.canParse(text) ? new URL(text) : null;
  if (url === null || url.protocol !== 'https:') return 'must be an https URL';
  if (!isWrittenAsRead(text, url)) {
    return 'must be written plainly: no user, no spaces, an international name as xn--';
  }
  if (!HOST_NAME.test(url.hostname)) return 'must name a public host';
  return isPortOpen(url.port) ? null : 'must use port 443, or one from 1024 on';
}

const MAX_LENGTH = 2000;

/** Labels with a last one that begins with a letter: no IP address in any spelling, no bare name. */
const HOST_NAME =
  /^(?=.{1,253}$)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z][a-z0-9-]*[a-z0-9]$/;

/** One reader's user is another reader's host; so only the one spelling that all read alike. */
function isWrittenAsRead(text: string, { host }: URL): boolean {
  const [, authority] = /^https:\/\/([\x21-\x7e]*?)(?:[/?#][\x21-\x7e]*)?$/i.exec(text) ?? [];
  return authority?.toLowerCase().replace(/:443$/, '') === host && !text.includes('\\');
}

/** Well-known ports of other services are none of ours. */
function isPortOpen(port: string): boolean {
  return port === '' || Number(port) >= 1024;
}
