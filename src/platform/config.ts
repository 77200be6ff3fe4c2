import { type Bytes, fromBase64 } from './bytes.ts';

/** The settings of a process, read once from its environment (api.md, "Running"). */
export interface Config {
  readonly port: number;
  readonly host: string;
  /** Null: `http://localhost:<port>`. */
  readonly publicOrigin: string | null;
  /** Null: the embedded PostgreSQL in `dataDir`. */
  readonly databaseUrl: string | null;
  readonly dataDir: string;
  /** Null: BullMQ on the same PostgreSQL. */
  readonly redisUrl: string | null;
  readonly rootKey: string | null;
  /** Encrypts secrets that must be readable again; null: the embedded database's own, or none. */
  readonly secretKey: Bytes | null;
  /** The mail server and the sender's address; null: nothing is told by mail. */
  readonly mail: { readonly url: string; readonly from: string } | null;
  /** How one-time codes reach phones; null: nobody joins by phone. */
  readonly codes: CodeSettings | null;
  /** The OpenID provider at which members sign in; null: they join by phone. */
  readonly signIn: SignInSettings | null;
}

/** `log` writes codes into the log, for demos and nothing else. */
export type CodeSettings =
  | { readonly kind: 'log' }
  | { readonly kind: 'gateway'; readonly url: string; readonly secret: string };

export interface SignInSettings {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

type Environment = Readonly<Record<string, string | undefined>>;

/** @throws ConfigError that names the variable and what it must be */
export function readConfig(env: Environment): Config {
  const get = (name: string) => env[name] || null;
  return {
    port: portOf(get('PORT') ?? '8787'),
    host: get('HOST') ?? '127.0.0.1',
    publicOrigin: originOf(get('PUBLIC_ORIGIN')),
    databaseUrl: urlOf('DATABASE_URL', get('DATABASE_URL'), ['postgres:', 'postgresql:']),
    dataDir: get('TAPLINE_DATA_DIR') ?? '.tapline',
    redisUrl: urlOf('REDIS_URL', get('REDIS_URL'), ['redis:', 'rediss:']),
    rootKey: rootKeyOf(get('TAPLINE_ROOT_KEY')),
    secretKey: secretKeyOf(get('TAPLINE_SECRET_KEY')),
    mail: mailOf(
      urlOf('TAPLINE_SMTP_URL', get('TAPLINE_SMTP_URL'), ['smtp:', 'smtps:']),
      get('TAPLINE_SMTP_FROM'),
    ),
    codes: codesOf(
      get('TAPLINE_CODES'),
      urlOf('TAPLINE_CODES_URL', get('TAPLINE_CODES_URL'), ['https:', 'http:']),
      get('TAPLINE_CODES_SECRET'),
    ),
    signIn: signInOf(
      urlOf('TAPLINE_OIDC_ISSUER', get('TAPLINE_OIDC_ISSUER'), ['https:', 'http:']),
      get('TAPLINE_OIDC_CLIENT_ID'),
      get('TAPLINE_OIDC_CLIENT_SECRET'),
    ),
  };
}

function portOf(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : -1;
  if (port < 0 || port > 65535) throw new ConfigError('PORT must be a number from 0 to 65535');
  return port;
}

function originOf(text: string | null): string | null {
  if (text === null) return null;
  const url = URL.canParse(text) ? new URL(text) : null;
  const isOrigin = url !== null && /^https?:$/.test(url.protocol) && text === url.origin;
  if (!isOrigin) {
    throw new ConfigError('PUBLIC_ORIGIN must be an origin such as https://pass.example.com');
  }
  return text;
}

function urlOf(name: string, text: string | null, protocols: readonly string[]): string | null {
  if (text === null) return null;
  // The value holds a password, so it is never told.
  const valid = URL.canParse(text) && protocols.includes(new URL(text).protocol);
  if (!valid) throw new ConfigError(`${name} must be a URL that begins with ${protocols[0]}//`);
  return text;
}

/** What cannot be sent as a bearer token would be no key, and what is short can be guessed. */
function rootKeyOf(text: string | null): string | null {
  if (text === null || /^[\x21-\x7e]{16,1000}$/.test(text)) return text;
  throw new ConfigError(
    'TAPLINE_ROOT_KEY must have 16 to 1000 printable ASCII characters and no space; ' +
      '`openssl rand -hex 32` makes one',
  );
}

function secretKeyOf(text: string | null): Bytes | null {
  const key = text === null ? null : fromBase64(text);
  if (text === null || key?.length === 32) return key;
  throw new ConfigError(
    'TAPLINE_SECRET_KEY must be 32 bytes in base64; `openssl rand -base64 32` makes one',
  );
}

function mailOf(url: string | null, from: string | null): Config['mail'] {
  if (url === null && from === null) return null;
  if (url !== null && /^[^\s@<>]+@[^\s@<>]+$/.test(from ?? '')) return { url, from: from ?? '' };
  throw new ConfigError(
    'TAPLINE_SMTP_URL and TAPLINE_SMTP_FROM go together, and TAPLINE_SMTP_FROM must be an address ' +
      'such as coupons@example.com',
  );
}

function codesOf(
  channel: string | null,
  url: string | null,
  secret: string | null,
): CodeSettings | null {
  if (channel !== null && channel !== 'log') {
    throw new ConfigError('TAPLINE_CODES must be "log", which is for demos, or not be set');
  }
  if (channel !== null && url !== null) {
    throw new ConfigError('TAPLINE_CODES and TAPLINE_CODES_URL exclude each other');
  }
  if (channel !== null) return { kind: 'log' };
  if (url === null && secret === null) return null;
  if (url !== null && isInClear(url)) {
    throw new ConfigError('TAPLINE_CODES_URL must begin with https://');
  }
  if (url !== null && secret !== null && isWebhookSecret(secret)) {
    return { kind: 'gateway', url, secret };
  }
  throw new ConfigError(
    'TAPLINE_CODES_URL and TAPLINE_CODES_SECRET go together, and TAPLINE_CODES_SECRET must be ' +
      'whsec_ and 24 to 64 bytes in base64; `echo whsec_$(openssl rand -base64 32)` makes one',
  );
}

function isWebhookSecret(text: string): boolean {
  const bytes = text.startsWith('whsec_') ? fromBase64(text.slice('whsec_'.length)) : null;
  return bytes !== null && bytes.length >= 24 && bytes.length <= 64;
}

function signInOf(
  issuer: string | null,
  clientId: string | null,
  clientSecret: string | null,
): SignInSettings | null {
  if (issuer === null && clientId === null && clientSecret === null) return null;
  if (issuer === null || clientId === null || clientSecret === null) {
    throw new ConfigError(
      'TAPLINE_OIDC_ISSUER, TAPLINE_OIDC_CLIENT_ID and TAPLINE_OIDC_CLIENT_SECRET go together',
    );
  }
  if (isInClear(issuer)) {
    throw new ConfigError('TAPLINE_OIDC_ISSUER must begin with https://');
  }
  return { issuer, clientId, clientSecret };
}

/** Only what stays on this machine may be spoken to in clear. */
function isInClear(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  return protocol === 'http:' && !['localhost', '127.0.0.1', '[::1]'].includes(hostname);
}
