import { describe, expect, it } from 'vitest';
import {
  decodeSrs,
  encodeNdef,
  encodeResponse,
  encodeSrs,
  type NdefRecord,
  TNF,
} from '../../src/smarttap/index.ts';
import { hex, vectorBytes } from '../support/smart-tap.ts';
import { type Change, tapped } from '../support/smart-tap-between.ts';

describe('a bundle that is not sealed', () => {
  /** Our wallet's answer with the bundle in the clear. */
  const inTheClear: Change = (name, response) => {
    if (name !== 'get-data') return null;
    const { ses } = decodeSrs(response.subarray(0, -2));
    const content = vectorBytes('synthetic-plain', 'plaintext');
    const reb = { encrypted: false, compressed: false, content } as const;
    return encodeResponse({ data: encodeSrs({ ses, reb }), sw: 0x9000 });
  };

  it('is refused, unless the terminal is set to take it', async () => {
    const refused = await tapped({ change: inTheClear });
    const taken = await tapped({ change: inTheClear, terminal: { acceptUnencrypted: true } });
    expect(refused).toMatchObject({
      status: 'malformed',
      passes: [],
      fault: { field: 'srs/reb/flags' },
    });
    expect(taken).toMatchObject({ status: 'passes', passes: [{ value: '2018' }] });
  });
});

describe('a bundle of which one object cannot be read', () => {
  const asv = (...records: NdefRecord[]) => external('asv', encodeNdef(records));
  const external = (type: string, payload: Uint8Array): NdefRecord => ({
    tnf: TNF.external,
    type,
    id: null,
    payload,
  });
  const issuer = external('i', hex('040100000000'));
  const oid = external('oid', hex('0421c94a5101e25eaa'));
  const n: NdefRecord = { tnf: TNF.wellKnown, type: 'T', id: 'n', payload: hex('0032303138') };
  const good = asv(issuer, external('ly', encodeNdef([oid, n])));
  const bad = asv(issuer, external('et', encodeNdef([oid])));

  const read = (...objects: NdefRecord[]) => {
    const change: Change = (name, response) => {
      if (name !== 'get-data') return null;
      const { ses } = decodeSrs(response.subarray(0, -2));
      const reb = { encrypted: false, compressed: false, content: encodeNdef(objects) } as const;
      return encodeResponse({ data: encodeSrs({ ses, reb }), sw: 0x9000 });
    };
    return tapped({ change, terminal: { acceptUnencrypted: true } });
  };

  it.each([
    ['after it', [bad, good], 0],
    ['before it', [good, bad], 1],
  ] as const)('gives the passes %s', async (_name, objects, index) => {
    const { status, passes, unreadable, fault } = await read(...objects);
    expect({ status, fault, values: passes.map(({ value }) => value) }).toEqual({
      status: 'passes',
      fault: null,
      values: ['2018'],
    });
    expect(unreadable.map(({ field }) => field)).toEqual([`bundle/asv[${index}]/et/n`]);
  });

  it('does not say that there is no pass when it is alone', async () => {
    const result = await read(bad);
    expect(result).toMatchObject({ status: 'malformed', fault: { field: 'bundle/asv[0]/et/n' } });
    expect(result.bundle).not.toBeNull();
  });
});
