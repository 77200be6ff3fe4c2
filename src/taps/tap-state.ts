import { fromBase64Url, toBase64Url } from '../platform/bytes.ts';
import type { PassDecision, WalletTap } from '../smarttap/index.ts';

/** All that the wallet's side remembers between two APDUs of one tap. */
export interface TapState {
  readonly tap: WalletTap;
  /** How often a terminal's question was decided; each decision is recorded. */
  readonly decisions: number;
  /** What cannot change any more in this tap: asked again, the terminal gets the same. */
  readonly settled: PassDecision | null;
}

/** As text, in which bytes are an object with one member. */
export function writeTapState(state: TapState): string {
  return JSON.stringify(state, (_name, value: unknown) =>
    value instanceof Uint8Array ? { base64url: toBase64Url(value) } : value,
  );
}

/** Reads what `writeTapState` wrote, and nothing else: it comes out of a seal of ours. */
export function readTapState(text: string): TapState {
  return JSON.parse(text, (_name, value: { readonly base64url?: unknown } | null) =>
    typeof value?.base64url === 'string' ? fromBase64Url(value.base64url) : value,
  ) as TapState;
}
