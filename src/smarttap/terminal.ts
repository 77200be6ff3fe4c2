import { SmartTapError } from './error.ts';
import { getData } from './terminal-get-data.ts';
import { FieldLost, Link, type Transceive } from './terminal-link.ts';
import { negotiate } from './terminal-negotiate.ts';
import { settingsOf, type TerminalOptions, type TerminalSettings } from './terminal-options.ts';
import { pushData } from './terminal-push.ts';
import { type PushResult, type ReadResult, readResult, type TapResult } from './terminal-result.ts';
import { select } from './terminal-select.ts';
import type { Sequence } from './terminal-sequence.ts';

/** The terminal's end of Smart Tap 2.1. */
export interface Terminal {
  /** Reads the handset in the field. Whatever that does is told in the result, and not thrown. */
  tap(transceive: Transceive): Promise<TapResult>;
}

/** @throws SmartTapError for options that no command can be made of */
export function createTerminal(options: TerminalOptions): Terminal {
  const settings = settingsOf(options);
  return { tap: (transceive) => tap(settings, new Link(transceive)) };
}

/** What was read, and the numbering that goes on from there if there is a session. */
interface Reading {
  readonly read: ReadResult;
  readonly sequence: Sequence | null;
}

async function tap(terminal: TerminalSettings, link: Link): Promise<TapResult> {
  const { read, sequence } = await readHandset(terminal, link).catch(failedReading);
  const push = sequence && terminal.push(read);
  const pushed: PushResult | null = push ? await pushData(link, sequence, push) : null;
  return { ...read, push: pushed, exchanges: link.exchanges };
}

async function readHandset(terminal: TerminalSettings, link: Link): Promise<Reading> {
  const selected = await select(terminal, link);
  if (!selected.ok) return { read: selected.result, sequence: null };
  const negotiated = await negotiate(terminal, link, selected);
  if (!negotiated.ok) return { read: negotiated.result, sequence: null };
  return { read: await getData(terminal, link, negotiated), sequence: negotiated.sequence };
}

/** What the other end can cause; anything else is a mistake of ours, and goes on. */
function failedReading(fault: unknown): Reading {
  if (fault instanceof SmartTapError) {
    return { read: readResult({ status: 'malformed', fault }), sequence: null };
  }
  if (!(fault instanceof FieldLost)) throw fault;
  return { read: readResult({ status: 'field-lost', fault: fault.cause }), sequence: null };
}
