import type { Locale } from '../../problems/model.ts';

/** What every page of the wallet is drawn with. */
export interface View {
  readonly locale: Locale;
  readonly nonce: string;
  readonly style: string;
  readonly script: string;
  readonly largeType: boolean;
  /** Whether an OpenID provider is there to sign in at. */
  readonly signIn: boolean;
}
