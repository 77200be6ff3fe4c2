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

/** Aborted after that many seconds, so that no phone can keep a terminal for ever. */
export function overAfter(seconds: number): AbortSignal {
  const controller = new AbortController();
  const late = new LinkError(`the tap has taken longer than ${seconds} seconds`);
  setTimeout(() => controller.abort(late), 1000 * seconds).unref();
  return controller.signal;
}

const NOT_FOUND = 404;

/** A simulated phone, which comes into the field with the first command. */
export function phoneLink(url: string, ending: AbortSignal): Transceive {
  let isInField = false;
  return async (apdu) => {
    if (!isInField) await reset(url, ending);
    isInField = true;
    const response = await post(`${url}/apdu`, apdu, ending, { 'Content-Type': OCTETS });
    return new Uint8Array(await response.arrayBuffer());
  };
}

/** Another simulated phone may know by itself where a tap begins. */
async function reset(url: string, ending: AbortSignal): Promise<void> {
  const place = `${url}/reset`;
  const response = await send(place, null, ending, {});
  if (response.ok || response.status === NOT_FOUND) return;
  throw await linkError(place, response);
}

async function post(
  url: string,
  body: Uint8Array,
  ending: AbortSignal,
  headers: Readonly<Record<string, string>>,
): Promise<Response> {
  const response = await send(url, body, ending, headers);
  if (response.ok) return response;
  throw await linkError(url, response);
}

function send(
  url: string,
  body: Uint8Array | null,
  ending: AbortSignal,
  headers: Readonly<Record<string, string>>,
): Promise<Response> {
  const signal = AbortSignal.any([ending, AbortSignal.timeout(ANSWER_WITHIN_MS)]);
  const init = { method: 'POST', headers, body: body as Uint8Array<ArrayBuffer> | null, signal };
  // A redirect would carry the key of the API elsewhere.
  return fetch(url, { ...init, redirect: 'error' });
}

async function linkError(url: string, response: Response): Promise<LinkError> {
  return new LinkError(`${url} answered ${response.status} ${await saidBy(response)}`.trimEnd());
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
