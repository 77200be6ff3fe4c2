import type { CounterEvent, DisplayState } from '../../counter/model.ts';
import type { Locale } from '../../problems/model.ts';

/** What the display stands on from its start. */
export interface DisplayStart {
  readonly issuerId: string;
  readonly terminalId: string;
  /** The till's language, while nobody's is known. */
  readonly locale: Locale;
  readonly look: 'auto' | 'bright' | 'dark';
  /** The stand's printed link as a QR code; null where no stand is known. */
  readonly qr: { readonly path: string; readonly size: number } | null;
}

export interface DisplayView {
  readonly start: DisplayStart;
  readonly shown: DisplayState;
  readonly name: string | null;
  readonly line: 'there' | 'lost' | 'ended';
}

/** A thank-you goes after a while, and so does anything that the till forgot. */
const DONE_MS = 15_000;
const FORGOTTEN_MS = 180_000;

export function idleView(start: DisplayStart): DisplayView {
  return { start, shown: { state: 'idle', language: start.locale }, name: null, line: 'there' };
}

export function displayAfter(
  view: DisplayView,
  { kind, detail, visitor }: CounterEvent,
): DisplayView {
  if (kind !== 'display') return view;
  return { ...view, shown: detail as unknown as DisplayState, name: visitor?.name ?? null };
}

/** For how long it is shown without another word from the till; null for ever. */
export function shownForMs({ shown }: DisplayView): number | null {
  if (shown.state === 'idle') return null;
  return shown.state === 'done' ? DONE_MS : FORGOTTEN_MS;
}
