/**
 * `npm run wycheproof -- FILE…` runs Wycheproof's ECDSA and ECDH vectors
 * (github.com/C2SP/wycheproof, testvectors_v1) through the registration of keys and the
 * verification of signatures that taps use. It exits with 1 when anything is accepted or refused
 * wrongly, nothing was run or a file cannot be read, and with 2 for a file of another algorithm.
 */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import {
  importVerifyKey,
  type ParsedKey,
  parsePublicKeyJwk,
  parsePublicKeyPem,
} from '../src/issuers/public-key.ts';
import { type Bytes, fromBase64, toHex } from '../src/platform/bytes.ts';
import { verifyEs256 } from '../src/taps/signature.ts';
import { derToP1363 } from './der-signature.ts';

interface VectorFile {
  readonly numberOfTests: number;
  readonly testGroups: readonly Group[];
}

interface Group {
  readonly type: string;
  readonly curve?: string;
  readonly sha?: string;
  readonly publicKey?: { readonly curve: string };
  readonly publicKeyPem?: string;
  readonly publicKeyDer?: string;
  readonly publicKeyJwk?: object;
  readonly tests: readonly Test[];
}

interface Test {
  readonly tcId: number;
  readonly flags: readonly string[];
  readonly result: 'valid' | 'invalid' | 'acceptable';
  readonly msg: string;
  readonly sig: string;
  readonly public: string | object;
  readonly private: string | object;
  readonly shared: string;
}

/** `mistaken`: the key was taken, and the shared secret is another or none. */
type Outcome = 'accepted' | 'refused' | 'mistaken';

interface Tally {
  readonly tests: number;
  readonly accepted: number;
  readonly falseAccepts: readonly number[];
  readonly falseRejects: readonly number[];
}

const ECDSA = /^Ecdsa(P1363|Bitcoin)?Verify$/;
const ECDH = /^Ecdh(Ecpoint|Webcrypto|Pem)?Test$/;

async function main(paths: readonly string[]): Promise<number> {
  if (paths.length === 0) console.error('usage: npm run wycheproof -- FILE…');
  const codes: number[] = [];
  for (const path of paths) codes.push(await runFile(path));
  if (paths.length === 0 || codes.includes(1)) return 1;
  return codes.includes(2) ? 2 : 0;
}

async function runFile(path: string): Promise<number> {
  try {
    const file = JSON.parse(await readFile(path, 'utf8')) as VectorFile;
    const groups = file.testGroups;
    if (!groups.every(({ type }) => ECDSA.test(type) || ECDH.test(type))) {
      console.log(`${basename(path)}: not an ECDSA or ECDH file`);
      return 2;
    }
    const tally = await runGroups(groups);
    if (tally.tests === 0) throw new Error('it holds no tests');
    if (tally.tests !== file.numberOfTests) throw new Error('its number of tests is another');
    console.log(`${basename(path)}: ${describe(tally)}${scopeOf(groups)}`);
    return tally.falseAccepts.length + tally.falseRejects.length > 0 ? 1 : 0;
  } catch (error) {
    console.error(
      `${basename(path)}: cannot be run: ${error instanceof Error ? error.message : error}`,
    );
    return 1;
  }
}

function describe({ tests, accepted, falseAccepts, falseRejects }: Tally): string {
  const list = (ids: readonly number[]) => (ids.length > 0 ? ` (tcId ${ids.join(', ')})` : '');
  return [
    `${tests} tests`,
    `${accepted} accepted`,
    `${tests - accepted} refused`,
    `${falseAccepts.length} false accepts${list(falseAccepts)}`,
    `${falseRejects.length} false rejects${list(falseRejects)}`,
  ].join(', ');
}

function scopeOf(groups: readonly Group[]): string {
  const foreign = new Set(groups.filter((group) => !isOurs(group)).map(nameOf));
  return foreign.size > 0 ? `; ${[...foreign].join(', ')}: not ours, so all must be refused` : '';
}

async function runGroups(groups: readonly Group[]): Promise<Tally> {
  const falseAccepts: number[] = [];
  const falseRejects: number[] = [];
  let tests = 0;
  let accepted = 0;
  for (const group of groups) {
    for (const test of group.tests) {
      const outcome = ECDSA.test(group.type) ? await verify(group, test) : await agree(group, test);
      const expected = expectation(group, test);
      tests++;
      if (outcome !== 'refused') accepted++;
      if (expected === 'accepted' && outcome !== 'accepted') falseRejects.push(test.tcId);
      if (expected === 'refused' && outcome !== 'refused') falseAccepts.push(test.tcId);
      if (expected === 'either' && outcome === 'mistaken') falseAccepts.push(test.tcId);
    }
  }
  return { tests, accepted, falseAccepts, falseRejects };
}

/** The forms of a key that are acceptable to others and never to us. */
const KEY_FORMS = [
  'CompressedPoint',
  'CompressedPublic',
  'UnnamedCurve',
  'InvalidAsn',
  'InvalidPem',
];

