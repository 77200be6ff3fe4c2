import { randomUUID } from 'node:crypto';
import type { Offer } from '../src/counter/model.ts';

interface TillAnswer {
  readonly offers: readonly Offer[];
  readonly payableMinor: number;
}

/** A browser without a screen: it keeps cookies and sends forms as pages of ours do. */
export class Browser {
  readonly origin: string;
  readonly #cookies = new Map<string, string>();
  /** The path of the session that its last touch opened. */
  session = '';

  constructor(origin: string) {
    this.origin = origin;
  }

  get cookie(): string {
    return [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  async open(path: string): Promise<Response> {
    const response = await this.#fetch(path, {});
    const page = await response.text();
    this.session = /"(\/s\/[\w-]+)/.exec(page)?.[1] ?? this.session;
    return response;
  }

  submit(path: string, fields: Readonly<Record<string, string>>): Promise<Response> {
    return this.#fetch(path, { method: 'POST', body: new URLSearchParams(fields) });
  }

  async json(path: string, body: unknown): Promise<TillAnswer> {
    const headers = { 'Content-Type': 'application/json', 'Idempotency-Key': randomUUID() };
    const response = await this.#fetch(path, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
    });
    return (await response.json()) as TillAnswer;
  }

  async #fetch(path: string, init: RequestInit): Promise<Response> {
    const response = await fetch(this.origin + path, {
      redirect: 'manual',
      ...init,
      headers: { ...(init.headers as Record<string, string>), cookie: this.cookie },
    });
    for (const set of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
      this.#cookies.set(name, value);
    }
    return response;
  }
}
