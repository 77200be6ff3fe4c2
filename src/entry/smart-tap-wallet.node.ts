import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import type { Server } from 'node:http';
import { resolve } from 'node:path';
import { VERTICALS } from '../passes/model.ts';
import { nodeSmartTapPrimitives } from '../platform/smart-tap-primitives.node.ts';
import { MAX_RESPONSE_BYTES } from '../smarttap/index.ts';
import type { SentPass } from '../taps/model.ts';
import { listenOn } from './listen.node.ts';
import { needed, readOptions, UsageError, wholeNumber } from './options.node.ts';
import { asksForHelp, help, WALLET_HELP } from './smart-tap-help.ts';
import { makeKeyPair, readPublicKey, writePrivateKey } from './smart-tap-keys.node.ts';
import { collectorIdOf, keyVersionOf } from './smart-tap-options.node.ts';
import { type PhoneOptions, SimulatedPhone } from './smart-tap-phone.ts';
import { phoneServer } from './smart-tap-phone-server.node.ts';
import type { ProcessContext, Start } from './start.ts';

const OPTIONS = {
  port: { type: 'string' },
  pass: { type: 'string', multiple: true },
  collector: { type: 'string' },
  'public-key': { type: 'string' },
  'key-version': { type: 'string' },
  locked: { type: 'boolean' },
  'not-ready': { type: 'boolean' },
  choose: { type: 'boolean' },
  'max-response': { type: 'string' },
} as const;

type Values = ReturnType<typeof readOptions<typeof OPTIONS>>;

interface Asked {
  readonly port: number;
  readonly phone: Omit<PhoneOptions, 'collectorId' | 'publicKey'>;
  /** Null: one is made up. */
  readonly collector: { readonly id: number; readonly keyFile: string } | null;
}

const MAX_PORT = 65535;

/**
 * `tapline wallet …`: a simulated phone for those who make terminals, until a signal stops it.
 * @throws UsageError
 */
export function smartTapWallet(args: readonly string[]): Start {
  if (asksForHelp(args)) return help(WALLET_HELP);
  const asked = askedOf(readOptions(args, OPTIONS));
  return (context) => serve(context, asked);
}

async function serve({ say, config }: ProcessContext, { port, phone, collector }: Asked) {
  const known = collector === null ? makeCollector() : await readCollector(collector);
  const place = { primitives: nodeSmartTapPrimitives, say, now: () => performance.now() };
  const server = phoneServer(new SimulatedPhone({ ...phone, ...known.options }, place));
  const { host } = config;
  const listening = await listenOn(server, { port, host }, '--port');
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${listening.port}`;
  const { collectorId } = known.options;
  const hints = [`the phone listens on ${url} (POST /apdu, POST /reset), collector ${collectorId}`];
  if (known.fresh !== null) {
    const { keyFile, privateKeyPem } = known.fresh;
    // Only now: a phone that cannot listen leaves no file behind.
    await writePrivateKey(keyFile, privateKeyPem).catch(async (error: unknown) => {
      await close(server);
      throw error;
    });
    const version = phone.keyVersion === 1 ? '' : ` --key-version ${phone.keyVersion}`;
    hints.push(
      `the collector's private key was written to ${resolve(keyFile)}; to tap the phone:`,
      `npm run tapline -- terminal --phone ${url} --collector ${collectorId} --key ${keyFile}${version}`,
    );
  }
  for (const hint of hints) say(hint);
  return { stop: () => close(server) };
}

async function close(server: Server): Promise<void> {
  server.close();
  server.closeAllConnections();
  await once(server, 'close');
}

type Known = Pick<PhoneOptions, 'collectorId' | 'publicKey'>;

interface Collector {
  readonly options: Known;
  /** What was made up, and is yet to be written. */
  readonly fresh: { readonly keyFile: string; readonly privateKeyPem: string } | null;
}

/** With eight digits, as Google gives them out. */
function makeCollector(): Collector {
  const collectorId = randomInt(10_000_000, 100_000_000);
  const { privateKeyPem, publicKey } = makeKeyPair();
  const keyFile = `smart-tap-collector-${collectorId}.pem`;
  return { options: { collectorId, publicKey }, fresh: { keyFile, privateKeyPem } };
}

async function readCollector({ id, keyFile }: NonNullable<Asked['collector']>): Promise<Collector> {
  return { options: { collectorId: id, publicKey: await readPublicKey(keyFile) }, fresh: null };
}

function askedOf(values: Values): Asked {
  const most = values['max-response'];
  return {
    port: wholeNumber(needed(values.port, 'port'), 'port', 0, MAX_PORT),
    collector: collectorOf(values),
    phone: {
      keyVersion: keyVersionOf(values['key-version']),
      passes: (values.pass ?? ['loyalty:member-0001']).map(passOf),
      locked: values.locked === true,
      readyToPay: values['not-ready'] !== true,
      choose: values.choose === true,
      maxResponseBytes:
        most === undefined ? undefined : wholeNumber(most, 'max-response', 1, MAX_RESPONSE_BYTES),
    },
  };
}

function collectorOf({ collector, 'public-key': keyFile }: Values): Asked['collector'] {
  if (collector === undefined && keyFile === undefined) return null;
  return {
    id: collectorIdOf(needed(collector, 'collector')),
    keyFile: needed(keyFile, 'public-key'),
  };
}

function passOf(text: string, index: number): SentPass {
  const [, name, value] = /^([A-Za-z]+):(.+)$/s.exec(text) ?? [];
  const type = VERTICALS.find((known) => known === name);
  if (type === undefined || value === undefined) {
    throw new UsageError(`--pass is <type>:<value>, with a type of ${VERTICALS.join(', ')}`);
  }
  const issuerId = 'simulated';
  return {
    objectId: `${issuerId}.${index}`,
    classId: `${issuerId}.class`,
    issuerId,
    type,
    redemptionValue: value,
  };
}
