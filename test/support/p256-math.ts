/**
 * P-256 in plain BigInt arithmetic: slow, leaking by its timing, and written from the equations of
 * SP 800-186 and FIPS 186-5 alone, so that it can make the vectors on which the runtimes' own
 * implementations are tried, such as a signature with a chosen r and s.
 */
import { createHash } from 'node:crypto';
import type { Bytes } from '../../src/platform/bytes.ts';

export const P = 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n;
export const N = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
export const B = 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn;

export interface Point {
  readonly x: bigint;
  readonly y: bigint;
}

/** null is the point at infinity. */
export type MaybePoint = Point | null;

export const G: Point = {
  x: 0x6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296n,
  y: 0x4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5n,
};

export interface Signature {
  readonly r: bigint;
  readonly s: bigint;
}

export function mod(value: bigint, modulus: bigint): bigint {
  const rest = value % modulus;
  return rest < 0n ? rest + modulus : rest;
}

/** By Euclid's extended algorithm; throws a RangeError where there is no inverse. */
export function inverse(value: bigint, modulus: bigint): bigint {
  let [low, high] = [mod(value, modulus), modulus];
  let [x, previous] = [1n, 0n];
  while (low > 1n) {
    const quotient = high / low;
    [low, high] = [high - quotient * low, low];
    [x, previous] = [previous - quotient * x, x];
  }
  if (low === 0n) throw new RangeError('no inverse');
  return mod(x, modulus);
}

export function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  for (let square = base, rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % modulus;
    square = (square * square) % modulus;
  }
  return result;
}

export function add(left: MaybePoint, right: MaybePoint): MaybePoint {
  if (!left || !right) return left ?? right;
  if (left.x === right.x && mod(left.y + right.y, P) === 0n) return null;
  const slope =
    left.x === right.x
      ? (3n * left.x * left.x - 3n) * inverse(2n * left.y, P)
      : (right.y - left.y) * inverse(right.x - left.x, P);
  const x = mod(slope * slope - left.x - right.x, P);
  return { x, y: mod(slope * (left.x - x) - left.y, P) };
}

/** x = X/Z², y = Y/Z³; no inversion a step makes `multiply` ten times as quick. */
type Jacobian = readonly [X: bigint, Y: bigint, Z: bigint];

export function multiply(scalar: bigint, point: MaybePoint): MaybePoint {
  if (!point) return null;
  let sum: Jacobian = [1n, 1n, 0n];
  for (const bit of mod(scalar, N).toString(2)) {
    sum = double(sum);
    if (bit === '1') sum = addAffine(sum, point);
  }
  if (sum[2] === 0n) return null;
  const z = inverse(sum[2], P);
  return { x: mod(sum[0] * z * z, P), y: mod(sum[1] * z * z * z, P) };
}

function double([X, Y, Z]: Jacobian): Jacobian {
  const YY = (Y * Y) % P;
  const S = 4n * X * YY;
  const M = 3n * X * X - 3n * Z ** 4n;
  const doubledX = mod(M * M - 2n * S, P);
  return [doubledX, mod(M * (S - doubledX) - 8n * YY * YY, P), mod(2n * Y * Z, P)];
}

function addAffine(left: Jacobian, { x, y }: Point): Jacobian {
  const [X, Y, Z] = left;
  if (Z === 0n) return [x, y, 1n];
  const H = mod(x * Z * Z - X, P);
  const R = mod(y * Z ** 3n - Y, P);
  if (H === 0n) return R === 0n ? double(left) : [1n, 1n, 0n];
  const XHH = X * H * H;
  const HHH = H ** 3n;
  const sumX = mod(R * R - HHH - 2n * XHH, P);
  return [sumX, mod(R * (XHH - sumX) - Y * HHH, P), mod(H * Z, P)];
}

export function negate(point: Point): Point {
  return { x: point.x, y: mod(-point.y, P) };
}

export function isOnCurve({ x, y }: Point): boolean {
  return mod(y * y - (x ** 3n - 3n * x + B), P) === 0n;
}

/** A point with this x, the one with an even y, or null where the curve has none. */
export function lift(x: bigint): MaybePoint {
  const square = mod(x ** 3n - 3n * x + B, P);
  const y = power(square, (P + 1n) / 4n, P);
  if (mod(y * y, P) !== square) return null;
  return { x, y: y & 1n ? P - y : y };
}

/** A point with this y, or null unless x³ − 3x + b = y² has one root: gcd(xᵖ − x, the cubic). */
export function pointWithY(y: bigint): MaybePoint {
  const c = mod(B - y * y, P);
  const [h0, h1, h2] = xToThePowerOfP(c);
  const scale = inverse(h2 || 1n, P);
  const [m0, m1] = [h0 * scale, (h1 - 1n) * scale];
  const divisor = mod(m1 * m1 - m0 - 3n, P);
  const x = mod(-(c + m0 * m1) * inverse(divisor || 1n, P), P);
  return isOnCurve({ x, y }) ? { x, y } : null;
}

