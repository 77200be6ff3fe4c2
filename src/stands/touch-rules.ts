import type { TouchProof } from './model.ts';

/** Within this time a device that touches the same stand again gets the same session. */
export const SAME_TOUCH_SECONDS = 60;

/**
 * How many sessions a stand opens in a minute, and how many may begin to claim in one. An authentic
 * tag was touched each time.
 */
export const STAND_SESSIONS_A_MINUTE: Readonly<Record<TouchProof, number>> = {
  sun: 60,
  static: 30,
  qr: 30,
};

/**
 * Of the sessions that an address alone can open, those for phones that are nobody's: whoever
 * copied the address and opens it again and again keeps no member away.
 */
export const STRANGER_SESSIONS_A_MINUTE = 15;

/** How many sessions one device opens in a minute, at whichever stands. */
export const DEVICE_SESSIONS_A_MINUTE = 10;

/** Sessions of the last minute. */
export interface TouchTraffic {
  readonly atStand: number;
  readonly strangersAtStand: number;
  readonly ofDevice: number;
}

/** Whether one more session is one too many. */
export function isTooBusy(traffic: TouchTraffic, proof: TouchProof, isMember: boolean): boolean {
  const { atStand, strangersAtStand, ofDevice } = traffic;
  const strangers = proof === 'sun' || isMember ? 0 : strangersAtStand;
  return (
    atStand >= STAND_SESSIONS_A_MINUTE[proof] ||
    strangers >= STRANGER_SESSIONS_A_MINUTE ||
    ofDevice >= DEVICE_SESSIONS_A_MINUTE
  );
}

/** What a request tells of itself. */
export interface RequestSigns {
  readonly method: string;
  /** `Sec-Purpose` or `Purpose`. */
  readonly purpose: string | null;
  readonly userAgent: string | null;
}

// Cubot makes phones, whose browsers say so.
const PREVIEWER =
  /(?<!cu)bot\b|spider|crawl|preview|facebookexternalhit|^whatsapp|embedly|iframely/i;

/** A request that looks ahead for somebody, which is no touch; null for a phone's own. */
export function glanceOf({ method, purpose, userAgent }: RequestSigns): 'ahead' | 'preview' | null {
  if (purpose !== null && /prefetch|prerender|preview/i.test(purpose)) return 'ahead';
  if (method === 'HEAD') return 'preview';
  return userAgent !== null && PREVIEWER.test(userAgent) ? 'preview' : null;
}
