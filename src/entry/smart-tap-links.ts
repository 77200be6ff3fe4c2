import type { Transceive } from '../smarttap/index.ts';
import { quoted } from './quoted.ts';

/** What is at the other end answered no APDU; the message says what it said instead. */
class LinkError extends Error {
  override readonly name = 'LinkError';
}

/** Longer than any answer takes; a phone in the field would be gone. */
const ANSWER_WITHIN_MS = 30_000;
const OCTETS = 'application/octet-stream';

export interface ServicePlace {
  /** The origin, and what stands before `/v1`. */
  readonly url: string;
  readonly walletId: string;
  readonly apiKey: string;
}

/** A phone that relays what the terminal says to a service, each time as one tap. */
export function serviceLink(place: ServicePlace, ending: AbortSignal): Transceive {
  let session: string | null = null;
  return async (apdu) => {
    const response = await post(`${place.url}/v1/wallets/${place.walletId}/apdu`, apdu, ending, {
      Authorization: `Bearer ${place.apiKey}`,
      'Content-Type': OCTETS,
      ...(session !== null && { 'Tap-Session': session }),
    });
    session = response.headers.get('tap-session');
    return new Uint8Array(await response.arrayBuffer());
  };
}

/** A simulated phone, which comes into the field with the first command. */
export function phoneLink(url: string, ending: AbortSignal): Transceive {
  let isInField = false;
  return async (apdu) => {
    if (!isInField) await post(`${url}/reset`, null, ending, {});
    isInField = true;
    const response = await post(`${url}/apdu`, apdu, ending, { 'Content-Type': OCTETS });
    return new Uint8Array(await response.arrayBuffer());
  };
}

async function post(
  url: string,
  body: Uint8Array | null,
  ending: AbortSignal,
  headers: Readonly<Record<string, string>>,
): Promise<Response> {
  const signal = AbortSignal.any([ending, AbortSignal.timeout(ANSWER_WITHIN_MS)]);
  const init = { method: 'POST', headers, body: body as Uint8Array<ArrayBuffer> | null, signal };
  // A redirect would carry the key of the API elsewhere.
  const response = await fetch(url, { ...init, redirect: 'error' });
  if (response.ok) return response;
  throw new LinkError(`${url} answered ${response.status} ${await saidBy(response)}`.trimEnd());
}

const SAID_LENGTH = 300;

/** The code and title of a problem, or else how a text begins. */
async function saidBy(response: Response): Promise<string> {
  const text = await response.text();
  const [code, title] = ['code', 'title'].map((name) => memberOf(text, name));
  return code && title ? `${code}: ${title}` : quoted(text.slice(0, SAID_LENGTH));
}

/** A member of a JSON object, where it is a string of harmless letters. */
function memberOf(text: string, name: string): string | null {
  try {
    const value: unknown = JSON.parse(text)?.[name];
    return typeof value === 'string' && quoted(value) === `"${value}"` ? value : null;
  } catch {
    return null;
  }
}
