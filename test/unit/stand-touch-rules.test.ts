import { describe, expect, test } from 'vitest';
import type { Device } from '../../src/members/model.ts';
import { standingOf } from '../../src/stands/session-model.ts';
import {
  DEVICE_SESSIONS_A_MINUTE,
  glanceOf,
  isTooBusy,
  STAND_SESSIONS_A_MINUTE,
  STRANGER_SESSIONS_A_MINUTE,
} from '../../src/stands/touch-rules.ts';

const CHROME =
  'Mozilla/5.0 (Linux; Android 15; Pixel 7) AppleWebKit/537.36 Chrome/131.0 Mobile Safari/537.36';

describe('a request is a touch', () => {
  test.each([
    [CHROME],
    ['Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) Version/18.1 Mobile Safari/604.1'],
    ['Mozilla/5.0 (Linux; Android 14) Chrome/116 Mobile MicroMessenger/8.0.50 MMWEBID/1'],
    ['Mozilla/5.0 (Linux; Android 14) UCBrowser/15.5 Mobile AlipayClient/10.6.8'],
    ['Mozilla/5.0 (Linux; Android 12; HUAWEI) HuaweiBrowser/15.0 Mobile Safari/537.36'],
    ['Mozilla/5.0 (Linux; Android 13; CUBOT KINGKONG) Chrome/120 Mobile Safari/537.36'],
    ['Mozilla/5.0 (Linux; Android 13) XiaoMi/MiuiBrowser/18.6'],
    [null],
  ])('by %s', (userAgent) => {
    expect(glanceOf({ method: 'GET', purpose: null, userAgent })).toBeNull();
  });
});

describe('a request is none', () => {
  test.each([
    ['GET', 'prefetch', CHROME, 'ahead'],
    ['GET', 'prefetch;prerender', CHROME, 'ahead'],
    ['GET', 'preview', null, 'ahead'],
    ['HEAD', null, CHROME, 'preview'],
    ['GET', null, 'WhatsApp/2.23.20.0 A', 'preview'],
    ['GET', null, 'TelegramBot (like TwitterBot)', 'preview'],
    ['GET', null, 'Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)', 'preview'],
    ['GET', null, 'facebookexternalhit/1.1 Facebot Twitterbot/1.0', 'preview'],
    ['GET', null, 'Mozilla/5.0 (compatible; Baiduspider/2.0)', 'preview'],
    ['GET', null, 'Mozilla/5.0 (Windows NT 6.1) SkypeUriPreview Preview/0.5', 'preview'],
  ] as const)('%s for %s by %s', (method, purpose, userAgent, glance) => {
    expect(glanceOf({ method, purpose, userAgent })).toBe(glance);
  });
});

const QUIET = { atStand: 0, strangersAtStand: 0, ofDevice: 0 };
const { sun, static: plain } = STAND_SESSIONS_A_MINUTE;

describe('one more session', () => {
  test.each([
    ['at a quiet stand', QUIET, 'static', false, false],
    ['the last at a plain stand', { ...QUIET, atStand: plain - 1 }, 'static', true, false],
    ['over it', { ...QUIET, atStand: plain }, 'static', true, true],
    ['over it by a printed code', { ...QUIET, atStand: plain }, 'qr', true, true],
    ['as many at a tag that signs', { ...QUIET, atStand: plain }, 'sun', true, false],
    ['over what hands can touch', { ...QUIET, atStand: sun }, 'sun', true, true],
    [
      "of a stranger over the strangers' share",
      { ...QUIET, strangersAtStand: STRANGER_SESSIONS_A_MINUTE },
      'static',
      false,
      true,
    ],
    [
      'of a member beside those strangers',
      { ...QUIET, strangersAtStand: STRANGER_SESSIONS_A_MINUTE },
      'static',
      true,
      false,
    ],
    [
      'of a stranger who really touched',
      { ...QUIET, strangersAtStand: STRANGER_SESSIONS_A_MINUTE },
      'sun',
      false,
      false,
    ],
    ['of a restless phone', { ...QUIET, ofDevice: DEVICE_SESSIONS_A_MINUTE }, 'sun', true, true],
  ] as const)('%s', (_case, traffic, proof, isMember, tooBusy) => {
    expect(isTooBusy(traffic, proof, isMember)).toBe(tooBusy);
  });
});

describe('a session is', () => {
  const phone = (id: string, walletId: string | null): Device => ({
    id,
    member: walletId === null ? null : { memberId: 'm', walletId, displayName: null },
  });
  const session = { deviceId: 'd', isLive: true, walletId: 'w' };
  test.each([
    ['own to its phone', session, phone('d', 'w'), 'own'],
    [
      'own to a phone that is nobody’s yet',
      { ...session, walletId: null },
      phone('d', null),
      'own',
    ],
    ['own to who has joined since', { ...session, walletId: null }, phone('d', 'w'), 'own'],
    ['over after its time', { ...session, isLive: false }, phone('d', 'w'), 'over'],
    ['over for the phone’s next member', session, phone('d', 'other'), 'over'],
    ['over for a phone that was signed out', session, phone('d', null), 'over'],
    ['another’s to another phone', session, phone('e', 'w'), 'elsewhere'],
    ['another’s to who has no cookie', session, null, 'elsewhere'],
  ] as const)('%s', (_case, one, device, standing) => {
    expect(standingOf(one, device)).toBe(standing);
  });
});
