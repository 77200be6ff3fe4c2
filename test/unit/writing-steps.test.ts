import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeUriMessage } from '../../src/stands/ndef-rules.ts';
import { writingTexts } from '../../src/web/texts/writing.ts';
import {
  type Doing,
  type Happening,
  next,
  obstacleOf,
  placeOf,
  type SeenTag,
  type Step,
} from '../../src/web/writing/steps.ts';

const URL = 'https://tapline.test/t/7Q2M9K4D0V';
const SERIAL = '04:5f:1e:92:6b:12:90';
const blank: SeenTag = { serial: SERIAL, url: null, empty: true };
const ours: SeenTag = { serial: SERIAL, url: URL, empty: false };
const theirs: SeenTag = { serial: SERIAL, url: 'https://other.test/', empty: false };
const odd: SeenTag = { serial: SERIAL, url: null, empty: false };

const after = (step: Step, ...happenings: Happening[]) =>
  happenings.reduce((at, happening) => next(at, happening, URL), step);
const plain = (
  what: Exclude<
    Happening,
    { tag: unknown } | { title: unknown } | { name: unknown } | { obstacle: unknown }
  >['what'],
) => ({ what }) as Happening;
const seen = (tag: SeenTag): Happening => ({ what: 'seen', tag });
const error = (doing: Doing, name: string): Happening => ({ what: 'error', doing, name });

const preparing: Step = { at: 'preparing' };
const ready: Happening = { what: 'ready', obstacle: null };
const waiting = after(preparing, ready, plain('allow'), plain('allowed'));
const writing = after(waiting, seen(blank));
const checking = after(writing, plain('wrote'));
const written = after(checking, seen(ours), plain('reported'));

describe('a tag is written', () => {
  test('from permission to the first touch, step by step', () => {
    const told: Happening[] = [
      ready,
      plain('allow'),
      plain('allowed'),
      seen(blank),
      plain('wrote'),
      seen(ours),
      plain('reported'),
      plain('lock'),
      plain('lock'),
      plain('locked'),
      plain('verified'),
    ];
    const steps = told.map((_, index) => after(preparing, ...told.slice(0, index + 1)));
    expect(steps.map((step) => ('lock' in step ? `${step.at} ${step.lock}` : step.at))).toEqual([
      'start',
      'asking',
      'waiting',
      'writing',
      'checking',
      'reporting',
      'written open',
      'written sure',
      'written locking',
      'written locked',
      'verified',
    ]);
    expect(steps.map(placeOf)).toEqual([0, 0, 1, 1, 2, 2, 4, 3, 3, 4, 5]);
  });

  test('and told of with what was read back, byte for byte', () => {
    const reporting = after(checking, seen(ours));
    expect(reporting).toEqual({ at: 'reporting', proof: { serial: SERIAL, url: URL } });
    expect(Buffer.from(encodeUriMessage(URL)).toString('hex')).toBe(
      `d1011a5504${Buffer.from(URL.slice(8)).toString('hex')}`,
    );
  });

  test('not again when it holds the address already', () => {
    expect(after(waiting, seen(ours)).at).toBe('reporting');
  });

  test('when it was never formatted', () => {
    expect(after(waiting, plain('unreadable')).at).toBe('writing');
  });
});

describe('a tag that holds something', () => {
  test('is overwritten only when somebody says so', () => {
    const existing = after(waiting, seen(theirs));
    expect(existing).toEqual({ at: 'existing', holds: theirs.url });
    expect(after(waiting, seen(odd))).toEqual({ at: 'existing', holds: null });
    expect(after(existing, seen(theirs))).toBe(existing);
    expect(after(existing, plain('overwrite'), seen(theirs))).toMatchObject({
      at: 'writing',
      overwrite: true,
    });
    const another = after(existing, plain('other-tag'));
    expect(after(another, seen(theirs)).at).toBe('existing');
    expect(after(another, seen(blank))).toMatchObject({ at: 'writing', overwrite: false });
  });

  test('is found out by the browser too', () => {
    expect(after(writing, error('write', 'NotAllowedError')).at).toBe('existing');
  });
});

