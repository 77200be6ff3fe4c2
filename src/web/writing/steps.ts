/**
 * How a tag is written, as a machine without any browser: what happened leads from one step to the
 * next. The page shows the step, and the driver does what it asks for.
 */

/** Why this browser cannot write at all. */
export type Obstacle = 'in-app' | 'not-android' | 'insecure' | 'unsupported';

/** Why writing stopped; each can be tried again. */
export type Failure =
  | 'denied'
  | 'nfc-off'
  | 'no-adapter'
  | 'torn'
  | 'unwritable'
  | 'mismatch'
  | 'unexpected';

/** What a phone found out that the service is to know. */
export interface Proof {
  readonly serial: string;
  /** The address that was read back. */
  readonly url: string;
}

/** Locking a tag for good, which nobody must do. */
export type Lock = 'open' | 'sure' | 'locking' | 'locked' | 'failed';

export type Step =
  | { readonly at: 'preparing' }
  | { readonly at: 'blocked'; readonly by: Obstacle }
  | { readonly at: 'start' }
  | { readonly at: 'asking' }
  | { readonly at: 'waiting'; readonly overwrite: boolean; readonly slow: boolean }
  | { readonly at: 'existing'; readonly holds: string | null }
  | { readonly at: 'writing'; readonly overwrite: boolean; readonly slow: boolean }
  | { readonly at: 'checking'; readonly slow: boolean }
  | { readonly at: 'reporting'; readonly proof: Proof }
  | { readonly at: 'unsent'; readonly proof: Proof }
  | { readonly at: 'written'; readonly serial: string; readonly lock: Lock }
  | { readonly at: 'verified'; readonly serial: string; readonly locked: boolean }
  | { readonly at: 'failed'; readonly why: Failure }
  | { readonly at: 'refused'; readonly title: string; readonly detail: string };

/** What a tag holds that came near. */
export interface SeenTag {
  readonly serial: string;
  /** The address on it; null where there is something else. */
  readonly url: string | null;
  readonly empty: boolean;
}

/** In which call to the browser an error came. */
export type Doing = 'scan' | 'write' | 'lock';

export type Happening =
  | { readonly what: 'ready'; readonly obstacle: Obstacle | null }
  | { readonly what: 'allow' }
  | { readonly what: 'allowed' }
  | { readonly what: 'error'; readonly doing: Doing; readonly name: string }
  | { readonly what: 'seen'; readonly tag: SeenTag }
  /** A tag came near that cannot be read: it was never formatted, or is of another kind. */
  | { readonly what: 'unreadable' }
  | { readonly what: 'overwrite' }
  | { readonly what: 'other-tag' }
  | { readonly what: 'wrote' }
  | { readonly what: 'slow' }
  | { readonly what: 'cancel' }
  | { readonly what: 'reported' }
  | { readonly what: 'unsent' }
  | { readonly what: 'refused'; readonly title: string; readonly detail: string }
  | { readonly what: 'send' }
  | { readonly what: 'lock' }
  | { readonly what: 'keep-open' }
  | { readonly what: 'locked' }
  | { readonly what: 'verified' };

/** After this long without a tag the page says where phones have their antennas. */
export const SLOW_MS = 8000;

/** The step after something happened. What does not belong to a step changes nothing. */
export function next(step: Step, happening: Happening, url: string): Step {
  switch (happening.what) {
    case 'ready':
      if (step.at !== 'preparing') return step;
      return happening.obstacle === null
        ? { at: 'start' }
        : { at: 'blocked', by: happening.obstacle };
    case 'allow':
      return step.at === 'start' || step.at === 'failed' ? { at: 'asking' } : step;
    case 'allowed':
      return step.at === 'asking' ? { at: 'waiting', overwrite: false, slow: false } : step;
    case 'cancel':
      return isNearTag(step) || step.at === 'asking' || step.at === 'existing'
        ? { at: 'start' }
        : step;
    case 'slow':
      return isNearTag(step) ? { ...step, slow: true } : step;
    case 'error':
      return afterError(step, happening);
    case 'seen':
      return afterTag(step, happening.tag, url);
    case 'unreadable':
      if (step.at === 'checking') return { at: 'failed', why: 'mismatch' };
      // To write a tag that was never formatted formats it.
      return step.at === 'waiting' ? writing(step.overwrite) : step;
    case 'overwrite':
      return step.at === 'existing' ? { at: 'waiting', overwrite: true, slow: false } : step;
    case 'other-tag':
      return step.at === 'existing' ? { at: 'waiting', overwrite: false, slow: false } : step;
    case 'wrote':
      return step.at === 'writing' ? { at: 'checking', slow: false } : step;
    default:
      return afterReading(step, happening);
  }
}

