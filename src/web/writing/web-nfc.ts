import type { SeenTag } from './steps.ts';

/** The part of Web NFC that writing needs (W3C CG draft); Chrome on Android has it. */
interface NdefReader extends EventTarget {
  scan(options: { signal: AbortSignal }): Promise<void>;
  write(
    message: { records: { recordType: 'url'; data: string }[] },
    options: { overwrite: boolean; signal: AbortSignal },
  ): Promise<void>;
  makeReadOnly(options: { signal: AbortSignal }): Promise<void>;
}

interface NdefReadingEvent extends Event {
  readonly serialNumber: string;
  readonly message: { readonly records: readonly NdefRecord[] };
}

interface NdefRecord {
  readonly recordType: string;
  readonly data?: DataView;
}

type NdefReaderClass = new () => NdefReader;

export function hasWebNfc(): boolean {
  return 'NDEFReader' in window;
}

export function newReader(): NdefReader {
  return new (window as unknown as { NDEFReader: NdefReaderClass }).NDEFReader();
}

export function seenTag(event: Event): SeenTag {
  const { serialNumber, message } = event as NdefReadingEvent;
  const records = message.records.filter(({ recordType }) => recordType !== 'empty');
  const [first] = records;
  const isAddress = records.length === 1 && /^(?:absolute-)?url$/.test(first?.recordType ?? '');
  const url = isAddress && first?.data ? new TextDecoder().decode(first.data) : null;
  return { serial: serialNumber, url, empty: records.length === 0 };
}

export type { NdefReader };
