/** What the service answered; `text` is the body as it came. */
export interface Answer<Body = unknown> {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The parsed body; null when there is none or it is not JSON. */
  readonly body: Body;
}

/** RFC 9457 with what the native face adds. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly requestId: string;
  readonly errors?: readonly { readonly pointer: string; readonly message: string }[];
  readonly serverTime?: string;
}

type HeaderFields = Readonly<Record<string, string>>;

/** A caller of the HTTP face over real sockets. */
export interface Client {
  get<Body>(path: string, headers?: HeaderFields): Promise<Answer<Body>>;
  post<Body>(path: string, body?: unknown, headers?: HeaderFields): Promise<Answer<Body>>;
  put<Body>(path: string, body: unknown, headers?: HeaderFields): Promise<Answer<Body>>;
  patch<Body>(path: string, body: unknown, headers?: HeaderFields): Promise<Answer<Body>>;
  delete<Body>(path: string, headers?: HeaderFields): Promise<Answer<Body>>;
  /** With the body and the headers just as they are given, and the bearer key. */
  send<Body>(method: string, path: string, init?: RequestInit): Promise<Answer<Body>>;
}

/** Calls as the holder of a bearer key; null is nobody. */
export function clientOf(url: string, key: string | null): Client {
  async function send<Body>(method: string, path: string, init: RequestInit = {}) {
    const headers = new Headers(init.headers);
    if (key !== null && !headers.has('authorization')) {
      headers.set('authorization', `Bearer ${key}`);
    }
    const response = await fetch(url + path, { method, redirect: 'manual', ...init, headers });
    const text = await response.text();
    const { status, headers: answered } = response;
    return { status, headers: answered, text, body: parsed(text) as Body };
  }

  const json = <Body>(method: string, path: string, body: unknown, headers: HeaderFields = {}) =>
    send<Body>(method, path, {
      headers: { ...(body !== undefined && { 'Content-Type': 'application/json' }), ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  return {
    send,
    get: (path, headers) => json('GET', path, undefined, headers),
    post: (path, body, headers) => json('POST', path, body, headers),
    put: (path, body, headers) => json('PUT', path, body, headers),
    patch: (path, body, headers) => json('PATCH', path, body, headers),
    delete: (path, headers) => json('DELETE', path, undefined, headers),
  };
}

function parsed(text: string): unknown {
  try {
    return text === '' ? null : JSON.parse(text);
  } catch {
    return null;
  }
}

/** The status and the code of a problem, or the status alone. */
export function told({ status, body }: Answer): string {
  const { code } = (body ?? {}) as { code?: unknown };
  return typeof code === 'string' ? `${status} ${code}` : String(status);
}
