import { bits, type DescribedField, decimal, listed, version } from './describe-lines.ts';
import { ISSUER_TYPE } from './records/bundle.ts';
import {
  PCR_CARDHOLDER_VERIFICATION,
  PCR_CHECKOUT,
  PCR_SYSTEM,
  PCR_TAP_MODE,
  PCR_USER_INTERFACE,
} from './records/capabilities.ts';
import { SERVICE_KIND } from './records/new-service.ts';
import { SERVICE_TYPE } from './records/service-request.ts';
import { UPDATE_OPERATION, USAGE_STATUS } from './records/service-status.ts';
import { SES_STATUS } from './records/session.ts';

/** How the payload of an external record is taken apart: fields first, then what `kind` says. */
export interface Body {
  readonly kind: 'records' | 'bytes' | 'primitive' | 'bundle';
  readonly fields: readonly DescribedField[];
  /** Of `bytes`: what follows the fields; nothing may follow where it is absent. */
  readonly rest?: string;
}

export interface DictionaryEntry {
  readonly title: string;
  readonly body: Body;
}

const field = (name: string, size: number, say?: DescribedField['say']): DescribedField =>
  say ? { name, size, say } : { name, size };
const of =
  (kind: Body['kind']) =>
  (title: string, ...fields: readonly DescribedField[]): DictionaryEntry => ({
    title,
    body: { kind, fields },
  });
const records = of('records');
const bytes = of('bytes');
const primitive = of('primitive');
const open = (title: string, rest: string, ...fields: readonly DescribedField[]) => ({
  title,
  body: { kind: 'bytes', fields, rest } as const,
});

const VERSION = field('version', 2, version);
const services = listed(SERVICE_TYPE);

const REQUESTS_AND_ANSWERS: Readonly<Record<string, DictionaryEntry>> = {
  mdn: primitive('handset nonce'),
  ngr: records('negotiate request', VERSION),
  nrs: records('negotiate response'),
  srq: records('service request', VERSION),
  srs: records('service response'),
  spr: records('push request', VERSION),
  psr: records('push response'),
  ses: bytes(
    'session',
    field('session id', 8),
    field('sequence', 1, decimal),
    field('status', 1, listed(SES_STATUS)),
  ),
  cpr: records(
    'cryptography parameters',
    field('terminal nonce', 32),
    field('authentication', 1, bits({ live: 0x01 })),
    field('terminal ephemeral public key', 33),
    field('key version', 4, decimal),
  ),
  sig: primitive('signature, DER'),
  cld: primitive('collector ID', field('collector ID', 4, decimal)),
  dpk: bytes('handset ephemeral public key', field('public key', 33)),
  mer: records('merchant'),
  lid: primitive('location ID'),
  tid: primitive('terminal ID'),
  mnr: primitive('merchant name'),
  mcr: primitive('merchant category'),
  slr: records('service list'),
  str: open('service type', 'further types', field('type', 1, services)),
  pcr: bytes(
    'terminal capabilities',
    field('system', 1, bits(PCR_SYSTEM)),
    field('user interface', 1, bits(PCR_USER_INTERFACE)),
    field('checkout', 1, bits(PCR_CHECKOUT)),
    field('cardholder verification', 1, bits(PCR_CARDHOLDER_VERIFICATION)),
    field('tap mode', 1, bits(PCR_TAP_MODE)),
  ),
  reb: {
    title: 'record bundle',
    body: {
      kind: 'bundle',
      fields: [field('flags', 1, bits({ encrypted: 0x01, compressed: 0x02 }))],
    },
  },
};

const OBJECTS: Readonly<Record<string, DictionaryEntry>> = {
  asv: records('one object and its issuer'),
  i: primitive('issuer', field('type', 1, listed(ISSUER_TYPE)), field('issuer ID', 4)),
  ly: records('loyalty'),
  of: records('offer'),
  gc: records('gift card'),
  pl: records('private label card'),
  et: records('event ticket'),
  fl: records('flight'),
  tr: records('transit'),
  gr: records('generic'),
  gp: records('generic private'),
  oid: primitive('object ID'),
  n: primitive('service number'),
  p: primitive('PIN'),
  tr1: primitive('track 1'),
  tr2: primitive('track 2'),
  tcr: primitive('transaction counter'),
  ex: primitive('expiry'),
  c1: primitive('card verification code'),
  sid: primitive('service ID'),
  cus: records('customer'),
  cid: primitive('customer ID'),
  cpl: primitive('preferred language'),
  cut: primitive('tap ID'),
  cud: primitive('device ID'),
};

const PUSHED: Readonly<Record<string, DictionaryEntry>> = {
  bpr: records('basket price'),
  mon: open('amount', 'amount, of a form that nobody tells'),
  ccd: primitive('currency'),
  nsr: records('new service', field('kind', 1, listed(SERVICE_KIND))),
  nst: primitive('title'),
  nsu: primitive('URI'),
  ssr: records('service status'),
  sug: records('usage', field('status', 1, listed(USAGE_STATUS))),
  sut: primitive('usage title'),
  sud: primitive('usage description'),
  sup: open('update', 'value', field('operation', 1, listed(UPDATE_OPERATION))),
};

/** Every record of the protocol by its name. */
export const DICTIONARY: ReadonlyMap<string, DictionaryEntry> = new Map(
  Object.entries({ ...REQUESTS_AND_ANSWERS, ...OBJECTS, ...PUSHED }),
);
