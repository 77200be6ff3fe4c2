import { describe, expect, it, vi } from 'vitest';
import { concatBytes } from '../../src/smarttap/bytes.ts';
import {
  encodeNdef,
  encodeSmartTapCommand,
  type NdefRecord,
  TNF,
} from '../../src/smarttap/index.ts';
import { hex } from '../support/smart-tap.ts';
import {
  collectorKey,
  inField,
  KEY_VERSION,
  SENT,
  SESSION_ID,
} from '../support/smart-tap-stage.ts';

const external = (type: string, payload: Uint8Array): NdefRecord => ({
  tnf: TNF.external,
  type,
  id: null,
  payload,
});
const record = (type: string, ...payload: Uint8Array[]) =>
  encodeNdef([external(type, concatBytes(...payload))]);
const VERSION = Uint8Array.of(0, 1);
const SES = external('ses', concatBytes(SESSION_ID, Uint8Array.of(1, 1)));
const CPR_HEAD = concatBytes(
  new Uint8Array(32),
  Uint8Array.of(1),
  collectorKey.publicKey,
  Uint8Array.of(0, 0, 0, KEY_VERSION),
);
const SIG = external('sig', Uint8Array.of(4, 0x30));
const CLD = external('cld', Uint8Array.of(4, 1, 2, 3, 4));
const ngr = (...records: NdefRecord[]) => record('ngr', VERSION, encodeNdef(records));
const cpr = (head: Uint8Array, ...records: NdefRecord[]) =>
  external('cpr', concatBytes(head, encodeNdef(records)));
const srq = (...records: NdefRecord[]) => record('srq', VERSION, encodeNdef(records));
const SLR = external('slr', encodeNdef([external('str', Uint8Array.of(0))]));
const MER = external('mer', encodeNdef([CLD]));
const spr = (...records: NdefRecord[]) => record('spr', VERSION, encodeNdef(records));
const wellKnown = (type: string, id: string, payload: Uint8Array): NdefRecord => ({
  tnf: TNF.wellKnown,
  type,
  id,
  payload,
});
const nsr = (uri: Uint8Array) =>
  external(
    'nsr',
    concatBytes(
      Uint8Array.of(1),
      encodeNdef([wellKnown('T', 'nst', Uint8Array.of(0)), wellKnown('U', 'nsu', uri)]),
    ),
  );
const negotiateApdu = (message: Uint8Array) =>
  encodeSmartTapCommand({ name: 'negotiate', message });
const getDataApdu = (message: Uint8Array) => encodeSmartTapCommand({ name: 'get-data', message });
const pushApdu = (message: Uint8Array) => encodeSmartTapCommand({ name: 'push-data', message });

describe('a command that is not in the protocol’s form', () => {
  it.each<[string, Uint8Array, string]>([
    ['nothing at all', hex(''), '9402'],
    ['one byte', hex('90'), '9402'],
    ['a length that does not fit', hex('9050000005aa00'), '9402'],
    ['an extended length', hex('90500000000001aa'), '9402'],
    ['an unknown instruction', hex('9051000000'), '9400'],
    ['an unknown class', hex('8050000000'), '9400'],
    ['other parameters', hex('9050010000'), '9400'],
    ['GET RESPONSE', hex('00c0000000'), '9400'],
    ['SELECT of Smart Tap 1', hex('00a4040009a000000476d000010100'), '6a82'],
    ['SELECT of nothing', hex('00a4040000'), '6a82'],
    ['GET MORE DATA with data', hex('90c0000001aa00'), '9402'],
    ['NEGOTIATE without data', hex('9053000000'), '9402'],
    ['NEGOTIATE of another record', negotiateApdu(srq(SES, MER, SLR)), '9402'],
    ['NEGOTIATE without session', negotiateApdu(ngr(cpr(CPR_HEAD, SIG, CLD))), '9402'],
    ['NEGOTIATE without cryptography', negotiateApdu(ngr(SES)), '9403'],
    ['NEGOTIATE with a short nonce', negotiateApdu(ngr(SES, external('cpr', hex('01')))), '9403'],
    ['NEGOTIATE without signature', negotiateApdu(ngr(SES, cpr(CPR_HEAD, CLD))), '9403'],
    ['NEGOTIATE without collector', negotiateApdu(ngr(SES, cpr(CPR_HEAD, SIG))), '9407'],
    ['NEGOTIATE with bytes after', negotiateApdu(concatBytes(ngr(SES), hex('00'))), '9402'],
    ['GET DATA without data', hex('9050000000'), '9402'],
    ['GET DATA without merchant', getDataApdu(srq(SES, SLR)), '9407'],
    [
      'GET DATA without collector',
      getDataApdu(srq(SES, external('mer', record('tid', hex('0131'))), SLR)),
      '9407',
    ],
    ['GET DATA without service type', getDataApdu(srq(SES, MER)), '9402'],
    ['GET DATA without session', getDataApdu(srq(MER, SLR)), '9402'],
    ['PUSH DATA without data', hex('9052000000'), '9402'],
    ['PUSH DATA without session', pushApdu(spr(nsr(hex('04612e62')))), '9402'],
    ['PUSH DATA of a URI that is none', pushApdu(spr(SES, nsr(hex('006120')))), '9408'],
    ['PUSH DATA of an unknown prefix', pushApdu(spr(SES, nsr(hex('ff61')))), '9408'],
    ['PUSH DATA of a URI that is no text', pushApdu(spr(SES, nsr(hex('04ff')))), '9408'],
  ])('%s', async (_name, apdu, sw) => {
    const decide = vi.fn(() => SENT);
    const terminal = inField({ decide });
    expect(await terminal.send(apdu)).toEqual({ sw, data: new Uint8Array() });
    expect(decide).not.toHaveBeenCalled();
  });
});
