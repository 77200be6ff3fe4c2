/**
 * Whether an IP address lies in the public internet: one that is globally reachable by the
 * registries of special-purpose addresses of IANA. What only stands for another address (mapped,
 * NAT64, 6to4, Teredo) is not public, whichever it stands for. Anything else than an address in
 * its usual spelling is not public either.
 */
export function isPublicAddress(address: string): boolean {
  const v4 = parseIPv4(address);
  if (v4 !== null) return !NOT_PUBLIC_V4.some((block) => isIn(v4, block, 32));
  const v6 = parseIPv6(address);
  if (v6 === null) return false;
  return isIn(v6, GLOBAL_UNICAST, 128) && !NOT_PUBLIC_V6.some((block) => isIn(v6, block, 128));
}

interface Block {
  readonly base: bigint;
  readonly prefix: number;
}

function isIn(address: bigint, { base, prefix }: Block, bits: number): boolean {
  const rest = BigInt(bits - prefix);
  return address >> rest === base >> rest;
}

function parseIPv4(text: string): bigint | null {
  const octets = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text)?.slice(1) ?? [];
  // A leading zero is octal to some readers.
  const usual = octets.every((octet) => octet === String(Number(octet)) && Number(octet) < 256);
  if (octets.length === 0 || !usual) return null;
  return octets.reduce((sum, octet) => sum * 256n + BigInt(octet), 0n);
}

function parseIPv6(text: string): bigint | null {
  const halves = withoutDots(text).split('::');
  if (halves.length > 2) return null;
  const [head = [], tail = []] = halves.map((half) => (half === '' ? [] : half.split(':')));
  const missing = 8 - head.length - tail.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return null;
  const groups = [...head, ...Array<string>(missing).fill('0'), ...tail];
  if (!groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return null;
  return groups.reduce((sum, group) => sum * 65_536n + BigInt(`0x${group}`), 0n);
}

/** `::ffff:1.2.3.4` as `::ffff:102:304`. */
function withoutDots(text: string): string {
  const begin = text.lastIndexOf(':') + 1;
  const v4 = parseIPv4(text.slice(begin));
  if (v4 === null) return text;
  return `${text.slice(0, begin)}${(v4 >> 16n).toString(16)}:${(v4 & 0xffffn).toString(16)}`;
}

function block(text: string): Block {
  const [address = '', prefix = ''] = text.split('/');
  return { base: parseIPv4(address) ?? parseIPv6(address) ?? 0n, prefix: Number(prefix) };
}

const NOT_PUBLIC_V4 = [
  '0.0.0.0/8', // this network
  '10.0.0.0/8', // private
  '100.64.0.0/10', // carriers
  '127.0.0.0/8', // loopback
  '169.254.0.0/16', // link-local, with the metadata services of clouds
  '172.16.0.0/12', // private
  '192.0.0.0/24', // protocol assignments
  '192.0.2.0/24', // documentation
  '192.88.99.0/24', // 6to4 relays
  '192.168.0.0/16', // private
  '198.18.0.0/15', // benchmarks
  '198.51.100.0/24', // documentation
  '203.0.113.0/24', // documentation
  '224.0.0.0/4', // multicast
  '240.0.0.0/4', // reserved, and broadcast
].map(block);

/** All of IPv6 that is given out as global; loopback, mapped, NAT64, ULA, link-local lie outside. */
const GLOBAL_UNICAST = block('2000::/3');
const NOT_PUBLIC_V6 = [
  '2001::/23', // protocol assignments, with Teredo
  '2001:db8::/32', // documentation
  '2002::/16', // 6to4
  '3fff::/20', // documentation
].map(block);
