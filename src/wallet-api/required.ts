import type { PassBody } from '../passes/model.ts';
import { fault, WalletApiError } from './envelope.ts';

/** @throws WalletApiError 400 for the first of these fields that the resource does not have */
export function requireFields(name: string, fields: readonly string[], body: PassBody): void {
  const missing = fields.find((field) => isUnset(body[field]));
  if (missing === undefined) return;
  const message = `${name} cannot be created without ${inWords(missing)}`;
  throw new WalletApiError(fault(400, 'invalid', message));
}

/** @throws WalletApiError 400 when a body is of another resource than the path; it need not say */
export function requireSameId(stated: unknown, id: string): void {
  if (stated == null || stated === id) return;
  const message = `Resource ID ${String(stated)} in the body differs from ${id} in the path.`;
  throw new WalletApiError(fault(400, 'invalid', message));
}

/** Absent, the empty text, an empty message, or an enum's own word for absent. */
function isUnset(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return true;
  if (typeof value === 'object') return Object.keys(value).length === 0;
  return typeof value === 'string' && value.endsWith('_UNSPECIFIED');
}

/** `programLogo` is "a program logo". */
function inWords(field: string): string {
  const words = field
    .replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
    .replace(/\bid\b/, 'ID');
  return /^[aeiou]/i.test(words) ? `an ${words}` : `a ${words}`;
}
