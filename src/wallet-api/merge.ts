import type { PassBody } from '../passes/model.ts';

/** A balance is one of these; a patch that brings one takes the place of the other kinds. */
const ONE_OF = ['string', 'int', 'double', 'money'] as const;

/**
 * Google's patch: objects are merged at every depth, arrays replaced as a whole, null clears. What
 * was read but is not kept arrives as undefined and leaves the target as it is.
 */
export function mergePatch(target: PassBody, patch: PassBody): PassBody {
  const brought = ONE_OF.some((kind) => patch[kind] != null);
  const merged = new Map(
    Object.entries(target).filter(
      ([name]) => !(brought && (ONE_OF as readonly string[]).includes(name)),
    ),
  );
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) merged.delete(name);
    else if (value !== undefined) merged.set(name, mergedValue(merged.get(name), value));
  }
  return Object.fromEntries(merged);
}

/** A resource as it is stored: without nulls at any depth. */
export function withoutNulls(body: PassBody): PassBody {
  return mergePatch({}, body);
}

function mergedValue(current: unknown, value: unknown): unknown {
  if (Array.isArray(value))
    return value.map((item) => (isMessage(item) ? withoutNulls(item) : item));
  if (!isMessage(value)) return value;
  return mergePatch(isMessage(current) ? current : {}, value);
}

function isMessage(value: unknown): value is PassBody {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
