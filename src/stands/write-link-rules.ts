import type { WriteLinkRefusal } from './model.ts';

export const LINK_MINUTES = 15;
/**
 * What was written while the link was good is reported a little later where the line was down; the
 * page goes on waiting for the first touch meanwhile.
 */
export const REPORT_GRACE_SECONDS = 3600;

/** What is known of a link whose token somebody has. */
export interface LinkStanding {
  readonly used: boolean;
  readonly secondsLeft: number;
}

/** Why a link opens no page to write with, or null. */
export function decideOpening(link: LinkStanding | null): WriteLinkRefusal | null {
  if (link === null) return 'write-link-unknown';
  if (link.used) return 'write-link-used';
  return link.secondsLeft <= 0 ? 'write-link-expired' : null;
}

/** Why what a phone has written is not taken note of, or null. */
export function decideReporting(link: LinkStanding | null): WriteLinkRefusal | null {
  if (link === null) return 'write-link-unknown';
  if (link.used) return 'write-link-used';
  return decideWatching(link);
}

/** Why a phone is not told what became of the tag, or null. */
export function decideWatching(link: LinkStanding | null): WriteLinkRefusal | null {
  if (link === null) return 'write-link-unknown';
  return link.secondsLeft <= -REPORT_GRACE_SECONDS ? 'write-link-expired' : null;
}
