import { Resolver } from 'node:dns/promises';
import * as http from 'node:http';
import * as https from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import type { OutwardAnswer, OutwardFailure, OutwardRequest, PostOutward } from './outward.ts';
import { isPublicAddress } from './public-address.ts';
import { publicUrlFlaw } from './public-url.ts';

/** How far out a request may go; every part can be replaced by a test. */
export interface Reach {
  /** What is wrong with a URL; null when it may be tried. */
  readonly flawOf: (url: string) => string | null;
  /** The addresses behind a name, or the address itself. */
  readonly resolve: (host: string) => Promise<readonly string[]>;
  readonly mayConnect: (address: string) => boolean;
  /** From the first look at the name to the end of the answer. */
  readonly timeoutMs: number;
  /** Certificates to trust; by default those that Node trusts. */
  readonly ca?: string;
}

export const PUBLIC_INTERNET: Reach = {
  flawOf: publicUrlFlaw,
  resolve: resolveHost,
  mayConnect: isPublicAddress,
  timeoutMs: 15_000,
};

const LARGEST_HEADERS_BYTES = 16_384;
/** Of the answer only the status counts; so much is read out of politeness. */
const LARGEST_ANSWER_BYTES = 65_536;

/**
 * Sends to where a name leads at this moment, if that is the public internet. The name is looked up
 * once and the connection goes to the very addresses that were checked, so a name that answers
 * something else the next time gains nothing. A redirect is an answer like any other.
 */
export function openOutward(reach: Reach = PUBLIC_INTERNET): PostOutward {
  return async (request) => {
    if (reach.flawOf(request.url) !== null) return failed('url-refused');
    const deadline = AbortSignal.timeout(reach.timeoutMs);
    try {
      const addresses = await before(deadline, reach.resolve(hostOf(new URL(request.url))));
      if (!addresses.every(reach.mayConnect)) return failed('address-refused');
      if (addresses.length === 0) return failed('name-not-found');
      return await send(request, addresses, reach.ca, deadline);
    } catch (error) {
      return failed(deadline.aborted ? 'timeout' : reasonOf(error));
    }
  };
}

function failed(reason: OutwardFailure): OutwardAnswer {
  return { answered: false, reason };
}

function reasonOf(error: unknown): OutwardFailure {
  const { code } = error as { code?: unknown };
  return code === 'ENOTFOUND' || code === 'ENODATA' ? 'name-not-found' : 'unreachable';
}

function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[(.*)\]$/, '$1');
}

/** c-ares and not getaddrinfo, which would hold one of few threads for each name that is slow. */
export async function resolveHost(host: string, servers?: readonly string[]): Promise<string[]> {
  if (isIP(host) !== 0) return [host];
  const resolver = new Resolver({ timeout: 3000, tries: 2 });
  if (servers !== undefined) resolver.setServers(servers);
  const answers = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)]);
  const addresses = answers.flatMap((answer) =>
    answer.status === 'fulfilled' ? answer.value : [],
  );
  const [first] = answers;
  if (addresses.length === 0 && first.status === 'rejected') throw first.reason;
  return addresses;
}

/** Waits no longer than until the deadline. */
function before<T>(deadline: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    deadline.addEventListener('abort', () => reject(deadline.reason), { once: true });
    work.then(resolve, reject);
  });
}

function send(
  { url, headers, body }: OutwardRequest,
  addresses: readonly string[],
  ca: string | undefined,
  signal: AbortSignal,
): Promise<OutwardAnswer> {
  return new Promise((resolve, reject) => {
    const { request: open } = url.toLowerCase().startsWith('https:') ? https : http;
    const request = open(url, {
      method: 'POST',
      // A connection of its own: one that is kept was checked for another name.
      agent: false,
      lookup: always(addresses),
      signal,
      maxHeaderSize: LARGEST_HEADERS_BYTES,
      headers: { ...headers, 'Content-Length': Buffer.byteLength(body) },
      ...(ca !== undefined && { ca }),
    });
    let told: OutwardAnswer | null = null;
    const end = (reason: Error) => (told === null ? reject(reason) : resolve(told));
    request.on('error', end);
    // Node tells of an answer that is none by the end alone.
    request.on('close', () => end(new Error('closed without an answer')));
    request.on('response', (response) => {
      const { statusCode: status = 0, headers } = response;
      told = { answered: true, status, retryAfter: headers['retry-after'] ?? null };
      drain(response).then(() => request.destroy());
    });
    request.end(body);
  });
}

function always(addresses: readonly string[]): LookupFunction {
  const all = addresses.map((address) => ({ address, family: isIP(address) }));
  return (_host, options, callback) => {
    if (options.all) return callback(null, all);
    const [first] = all;
    callback(null, first?.address ?? '', first?.family);
  };
}

/** Reads the answer to its end, its limit or the deadline: the status has been told by then. */
async function drain(response: http.IncomingMessage): Promise<void> {
  let size = 0;
  try {
    for await (const chunk of response) {
      size += (chunk as Buffer).length;
      if (size > LARGEST_ANSWER_BYTES) return;
    }
  } catch {
    // The status stands, however the rest ends.
  }
}
