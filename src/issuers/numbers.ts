/** Numbers that the service gives out, in the ranges that clients of Google's know. */

/** An issuer id: 19 digits from `3388`, which an int64 holds. */
export function newIssuerId(): string {
  return `3388${randomDigits(15)}`;
}

/** A collector ID: 8 digits, the first of them not zero. */
export function newCollectorId(): string {
  return `${1 + randomBelow(9)}${randomDigits(7)}`;
}

function randomDigits(length: number): string {
  return Array.from({ length }, () => randomBelow(10)).join('');
}

function randomBelow(limit: number): number {
  const [random = 0] = crypto.getRandomValues(new Uint32Array(1));
  // Of 2^32 values the remainder favours some digits by less than one in 400 million.
  return random % limit;
}
