import { registerDevice } from '../../src/members/device.ts';
import { makeMember } from '../../src/members/make-member.ts';
import { giveDevice } from '../../src/members/member-store.ts';
import type { TestService } from './service.ts';

/** A page as the phone got it. */
export interface WalletPage {
  readonly status: number;
  readonly headers: Headers;
  readonly location: string | null;
  readonly html: string;
  /** What a reader sees, in one line. */
  readonly text: string;
}

/** A member's browser: keeps its cookies by their paths and follows nothing by itself. */
export class WalletPhone {
  readonly #url: string;
  readonly #cookies = new Map<string, { readonly value: string; readonly path: string }>();
  readonly memberId: string;
  readonly walletId: string;

  constructor(url: string, secret: string, member: { memberId: string; walletId: string }) {
    this.#url = url;
    this.#cookies.set('tapline_device', { value: secret, path: '/' });
    this.memberId = member.memberId;
    this.walletId = member.walletId;
  }

  get(path: string, headers: Record<string, string> = {}): Promise<WalletPage> {
    return this.#send('GET', path, { headers });
  }

  post(path: string, fields: Record<string, string> = {}, headers: Record<string, string> = {}) {
    const type = { 'Content-Type': 'application/x-www-form-urlencoded' };
    const body = new URLSearchParams(fields).toString();
    return this.#send('POST', path, { headers: { ...type, ...headers }, body });
  }

  /** Posts, and opens the page to which the answer leads. */
  async send(path: string, fields: Record<string, string> = {}): Promise<WalletPage> {
    const { location, status, text } = await this.post(path, fields);
    if (status !== 303 || location === null) throw new Error(`${status} ${text}`);
    return this.get(location);
  }

  /** Puts the device's secret into another browser's jar. */
  get secret(): string {
    return this.#cookies.get('tapline_device')?.value ?? '';
  }

  async #send(method: string, path: string, init: RequestInit): Promise<WalletPage> {
    const headers = new Headers(init.headers);
    const sent = [...this.#cookies].filter(([, cookie]) => path.startsWith(cookie.path));
    headers.set('cookie', sent.map(([name, { value }]) => `${name}=${value}`).join('; '));
    const response = await fetch(this.#url + path, {
      redirect: 'manual',
      ...init,
      method,
      headers,
    });
    for (const set of response.headers.getSetCookie()) this.#keep(set);
    const html = await response.text();
    const location = response.headers.get('location');
    return { status: response.status, headers: response.headers, location, html, text: seen(html) };
  }

  #keep(set: string): void {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
    const [, path = '/'] = /; path=([^;]+)/i.exec(set) ?? [];
    if (/max-age=0/i.test(set)) this.#cookies.delete(name);
    else this.#cookies.set(name, { value, path });
  }
}

/** The phone of a member with an empty wallet of the platform. */
export function walletPhone(
  { database, urls }: Pick<TestService, 'database' | 'urls'>,
  displayName: string | null = null,
): Promise<WalletPhone> {
  return database.transact(async (tx) => {
    const { device, secret } = await registerDevice(tx);
    const phoneFor = async () => null;
    const member = await makeMember(tx, { displayName, joinedBy: 'sign-in', phoneFor });
    await giveDevice(tx, device.id, member.memberId);
    return new WalletPhone(urls[0] ?? '', secret, member);
  });
}

/** What a reader sees of a page: no tags, no styles, no data. */
function seen(html: string): string {
  return html
    .replace(/<(style|script|template)\b[^>]*>.*?<\/\1>/gs, '')
    .replace(/<[^>]+>/g, ' ')
    .replaceAll('&amp;', '&')
    .replaceAll('&#39;', "'")
    .replaceAll('&quot;', '"')
    .replace(/\s+/g, ' ')
    .trim();
}
