import { type CommandApdu, encodeCommand, MAX_LE } from './apdu.ts';
import { equalBytes, fromHex } from './bytes.ts';
import { SmartTapError } from './error.ts';

/** "OSE.VAS.01", which Apple's VAS answers too: the label tells them apart. */
export const OSE_AID: Uint8Array = fromHex('4f53452e5641532e3031', 'aid');
export const SMART_TAP_2_AID: Uint8Array = fromHex('a000000476d0000111', 'aid');

/** What a command asks for (protocol §2). */
export type SmartTapCommand =
  | { readonly name: 'select-ose' }
  | { readonly name: 'select-smart-tap' }
  /** SELECT of another application: not found. */
  | { readonly name: 'select-other'; readonly aid: Uint8Array }
  | { readonly name: 'negotiate'; readonly message: Uint8Array }
  | { readonly name: 'get-data'; readonly message: Uint8Array }
  | { readonly name: 'get-more-data' }
  | { readonly name: 'push-data'; readonly message: Uint8Array }
  /** ISO 7816-4, after 61xx: no handset is known to send that, some readers' chips do (§2). */
  | { readonly name: 'get-response'; readonly le: number }
  | { readonly name: 'unknown' };

const NO_DATA = new Uint8Array();

function command(ins: number, data: Uint8Array, le = MAX_LE): Uint8Array {
  return encodeCommand({ cla: 0x90, ins, p1: 0x00, p2: 0x00, data, le });
}

function select(aid: Uint8Array): Uint8Array {
  return encodeCommand({ cla: 0x00, ins: 0xa4, p1: 0x04, p2: 0x00, data: aid, le: MAX_LE });
}

export function encodeSmartTapCommand(
  wanted: Exclude<SmartTapCommand, { name: 'unknown' }>,
): Uint8Array {
  switch (wanted.name) {
    case 'select-ose':
      return select(OSE_AID);
    case 'select-smart-tap':
      return select(SMART_TAP_2_AID);
    case 'select-other':
      return select(wanted.aid);
    case 'negotiate':
      return command(0x53, wanted.message);
    case 'get-data':
      return command(0x50, wanted.message);
    case 'get-more-data':
      return command(0xc0, NO_DATA);
    case 'push-data':
      return command(0x52, wanted.message);
    case 'get-response':
      return encodeCommand({ cla: 0, ins: 0xc0, p1: 0, p2: 0, data: NO_DATA, le: wanted.le });
  }
}

/** Tells what a command is by its header; Le only limits the answer and is not looked at. */
export function smartTapCommand(apdu: CommandApdu): SmartTapCommand {
  const { data: message } = apdu;
  switch (apdu.cla * 0x1000000 + apdu.ins * 0x10000 + apdu.p1 * 0x100 + apdu.p2) {
    case 0x00a40400:
      return selected(message);
    case 0x90530000:
      return { name: 'negotiate', message };
    case 0x90500000:
      return { name: 'get-data', message };
    case 0x90c00000:
      return without(message, { name: 'get-more-data' });
    case 0x90520000:
      return { name: 'push-data', message };
    case 0x00c00000:
      return without(message, { name: 'get-response', le: apdu.le ?? MAX_LE });
    default:
      return { name: 'unknown' };
  }
}

function selected(aid: Uint8Array): SmartTapCommand {
  if (equalBytes(aid, OSE_AID)) return { name: 'select-ose' };
  if (equalBytes(aid, SMART_TAP_2_AID)) return { name: 'select-smart-tap' };
  return { name: 'select-other', aid };
}

function without(data: Uint8Array, command: SmartTapCommand): SmartTapCommand {
  if (data.length === 0) return command;
  throw new SmartTapError('wrong-length', 'command/data', `has length ${data.length}, not 0`);
}
