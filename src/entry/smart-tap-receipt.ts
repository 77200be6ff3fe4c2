import {
  plainText,
  SERVICE_KIND,
  type TerminalPass,
  type TerminalPush,
  USAGE_STATUS,
} from '../smarttap/index.ts';

/** What is left of a command beside the rest of a receipt and of the first pass's use. */
export const MOST_RECEIPT_URI_BYTES = 100;

/** A receipt for the phone, and that the first pass was used: one command holds no more. */
export function receiptOf(uri: string, [first]: readonly TerminalPass[]): TerminalPush {
  const nsr = [{ kind: SERVICE_KIND.receipt, nst: plainText('Receipt'), nsu: uri }];
  if (first === undefined) return { nsr };
  const sug = { status: USAGE_STATUS.success, sut: plainText('ok'), sud: plainText('used') };
  return { nsr, ssr: [{ oid: first.objectId, sug, sup: null }] };
}
