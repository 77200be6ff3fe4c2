/** A phone's browser without scripts: keeps cookies, posts forms, follows nothing by itself. */
export class PhoneBrowser {
  readonly #url: string;
  readonly #cookies = new Map<string, string>();

  constructor(url: string) {
    this.#url = url;
  }

  cookie(name: string): string | undefined {
    return this.#cookies.get(name);
  }

  get(path: string, headers: Record<string, string> = {}): Promise<Page> {
    return this.#send('GET', path, { headers });
  }

  post(path: string, fields: Record<string, string>, headers: Record<string, string> = {}) {
    return this.#send('POST', path, {
      headers: { 'Content-Type': 'application/x-www-form-urlencoded', ...headers },
      body: new URLSearchParams(fields).toString(),
    });
  }

  async #send(method: string, path: string, init: RequestInit): Promise<Page> {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = new Headers(init.headers);
    if (cookie !== '') headers.set('cookie', cookie);
    const response = await fetch(this.#url + path, {
      method,
      redirect: 'manual',
      ...init,
      headers,
    });
    for (const set of response.headers.getSetCookie()) {
      const [pair = ''] = set.split(';');
      const at = pair.indexOf('=');
      if (/max-age=0/i.test(set)) this.#cookies.delete(pair.slice(0, at));
      else this.#cookies.set(pair.slice(0, at), pair.slice(at + 1));
    }
    return {
      status: response.status,
      location: response.headers.get('location'),
      text: await response.text(),
    };
  }
}

export interface Page {
  readonly status: number;
  readonly location: string | null;
  readonly text: string;
}

/** The value of a field of the form on a page. */
export function fieldOf({ text }: Page, name: string): string | undefined {
  const [field = ''] = new RegExp(`<input[^>]*name="${name}"[^>]*>`).exec(text) ?? [];
  return /value="([^"]*)"/.exec(field)?.[1];
}