/** As h₀ + h₁x + h₂x² modulo x³ − 3x + c. */
function xToThePowerOfP(c: bigint): readonly [bigint, bigint, bigint] {
  let [a0, a1, a2] = [1n, 0n, 0n];
  for (const bit of P.toString(2)) {
    const [d3, d4] = [2n * a1 * a2, a2 * a2];
    const [s0, s1, s2] = [
      a0 * a0 - c * d3,
      2n * a0 * a1 + 3n * d3 - c * d4,
      2n * a0 * a2 + a1 * a1 + 3n * d4,
    ];
    const next = bit === '1' ? [-c * s2, s0 + 3n * s2, s1] : [s0, s1, s2];
    [a0 = 0n, a1 = 0n, a2 = 0n] = next.map((value) => mod(value, P));
  }
  return [a0, a1, a2];
}

/** The integer that ECDSA with SHA-256 signs instead of the message. */
export function digest(message: Uint8Array): bigint {
  return BigInt(`0x${createHash('sha256').update(message).digest('hex')}`);
}

export function publicKey(secret: bigint): Point {
  const point = multiply(secret, G);
  if (!point) throw new RangeError('the secret is a multiple of n');
  return point;
}

export function sign(secret: bigint, nonce: bigint, message: Uint8Array): Signature {
  const r = mod(publicKey(nonce).x, N);
  return { r, s: mod(inverse(nonce, N) * (digest(message) + r * secret), N) };
}

/** The key under which r = R.x mod n and this s sign the message: Q = r⁻¹(sR − zG). */
export function keyThatSigned(R: Point, s: bigint, message: Uint8Array): Point {
  const difference = add(multiply(s, R), multiply(-digest(message), G));
  const key = multiply(inverse(mod(R.x, N), N), difference);
  if (!key) throw new RangeError('the key would be the point at infinity');
  return key;
}

/** FIPS 186-5 §6.4.2, every step. */
export function verify(key: Point, { r, s }: Signature, message: Uint8Array): boolean {
  if (r < 1n || r >= N || s < 1n || s >= N) return false;
  const R = recovered(key, { r, s }, message);
  return R !== null && mod(R.x, N) === r;
}

/** The naive twin: it reduces r and s instead of refusing them, as implementations have done. */
export function verifyWithoutRanges(key: Point, { r, s }: Signature, message: Uint8Array): boolean {
  const R = recovered(key, { r, s }, message);
  return mod(R?.x ?? 0n, N) === mod(r, N);
}

function recovered(key: Point, { r, s }: Signature, message: Uint8Array): MaybePoint {
  // With s⁻¹ computed as a power, 0 has an "inverse" of 0, which is what made r = s = 0 verify.
  const w = power(mod(s, N), N - 2n, N);
  return add(multiply(digest(message) * w, G), multiply(r * w, key));
}

export function hex32(value: bigint): string {
  return value.toString(16).padStart(64, '0');
}

export function fromHex(hex: string): Bytes {
  return Uint8Array.from(hex.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
}

/** r ‖ s; both must fit in 32 bytes. */
export function p1363({ r, s }: Signature): Bytes {
  return fromHex(hex32(r) + hex32(s));
}

/** SEQUENCE { INTEGER r, INTEGER s } (RFC 3279 §2.2.3). */
export function derSignature({ r, s }: Signature): Bytes {
  const body = derInteger(r) + derInteger(s);
  return fromHex(`30${hexLength(body)}${body}`);
}

function derInteger(value: bigint): string {
  const digits = value.toString(16);
  const even = digits.length % 2 ? `0${digits}` : digits;
  const positive = /^[89a-f]/.test(even) ? `00${even}` : even;
  return `02${hexLength(positive)}${positive}`;
}

function hexLength(hex: string): string {
  return (hex.length / 2).toString(16).padStart(2, '0');
}

export const SPKI_PREFIX = '3059301306072a8648ce3d020106082a8648ce3d03010703420004';

/** The 91 bytes of the key's SubjectPublicKeyInfo in hexadecimal. */
export function spkiHex({ x, y }: Point): string {
  return SPKI_PREFIX + hex32(x) + hex32(y);
}

export function pem(derHex: string, label = 'PUBLIC KEY'): string {
  const body = Buffer.from(derHex, 'hex')
    .toString('base64')
    .replaceAll(/.{64}(?=.)/g, '$&\n');
  return `-----BEGIN ${label}-----\n${body}\n-----END ${label}-----\n`;
}
