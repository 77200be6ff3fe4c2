/** An account that issues passes, redeems them, or both. */
export interface Issuer {
  readonly id: string;
  readonly name: string;
  /** What its terminals present; given once, for good. */
  readonly collectorId: string | null;
  readonly body: IssuerBody;
  /** The live keys in order of their versions. */
  readonly keys: readonly IssuerKey[];
}

/** The fields that carry no meaning here: contacts, home page, callbacks. */
export type IssuerBody = Readonly<Record<string, unknown>>;

export interface IssuerKey {
  readonly version: number;
  /** The 91 canonical bytes of the SubjectPublicKeyInfo, base64. */
  readonly spki: string;
}

/** What the owner of an issuer writes. */
export interface IssuerDraft {
  readonly name: string;
  readonly body: IssuerBody;
  /** Null for an issuer that does not speak of Smart Tap at all. */
  readonly keys: readonly IssuerKey[] | null;
}

export interface KeyChange {
  readonly retire: readonly number[];
  readonly add: readonly IssuerKey[];
}

/**
 * Decides which keys go and which come when `wanted` replaces `live`. A version that comes with
 * another key is retired and added anew, so that the old key stays as evidence.
 */
export function decideKeyChange(
  live: readonly IssuerKey[],
  wanted: readonly IssuerKey[],
): KeyChange {
  const retire = live.filter((key) => !holds(wanted, key)).map(({ version }) => version);
  return { retire, add: wanted.filter((key) => !holds(live, key)) };
}

function holds(keys: readonly IssuerKey[], { version, spki }: IssuerKey): boolean {
  return keys.some((key) => key.version === version && key.spki === spki);
}