function isNearTag(
  step: Step,
): step is Extract<Step, { readonly at: 'waiting' | 'writing' | 'checking' }> {
  return step.at === 'waiting' || step.at === 'writing' || step.at === 'checking';
}

function writing(overwrite: boolean): Step {
  return { at: 'writing', overwrite, slow: false };
}

function afterTag(step: Step, { serial, url: found, empty }: SeenTag, url: string): Step {
  if (step.at === 'checking') {
    const isRight = found === url;
    return isRight
      ? { at: 'reporting', proof: { serial, url } }
      : { at: 'failed', why: 'mismatch' };
  }
  if (step.at !== 'waiting') return step;
  // A tag that holds our address already needs no writing, only to be told of.
  if (found === url) return { at: 'reporting', proof: { serial, url } };
  return empty || step.overwrite ? writing(step.overwrite) : { at: 'existing', holds: found };
}

/** What comes after the tag was read back: telling the service, locking, the first touch. */
function afterReading(step: Step, happening: Happening): Step {
  switch (happening.what) {
    case 'reported':
      return step.at === 'reporting'
        ? { at: 'written', serial: step.proof.serial, lock: 'open' }
        : step;
    case 'unsent':
      return step.at === 'reporting' ? { at: 'unsent', proof: step.proof } : step;
    case 'send':
      return step.at === 'unsent' ? { at: 'reporting', proof: step.proof } : step;
    case 'refused':
      return { at: 'refused', title: happening.title, detail: happening.detail };
    case 'verified':
      return step.at === 'written'
        ? { at: 'verified', serial: step.serial, locked: step.lock === 'locked' }
        : step;
    case 'lock':
      return step.at === 'written' ? { ...step, lock: afterLockAsked(step.lock) } : step;
    case 'keep-open':
      return step.at === 'written' && step.lock !== 'locked' ? { ...step, lock: 'open' } : step;
    case 'locked':
      return step.at === 'written' ? { ...step, lock: 'locked' } : step;
    default:
      return step;
  }
}

/** Locking cannot be undone, so it is asked for twice. */
function afterLockAsked(lock: Lock): Lock {
  if (lock === 'open') return 'sure';
  return lock === 'locked' ? 'locked' : 'locking';
}

type NfcError = Extract<Happening, { readonly what: 'error' }>;

/** What the errors of Web NFC mean; the same name means other things in other calls. */
function afterError(step: Step, { doing, name }: NfcError): Step {
  if (doing === 'lock') return step.at === 'written' ? { ...step, lock: 'failed' } : step;
  if (name === 'AbortError') return next(step, { what: 'cancel' }, '');
  if (step.at !== 'asking' && !isNearTag(step)) return step;
  // With `overwrite: false` this is how a browser says that something is on the tag.
  if (doing === 'write' && name === 'NotAllowedError') return { at: 'existing', holds: null };
  return { at: 'failed', why: failureOf(doing, name) };
}

function failureOf(doing: 'scan' | 'write', name: string): Failure {
  switch (name) {
    case 'NotAllowedError':
      return 'denied';
    case 'NotReadableError':
      return 'nfc-off';
    case 'NotSupportedError':
      return doing === 'scan' ? 'no-adapter' : 'unwritable';
    case 'NetworkError':
      return 'torn';
    default:
      return 'unexpected';
  }
}

/** Whether the step that nobody must take was left out. */
export function leftUnlocked(step: Step): boolean {
  return (
    (step.at === 'written' && step.lock !== 'locked') || (step.at === 'verified' && !step.locked)
  );
}

/** Which of the five steps of the list is the one of now, from 0; 5 is past the end. */
export function placeOf(step: Step): number {
  switch (step.at) {
    case 'waiting':
    case 'existing':
    case 'writing':
      return 1;
    case 'checking':
    case 'reporting':
    case 'unsent':
      return 2;
    case 'written':
      return step.lock === 'sure' || step.lock === 'locking' ? 3 : 4;
    case 'verified':
      return 5;
    default:
      return 0;
  }
}

export interface Surroundings {
  readonly userAgent: string;
  readonly hasWebNfc: boolean;
  readonly isSecure: boolean;
}

/** The browsers inside other apps, none of which has Web NFC. */
const IN_APP =
  /MicroMessenger|AlipayClient|AliApp|DingTalk|Weibo|QQ\/|TikTok|aweme|FBA[NV]|Instagram|Line\/|; wv\)/i;

/** What keeps a browser from writing, most telling first; null when it can. */
export function obstacleOf({ userAgent, hasWebNfc, isSecure }: Surroundings): Obstacle | null {
  if (IN_APP.test(userAgent)) return 'in-app';
  if (hasWebNfc) return null;
  if (!/Android/i.test(userAgent)) return 'not-android';
  return isSecure ? 'unsupported' : 'insecure';
}
