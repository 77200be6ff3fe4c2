import { describe, expect, test } from 'vitest';
import { newApiKey, parseApiKey } from '../../src/access/key-format.ts';
import {
  actorOf,
  type Caller,
  holdsScope,
  idempotencyScopeOf,
  mayActFor,
  SCOPES,
  type Scope,
} from '../../src/access/model.ts';

const ROOT: Caller = { kind: 'root' };
const key = (...scopes: string[]): Caller => ({
  kind: 'key',
  keyId: 'b7Qm2Xw9LrT4kZ0a',
  issuerId: '1990',
  mode: 'live',
  scopes,
});

describe('what a caller may do', () => {
  test.each<[held: string, asked: Scope, told: boolean]>([
    ['*', 'claims:write', true],
    ['claims:write', 'claims:write', true],
    ['claims:write', 'claims:read', true],
    ['claims:read', 'claims:read', true],
    ['claims:read', 'claims:write', false],
    ['claims:write', 'redemptions:write', false],
    ['claims:write', '*', false],
    ['coupon-classes:write', 'claims:write', false],
    ['claims', 'claims:read', false],
    ['', 'claims:read', false],
  ])('with %j %s: %s', (held, asked, told) => expect(holdsScope(key(held), asked)).toBe(told));

  test.each(SCOPES)('root may %s', (scope) => expect(holdsScope(ROOT, scope)).toBe(true));

  test.each(SCOPES)('a key without scopes may not %s', (scope) => {
    expect(holdsScope(key(), scope)).toBe(false);
  });
});

describe('for whom', () => {
  test.each<[Caller, string, boolean]>([
    [ROOT, '1990', true],
    [key('*'), '1990', true],
    [key('*'), '456', false],
    [key('*'), '199', false],
    [key('*'), '', false],
  ])('%j for %s: %s', (caller, issuerId, told) => expect(mayActFor(caller, issuerId)).toBe(told));

  test('the audit names the key, idempotency its issuer', () => {
    expect([actorOf(ROOT), actorOf(key())]).toEqual(['root', 'key:b7Qm2Xw9LrT4kZ0a']);
    expect([ROOT, key()].map(idempotencyScopeOf)).toEqual(['root', 'issuer:1990']);
  });
});

describe('an API key', () => {
  const { key: good, ...parts } = newApiKey('live');

  test('is read back', () => expect(parseApiKey(good)).toEqual(parts));

  test.each<[what: string, wrong: string]>([
    ['empty', ''],
    ['cut', good.slice(0, -1)],
    ['longer', `${good}A`],
    ['with a space', `${good} `],
    ['with a line feed', `${good}\n`],
    ['of the other mode', good.replace('tk_live', 'tk_test')],
    ['of another kind', good.replace('tk_', 'sk_')],
    ['in capitals', good.toUpperCase()],
    ['its parts swapped', good.split('_').reverse().join('_')],
    ['its secret alone', parts.secret],
    ['a JWT', 'eyJhbGciOiJFUzI1NiJ9.e30.c2ln'],
  ])('is none when %s', (_what, wrong) => expect(parseApiKey(wrong)).toBeNull());

  test('no two are alike', () => {
    const many = new Set(Array.from({ length: 1000 }, () => newApiKey('test').key));
    expect(many.size).toBe(1000);
  });
});
