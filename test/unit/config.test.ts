import { describe, expect, it } from 'vitest';
import { ConfigError, readConfig } from '../../src/platform/config.ts';

describe('TAPLINE_ROOT_KEY', () => {
  it.each([
    ['one of sixteen characters', 'sixteen-letters.'],
    ['one with every mark', '!"#$%&()*+,-./:;<=>?@[]^_`{|}~'],
    ['one of a thousand characters', 'x'.repeat(1000)],
  ])('%s is taken', (_what, TAPLINE_ROOT_KEY) => {
    expect(readConfig({ TAPLINE_ROOT_KEY }).rootKey).toBe(TAPLINE_ROOT_KEY);
  });

  it('that is empty or not set is none', () => {
    expect(readConfig({ TAPLINE_ROOT_KEY: '' }).rootKey).toBeNull();
    expect(readConfig({}).rootKey).toBeNull();
  });

  it.each([
    ['a blank', ' '],
    ['one letter', 'a'],
    ['fifteen letters', 'fifteen-letters'],
    ['one with a space', 'with a space in between'],
    ['one after a space', ' with-one-before-it'],
    ['one before a line end', 'with-a-line-end-after\n'],
    ['one with control characters', 'with-\u0000-and-\u007f-in-it'],
    ['one that is not ASCII', 'mit-einem-ß-und-碰一碰'],
    ['one that is too long to be sent', 'x'.repeat(1001)],
  ])('%s is refused', (_what, TAPLINE_ROOT_KEY) => {
    const read = () => readConfig({ TAPLINE_ROOT_KEY });
    expect(read).toThrow(ConfigError);
    expect(read).toThrow(/^TAPLINE_ROOT_KEY must have 16 to 1000 printable ASCII characters/);
  });
});

describe('how members join', () => {
  const secret = `whsec_${Buffer.alloc(32, 1).toString('base64')}`;
  const oidc = {
    TAPLINE_OIDC_ISSUER: 'https://id.example.com',
    TAPLINE_OIDC_CLIENT_ID: 'tapline',
    TAPLINE_OIDC_CLIENT_SECRET: 'secret',
  };

  it('is by nothing unless it is set', () => {
    expect(readConfig({})).toMatchObject({ codes: null, signIn: null });
  });

  it('is by codes in the log, by a gateway, or by a provider', () => {
    expect(readConfig({ TAPLINE_CODES: 'log' }).codes).toEqual({ kind: 'log' });
    const url = 'https://sms.example.com/send';
    const gateway = readConfig({ TAPLINE_CODES_URL: url, TAPLINE_CODES_SECRET: secret });
    expect(gateway.codes).toEqual({ kind: 'gateway', url, secret });
    expect(readConfig(oidc).signIn).toEqual({
      issuer: 'https://id.example.com',
      clientId: 'tapline',
      clientSecret: 'secret',
    });
    const here = { ...oidc, TAPLINE_OIDC_ISSUER: 'http://127.0.0.1:3000' };
    expect(readConfig(here).signIn?.issuer).toBe('http://127.0.0.1:3000');
  });

  it.each([
    [{ TAPLINE_CODES: 'sms' }, /^TAPLINE_CODES must be "log"/],
    [{ TAPLINE_CODES: 'log', TAPLINE_CODES_URL: 'https://x.example' }, /exclude each other/],
    [{ TAPLINE_CODES_URL: 'https://x.example' }, /go together/],
    [{ TAPLINE_CODES_SECRET: secret }, /go together/],
    [
      { TAPLINE_CODES_URL: 'https://x.example', TAPLINE_CODES_SECRET: 'whsec_c2hvcnQ=' },
      /24 to 64 bytes/,
    ],
    [
      { TAPLINE_CODES_URL: 'http://x.example', TAPLINE_CODES_SECRET: secret },
      /must begin with https/,
    ],
    [{ TAPLINE_CODES_URL: 'ftp://x.example' }, /must be a URL/],
    [{ ...oidc, TAPLINE_OIDC_CLIENT_ID: '' }, /go together/],
    [{ ...oidc, TAPLINE_OIDC_CLIENT_SECRET: undefined }, /go together/],
    [{ ...oidc, TAPLINE_OIDC_ISSUER: 'http://id.example.com' }, /must begin with https/],
    [{ ...oidc, TAPLINE_OIDC_ISSUER: 'id.example.com' }, /must be a URL/],
  ])('%o is refused', (env, reason) => {
    expect(() => readConfig(env)).toThrow(ConfigError);
    expect(() => readConfig(env)).toThrow(reason);
  });
});
