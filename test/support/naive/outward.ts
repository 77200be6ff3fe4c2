import { lookup } from 'node:dns';
import * as http from 'node:http';
import * as https from 'node:https';
import { isIP, type LookupFunction } from 'node:net';

/** Sends wherever a URL says; true when anything answered or at least took the connection. */
export function postAnywhere(url: string, lookupHook: LookupFunction = lookup as LookupFunction) {
  return new Promise<boolean>((resolve) => {
    let connected = false;
    const { request } = new URL(url).protocol === 'https:' ? https : http;
    const sent = request(url, { method: 'POST', agent: false, lookup: lookupHook, timeout: 1000 });
    sent.on('socket', (socket) => socket.once('connect', () => (connected = true)));
    sent.on('timeout', () => sent.destroy());
    sent.on('response', (response) => response.resume());
    sent.on('error', () => {});
    sent.on('close', () => resolve(connected));
    sent.end('{}');
  });
}

/** Looks a name up, finds it harmless, and then connects to whatever it is by then. */
export async function postAfterALook(
  url: string,
  resolveName: (host: string) => Promise<readonly string[]>,
  isHarmless: (address: string) => boolean,
): Promise<boolean> {
  const { hostname } = new URL(url);
  const seen = await resolveName(hostname);
  if (!seen.every(isHarmless)) return false;
  return postAnywhere(url, (host, options, callback) => {
    resolveName(host).then((addresses) => {
      const all = addresses.map((address) => ({ address, family: isIP(address) }));
      if (options.all) callback(null, all);
      else callback(null, all[0]?.address ?? '', all[0]?.family);
    });
  });
}
