/** An OpenID provider at which members sign in. */
export interface SignInProvider {
  /** Its issuer identifier; a member is known by it together with the subject. */
  readonly issuer: string;
  /** Where the browser goes to sign in; null while the provider is away. */
  begin(request: SignInRequest): Promise<URL | null>;
  /** What the provider says when the browser comes back; null when the answer is not to be trusted. */
  finish(callback: URL, request: SignInRequest): Promise<SignedIn | null>;
}

export interface SignInRequest {
  readonly redirectUri: string;
  readonly state: string;
  readonly nonce: string;
  /** Of PKCE (RFC 7636). */
  readonly codeVerifier: string;
}

/** Who signed in; of all that the provider tells, this is asked for. */
export interface SignedIn {
  readonly subject: string;
  readonly name: string | null;
}