function expectation(group: Group, { result, flags }: Test): 'accepted' | 'refused' | 'either' {
  if (!isOurs(group) || flags.some((flag) => KEY_FORMS.includes(flag))) return 'refused';
  if (result === 'acceptable') return 'either';
  return result === 'valid' ? 'accepted' : 'refused';
}

/** Ours is P-256, and SHA-256 where something is signed. */
function isOurs(group: Group): boolean {
  const isP256 = ['secp256r1', 'P-256'].includes(curveOf(group));
  return isP256 && (ECDH.test(group.type) || group.sha === 'SHA-256');
}

function nameOf(group: Group): string {
  return [curveOf(group), group.sha].filter((part) => part !== undefined).join(' with ');
}

function curveOf(group: Group): string {
  const curve = group.curve ?? group.publicKey?.curve;
  if (curve === undefined) throw new Error('a group names no curve');
  return curve;
}

async function verify(group: Group, test: Test): Promise<Outcome> {
  const key = registerAll(group);
  const bytes = fromHex(test.sig);
  const signature = group.type === 'EcdsaP1363Verify' ? bytes : derToP1363(bytes);
  if (!key.ok || !signature) return 'refused';
  const verifyKey = await importVerifyKey(key.spki);
  return (await verifyEs256(verifyKey, signature, fromHex(test.msg))) ? 'accepted' : 'refused';
}

/** The group's key in each form the file gives; they are one key or the file does not count. */
function registerAll(group: Group): ParsedKey {
  const keys = [
    group.publicKeyPem === undefined ? null : parsePublicKeyPem(group.publicKeyPem),
    group.publicKeyDer === undefined ? null : registerDer(group.publicKeyDer),
    group.publicKeyJwk === undefined ? null : parsePublicKeyJwk(group.publicKeyJwk),
  ].filter((key) => key !== null);
  const [first] = keys;
  if (!first) throw new Error('a group has no public key');
  const spki = (key: ParsedKey) => (key.ok ? key.spki : null);
  if (keys.every((key) => spki(key) === spki(first))) return first;
  throw new Error('one key is registered differently in its forms');
}

async function agree(group: Group, test: Test): Promise<Outcome> {
  const key = registerPeer(group.type, test.public);
  if (!key.ok) return 'refused';
  // A P-256 key beside another curve's private key is right to be registered; no secret follows.
  if (!isOurs(group)) return test.flags.includes('WrongCurve') ? 'refused' : 'accepted';
  const shared = await sharedSecret(key.spki, test.private).catch(() => null);
  return shared === test.shared ? 'accepted' : 'mistaken';
}

function registerPeer(type: string, key: string | object): ParsedKey {
  if (typeof key === 'object') return parsePublicKeyJwk(key);
  if (type === 'EcdhPemTest') return parsePublicKeyPem(key);
  return registerDer(type === 'EcdhEcpointTest' ? wrapPoint(key) : key);
}

async function sharedSecret(spki: string, secret: string | object): Promise<string> {
  const algorithm = { name: 'ECDH', namedCurve: 'P-256' };
  const peer = await crypto.subtle.importKey('spki', decode(spki), algorithm, false, []);
  const own =
    typeof secret === 'object'
      ? await crypto.subtle.importKey('jwk', secret, algorithm, false, ['deriveBits'])
      : await crypto.subtle.importKey('pkcs8', pkcs8(secret), algorithm, false, ['deriveBits']);
  const bits = await crypto.subtle.deriveBits({ name: 'ECDH', public: peer }, own, 256);
  return toHex(new Uint8Array(bits));
}

/** A PEM block's content, or the PrivateKeyInfo of a number (RFC 5915 without the public key). */
function pkcs8(secret: string): Bytes {
  if (secret.startsWith('-----')) return decode(secret.replaceAll(/-----[^-]+-----|\s/g, ''));
  const number = secret.replace(/^0+/, '').padStart(64, '0');
  const prefix = '3041020100301306072a8648ce3d020106082a8648ce3d030107042730250201010420';
  return fromHex(prefix + number);
}

/** The point in a SubjectPublicKeyInfo that names P-256. */
function wrapPoint(point: string): string {
  const algorithm = '301306072a8648ce3d020106082a8648ce3d030107';
  return element('30', algorithm + element('03', `00${point}`));
}

function element(tag: string, content: string): string {
  const length = content.length / 2;
  return tag + (length > 127 ? '81' : '') + length.toString(16).padStart(2, '0') + content;
}

function registerDer(der: string): ParsedKey {
  const body = Buffer.from(fromHex(der)).toString('base64').replaceAll(/.{64}/g, '$&\n').trimEnd();
  return parsePublicKeyPem(`-----BEGIN PUBLIC KEY-----\n${body}\n-----END PUBLIC KEY-----\n`);
}

function decode(base64: string): Bytes {
  const bytes = fromBase64(base64);
  if (!bytes) throw new Error('not base64');
  return bytes;
}

function fromHex(hex: string): Bytes {
  if (!/^(?:[0-9a-f]{2})*$/.test(hex)) throw new Error('not hexadecimal');
  return new Uint8Array(Buffer.from(hex, 'hex'));
}

process.exitCode = await main(process.argv.slice(2));
