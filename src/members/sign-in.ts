import type { Database, Tx } from '../platform/database.ts';
import { sha256Hex } from '../platform/hashes.ts';
import { newSecret } from '../platform/ids.ts';
import type { Sealer } from '../platform/sealing.ts';
import { lockDevice } from './join-code-store.ts';
import { makeMember } from './make-member.ts';
import { findMember, findMemberOfDevice, giveDevice } from './member-store.ts';
import type { Device, DeviceMember } from './model.ts';
import { signInPlace } from './places.ts';
import type { SignedIn, SignInProvider } from './sign-in-provider.ts';
import {
  findMemberIdByIdentity,
  insertIdentity,
  insertSignIn,
  lockIdentity,
  takeSignIn,
} from './sign-in-store.ts';

export interface SignInParts {
  readonly database: Database;
  readonly sealer: Sealer;
  readonly provider: SignInProvider;
}

export interface SignInStart {
  readonly device: Device;
  readonly returnTo: string;
  readonly redirectUri: string;
}

/** What only we know of a sign-in that has begun. */
interface Kept {
  readonly nonce: string;
  readonly codeVerifier: string;
}

/** Begins a sign-in on a device; gives where its browser goes, or null while nobody is there. */
export async function beginSignIn(parts: SignInParts, start: SignInStart): Promise<URL | null> {
  const { database, sealer, provider } = parts;
  const { device, returnTo, redirectUri } = start;
  const [state, nonce, codeVerifier] = [newSecret(), newSecret(), newSecret()];
  const stateSha256 = sha256Hex(state);
  const kept: Kept = { nonce, codeVerifier };
  const sealed = await sealer.seal(JSON.stringify(kept), signInPlace(stateSha256));
  await insertSignIn(database.single, { stateSha256, deviceId: device.id, sealed, returnTo });
  return provider.begin({ redirectUri, state, nonce, codeVerifier });
}

export interface SignInReturn {
  readonly device: Device;
  readonly state: string;
  /** The address at which the browser came back, as it was. */
  readonly callback: URL;
  readonly redirectUri: string;
}

/** A sign-in that the provider has confirmed, and where the member goes on. */
export interface ProvenSignIn {
  readonly provider: string;
  readonly signedIn: SignedIn;
  readonly returnTo: string;
}

/**
 * Takes the provider's answer for a sign-in that this very device began. It is used up before the
 * provider is asked, so that the same answer brings nothing a second time. Null for any other.
 */
export async function proveSignIn(
  { database, sealer, provider }: SignInParts,
  { device, state, callback, redirectUri }: SignInReturn,
): Promise<ProvenSignIn | null> {
  const stateSha256 = sha256Hex(state);
  const begun = await takeSignIn(database.single, stateSha256, device.id);
  if (begun === null) return null;
  const opened = await sealer.open(begun.sealed, signInPlace(stateSha256));
  const { nonce, codeVerifier } = JSON.parse(opened) as Kept;
  const signedIn = await provider.finish(callback, { redirectUri, state, nonce, codeVerifier });
  if (signedIn === null) return null;
  return { provider: provider.issuer, signedIn, returnTo: begun.returnTo };
}

/**
 * Makes the device that of the member with the proven identity. An identity that nobody has becomes
 * the device's member's, or a new member's; an e-mail address that two have in common says nothing.
 * Null for a device that was signed out meanwhile.
 */
export async function joinSignedIn(
  tx: Tx,
  deviceId: string,
  { provider, signedIn }: ProvenSignIn,
): Promise<{ readonly member: DeviceMember; readonly isNew: boolean } | null> {
  if (!(await lockDevice(tx, deviceId))) return null;
  const { subject, name } = signedIn;
  await lockIdentity(tx, provider, subject);
  const knownId = await findMemberIdByIdentity(tx, provider, subject);
  const known = knownId === null ? null : await findMember(tx, knownId);
  const present = known ?? (await findMemberOfDevice(tx, deviceId));
  const phoneFor = async () => null;
  const asNew = { displayName: name, joinedBy: 'sign-in', phoneFor } as const;
  const member = present ?? (await makeMember(tx, asNew));
  if (known === null) {
    await insertIdentity(tx, { provider, subject, memberId: member.memberId });
  }
  await giveDevice(tx, deviceId, member.memberId);
  return { member, isNew: present === null };
}