describe('every error has its own words', () => {
  const asking = after(preparing, ready, plain('allow'));
  test.each<[Step, Doing, name: string, why: string]>([
    [asking, 'scan', 'NotAllowedError', 'denied'],
    [asking, 'scan', 'NotSupportedError', 'no-adapter'],
    [asking, 'scan', 'NotReadableError', 'nfc-off'],
    [asking, 'scan', 'InvalidStateError', 'unexpected'],
    [asking, 'scan', '', 'unexpected'],
    [writing, 'write', 'NetworkError', 'torn'],
    [writing, 'write', 'NotSupportedError', 'unwritable'],
    [writing, 'write', 'NotReadableError', 'nfc-off'],
    [writing, 'write', 'TypeError', 'unexpected'],
    [checking, 'write', 'NetworkError', 'torn'],
  ])('%j %s %s', (step, doing, name, why) => {
    const failed = after(step, error(doing, name));
    expect(failed).toEqual({ at: 'failed', why });
    expect(after(failed, plain('allow')).at).toBe('asking');
    for (const locale of ['en', 'zh-CN'] as const) {
      const { failures } = writingTexts[locale];
      expect(failures[why as keyof typeof failures].detail).not.toBe('');
    }
  });

  test.each([asking, waiting, writing, checking])('cancelled: %j', (step) => {
    expect(after(step, error('write', 'AbortError')).at).toBe('start');
    expect(after(step, plain('cancel')).at).toBe('start');
  });

  test.each([theirs, odd, blank])('what is read back otherwise: %j', (tag) => {
    expect(after(checking, seen(tag))).toEqual({ at: 'failed', why: 'mismatch' });
    expect(after(checking, plain('unreadable'))).toEqual({ at: 'failed', why: 'mismatch' });
  });

  test('a lock that fails leaves a written tag', () => {
    const locking = after(written, plain('lock'), plain('lock'));
    expect(after(locking, error('lock', 'NotSupportedError'))).toMatchObject({
      at: 'written',
      lock: 'failed',
    });
    expect(after(written, plain('lock'), plain('keep-open'))).toEqual(written);
  });

  test('a late error changes nothing that is done', () => {
    for (const name of ['AbortError', 'NetworkError', 'NotAllowedError']) {
      expect(after(written, error('scan', name))).toBe(written);
    }
  });
});

describe('time and the line', () => {
  test.each([waiting, writing, checking])('without a reaction there are hints: %j', (step) => {
    expect(after(step, plain('slow'))).toEqual({ ...step, slow: true });
  });

  test('a tag that is written while the line is down is told of later', () => {
    const unsent = after(checking, seen(ours), plain('unsent'));
    expect(unsent.at).toBe('unsent');
    expect(after(unsent, plain('send'), plain('reported')).at).toBe('written');
  });

  test('a link that is over says so in the words of the service', () => {
    const refused: Happening = { what: 'refused', title: 'Over', detail: 'Get another.' };
    expect(after(checking, seen(ours), refused)).toEqual({
      at: 'refused',
      title: 'Over',
      detail: 'Get another.',
    });
  });
});

describe('what keeps a browser from writing', () => {
  const pixel =
    'Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Mobile Safari/537.36';
  const iphone =
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1';
  const desktop =
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/131.0.0.0 Safari/537.36';
  test.each<[string, hasWebNfc: boolean, isSecure: boolean, expected: string | null]>([
    [pixel, true, true, null],
    [pixel, false, true, 'unsupported'],
    [pixel, false, false, 'insecure'],
    [`${pixel} MicroMessenger/8.0.53`, false, true, 'in-app'],
    [`${pixel} AlipayClient/10.6`, false, true, 'in-app'],
    [pixel.replace('Pixel 9)', 'Pixel 9; wv)'), false, true, 'in-app'],
    [`${iphone} MicroMessenger/8.0.53`, false, true, 'in-app'],
    [iphone, false, true, 'not-android'],
    [desktop, false, true, 'not-android'],
    [desktop, true, true, null],
  ])('%s, Web NFC %s, secure %s', (userAgent, hasWebNfc, isSecure, expected) => {
    const obstacle = obstacleOf({ userAgent, hasWebNfc, isSecure });
    expect(obstacle).toBe(expected);
    expect(after(preparing, { what: 'ready', obstacle }).at).toBe(
      expected === null ? 'start' : 'blocked',
    );
  });
});

test('whatever happens in whatever order, nothing is overwritten that nobody allowed', () => {
  const happening = fc.oneof(
    fc
      .constantFrom<string>('allow', 'allowed', 'other-tag', 'wrote', 'slow', 'cancel', 'unsent')
      .map((what) => ({ what }) as Happening),
    fc
      .constantFrom('reported', 'send', 'lock', 'locked', 'verified')
      .map((what) => ({ what }) as Happening),
    fc.constantFrom(blank, ours, theirs, odd).map(seen),
    fc
      .tuple(
        fc.constantFrom<Doing>('scan', 'write', 'lock'),
        fc.constantFrom('NotAllowedError', 'NetworkError', 'AbortError', 'NotSupportedError'),
      )
      .map(([doing, name]) => error(doing, name)),
  );
  fc.assert(
    fc.property(fc.array(happening, { maxLength: 40 }), (all) => {
      let step: Step = after(preparing, ready);
      for (const one of all) {
        const before = step;
        step = after(step, one);
        if (step.at === 'writing') expect(step.overwrite).toBe(false);
        // Only what was read back as ours is told of.
        if (step.at === 'reporting' && before.at !== 'reporting' && before.at !== 'unsent') {
          expect(one).toEqual(seen(ours));
        }
      }
    }),
    { numRuns: 2000 },
  );
});
