import { SmartTapError } from './error.ts';
import { type Asv, type ReadBundle, readBundle } from './records/bundle.ts';
import type { Reb } from './records/record-bundle.ts';
import { decodeSrsOrNothing, decodeWholeSrs } from './records/service-response.ts';
import { valueText } from './records/value.ts';
import { openBundle } from './sealing.ts';
import { SW, statusClass } from './status-words.ts';
import type { Link } from './terminal-link.ts';
import type { Negotiated } from './terminal-negotiate.ts';
import { dataRequest, type TerminalSettings } from './terminal-options.ts';
import {
  endedBy,
  isSuccess,
  type ReadResult,
  readResult,
  type TerminalCustomer,
  type TerminalPass,
} from './terminal-result.ts';

/** Only where there is no pass an answer may be without a bundle (protocol §9.1, §9.3). */
const NO_PASS_WORDS: readonly number[] = [SW.okNoPass, SW.okNoPassNotReadyToPay];
const NO_BUNDLE: ReadBundle = { objects: [], unreadable: [] };

/** GET DATA: the passes of this terminal, and who holds them. */
export async function getData(
  terminal: TerminalSettings,
  link: Link,
  negotiated: Negotiated,
): Promise<ReadResult> {
  const { session, sequence } = negotiated;
  const { data, sw } = await link.ask(() => ({
    name: 'get-data',
    message: dataRequest(terminal, sequence.ses()),
  }));
  if (!isSuccess(sw)) return endedBy(sw, session).result;
  const srs = NO_PASS_WORDS.includes(sw) ? decodeSrsOrNothing(data) : decodeWholeSrs(data);
  if (srs) sequence.heard(srs.ses);
  const bundle = srs?.reb ? await open(terminal, negotiated, srs.reb) : null;
  const { objects, unreadable } = bundle ? readBundle(bundle) : NO_BUNDLE;
  const passes = objects.flatMap(passOf);
  const [fault = null] = passes.length > 0 ? [] : unreadable;
  return readResult({
    // Nobody can say that what cannot be read was no pass.
    status: passes.length > 0 ? 'passes' : fault ? 'malformed' : 'no-pass',
    statusWord: sw,
    mustNotPay: statusClass(sw) === 'success-not-final',
    passes,
    customer: objects.flatMap(customerOf)[0] ?? null,
    session,
    bundle,
    unreadable,
    fault,
  });
}

function open(
  { primitives, acceptUnencrypted }: TerminalSettings,
  { keys }: Negotiated,
  reb: Reb,
): Promise<Uint8Array> {
  if (!reb.encrypted && !acceptUnencrypted) {
    throw new SmartTapError('wrong-value', 'srs/reb/flags', 'says that it is not encrypted');
  }
  return openBundle(primitives, keys, reb);
}

function passOf({ i: issuer, object }: Asv): TerminalPass[] {
  if (object.type === 'cus' || object.type === 'unknown') return [];
  const { type, oid: objectId, n } = object;
  return [{ issuer, type, objectId, value: valueText(n), object }];
}

function customerOf({ i: issuer, object }: Asv): TerminalCustomer[] {
  if (object.type !== 'cus') return [];
  const { cid: id, cpl, cut: tapId, cud: deviceId } = object;
  return [{ issuer, id, language: cpl?.text ?? null, tapId, deviceId }];
}
