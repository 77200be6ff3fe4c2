import { registerDevice, renewDeviceSecret } from '../../src/members/device.ts';
import { makeMember } from '../../src/members/make-member.ts';
import { giveDevice } from '../../src/members/member-store.ts';
import type { DeviceMember } from '../../src/members/model.ts';
import type { TestService } from './service.ts';
import { newStand, openTill, type ShownStand } from './stands.ts';
import { put } from './tills.ts';
import { expectStatus, type Merchant, type World } from './world.ts';

/** A page as a phone got it. */
export interface PhonePage {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Where the page's script would move to: `/s/…`; null on a page without a session. */
  readonly session: string | null;
}

type HeaderFields = Readonly<Record<string, string>>;

/** A phone's browser: it keeps the cookie of its device, and follows no redirection by itself. */
export class StandPhone {
  readonly #url: string;
  #secret: string | null;
  readonly member: DeviceMember | null;

  constructor(url: string, secret: string | null = null, member: DeviceMember | null = null) {
    this.#url = url;
    this.#secret = secret;
    this.member = member;
  }

  get walletId(): string {
    if (this.member === null) throw new Error("nobody's phone has no wallet");
    return this.member.walletId;
  }

  /** Null for a phone that never was here. */
  get secret(): string | null {
    return this.#secret;
  }

  async send(method: string, path: string, init: RequestInit = {}): Promise<PhonePage> {
    const headers = new Headers(init.headers);
    if (this.#secret !== null) headers.set('cookie', `tapline_device=${this.#secret}`);
    const response = await fetch(this.#url + path, {
      redirect: 'manual',
      ...init,
      method,
      headers,
    });
    for (const set of response.headers.getSetCookie()) {
      const [, secret] = /^tapline_device=([^;]+)/.exec(set) ?? [];
      if (secret !== undefined) this.#secret = secret;
    }
    const text = await response.text();
    const [, session = null] = /"path":"(\/s\/[0-9a-f]+)"/.exec(text) ?? [];
    return { status: response.status, headers: response.headers, text, session };
  }

  get(path: string, headers: HeaderFields = {}): Promise<PhonePage> {
    return this.send('GET', path, { headers });
  }

  /** Touches a stand; `reading` is what its tag mirrors into the address. */
  touch({ code }: Pick<ShownStand, 'code'>, reading = '', headers: HeaderFields = {}) {
    return this.get(`/t/${code}${reading}`, headers);
  }

  /** Touches a stand and gives the address of the session, which must be there. */
  async session(stand: Pick<ShownStand, 'code'>): Promise<string> {
    const { session, status, text } = await this.touch(stand);
    if (session === null) throw new Error(`no session: ${status} ${text.slice(0, 2000)}`);
    return session;
  }

  post(path: string, fields: HeaderFields = {}, headers: HeaderFields = {}): Promise<PhonePage> {
    const type = { 'Content-Type': 'application/x-www-form-urlencoded' };
    const body = new URLSearchParams(fields).toString();
    return this.send('POST', path, { headers: { ...type, ...headers }, body });
  }

  /** Claims by the form of a session's page; gives what the page is to tell, or the status. */
  async claim(session: string, classId: string): Promise<string> {
    const { status, headers } = await this.post(`${session}/claims`, { classId });
    const [, told] = /\?told=([a-z-]+)/.exec(headers.get('location') ?? '') ?? [];
    return told ?? String(status);
  }
}

/** A merchant with members, a till and a stand with a plain tag at it. */
export interface StandStage {
  readonly merchant: Merchant;
  readonly storeId: string;
  readonly terminalId: string;
  readonly stand: ShownStand;
  readonly passClassId: string;
}

export async function openStand(world: World): Promise<StandStage> {
  const merchant = await world.merchant();
  const till = await openTill(merchant);
  const passClassId = await world.passClass(merchant);
  const terms = `/v1/issuers/${merchant.issuerId}/membership`;
  expectStatus(await put(merchant.client, terms, { classId: passClassId }), 200);
  const stand = await newStand(merchant, { terminalId: till.terminalId });
  return { merchant, ...till, stand, passClassId };
}

/** Another stand of the same merchant, at a till of its own. */
export async function anotherStand({ merchant }: StandStage, id: string): Promise<ShownStand> {
  const { terminalId } = await openTill(merchant, id);
  return newStand(merchant, { terminalId });
}

/** A phone that never was here. */
export function strangersPhone(service: Pick<TestService, 'urls'>, instance = 0): StandPhone {
  return new StandPhone(service.urls[instance] ?? '');
}

/** The phone of somebody who has joined the platform, and no merchant yet. */
export function membersPhone(
  { database, urls }: Pick<TestService, 'database' | 'urls'>,
  displayName: string | null = 'Ana',
  instance = 0,
): Promise<StandPhone> {
  return database.transact(async (tx) => {
    const { device, secret } = await registerDevice(tx);
    const phoneFor = async () => null;
    const member = await makeMember(tx, { displayName, joinedBy: 'sign-in', phoneFor });
    await giveDevice(tx, device.id, member.memberId);
    return new StandPhone(urls[instance] ?? '', secret, member);
  });
}

/** Makes a stranger's phone that of a new member, as joining does. */
export async function joinWith(
  { database, sql, urls }: Pick<TestService, 'database' | 'sql' | 'urls'>,
  phone: StandPhone,
  displayName: string | null = 'Ana',
): Promise<StandPhone> {
  const [device] = await sql<{ id: string }>(
    `select id from member_devices
      where secret_sha256 = encode(sha256(convert_to($1, 'UTF8')), 'hex')`,
    [phone.secret],
  );
  if (device === undefined) throw new Error('a phone that never was here');
  return database.transact(async (tx) => {
    const phoneFor = async () => null;
    const member = await makeMember(tx, { displayName, joinedBy: 'sign-in', phoneFor });
    await giveDevice(tx, device.id, member.memberId);
    return new StandPhone(urls[0] ?? '', await renewDeviceSecret(tx, device.id), member);
  });
}

/** Moves a session's touch into the past; the database's clock is what it is. */
export async function ageSession(
  { sql }: Pick<TestService, 'sql'>,
  session: string,
  seconds: number,
): Promise<void> {
  const token = session.replace(/^\/s\//, '');
  const [row] = await sql<{ tap_id: string }>(
    `update stand_taps set at = at - make_interval(secs => $2)
      where session_sha256 = encode(sha256(convert_to($1, 'UTF8')), 'hex') returning tap_id`,
    [token, seconds],
  );
  if (row === undefined) throw new Error('no such session');
  await sql('update taps set tapped_at = tapped_at - make_interval(secs => $2) where id = $1', [
    row.tap_id,
    seconds,
  ]);
}

/** What the live line of a terminal was told of visitors, oldest first. */
export function visitorEventsAt(
  { sql }: Pick<TestService, 'sql'>,
  { merchant, terminalId }: StandStage,
) {
  return sql<{
    kind: string;
    tap_id: string | null;
    wallet_id: string | null;
    detail: Record<string, unknown>;
  }>(
    `select kind, tap_id, wallet_id, detail from terminal_events
      where issuer_id = $1 and terminal_id = $2 and kind <> 'stand' order by number`,
    [merchant.issuerId, terminalId],
  );
}
