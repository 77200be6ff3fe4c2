import { nodeSmartTapPrimitives } from '../platform/smart-tap-primitives.node.ts';
import {
  createTerminal,
  SERVICE_TYPE,
  type TapStatus,
  type TerminalOptions,
  type Transceive,
} from '../smarttap/index.ts';
import { needed, readOptions, UsageError, wholeNumber } from './options.node.ts';
import { asksForHelp, help, TERMINAL_HELP } from './smart-tap-help.ts';
import { ApduJournal } from './smart-tap-journal.ts';
import { readPrivateKey } from './smart-tap-keys.node.ts';
import { overAfter, phoneLink, serviceLink } from './smart-tap-links.ts';
import { collectorIdOf, httpUrlOf, keyVersionOf } from './smart-tap-options.node.ts';
import { MOST_RECEIPT_URI_BYTES, receiptOf } from './smart-tap-receipt.ts';
import { tellTap } from './smart-tap-told.ts';
import type { ProcessContext, Start } from './start.ts';

const OPTIONS = {
  url: { type: 'string' },
  wallet: { type: 'string' },
  'api-key': { type: 'string' },
  phone: { type: 'string' },
  collector: { type: 'string' },
  key: { type: 'string' },
  'key-version': { type: 'string' },
  'terminal-id': { type: 'string' },
  types: { type: 'string' },
  'pre-signed': { type: 'boolean' },
  'no-zlib': { type: 'boolean' },
  'second-select': { type: 'boolean' },
  stream: { type: 'string' },
  push: { type: 'string' },
  within: { type: 'string' },
} as const;

type Values = ReturnType<typeof readOptions<typeof OPTIONS>>;

interface Asked {
  readonly keyFile: string;
  readonly keyVersion: number;
  readonly terminal: Omit<TerminalOptions, 'keys'>;
  readonly linkUntil: (ending: AbortSignal) => Transceive;
  readonly withinSeconds: number;
}

/** Decided, if only that there is nothing for this terminal. */
const GOOD_ENDS: readonly TapStatus[] = ['passes', 'no-pass'];

/** As long as a service keeps the session of a tap; a phone at the counter is gone much earlier. */
const WITHIN_SECONDS = 60;
const MOST_SECONDS = 3600;

/**
 * `tapline terminal …`: one tap by a terminal that tells every APDU. The process ends with 0 when
 * passes were read or it was decided that there is none, and what was pushed was acknowledged, and
 * with 1 otherwise.
 * @throws UsageError
 */
export function smartTapTerminal(args: readonly string[]): Start {
  if (asksForHelp(args)) return help(TERMINAL_HELP);
  const asked = askedOf(readOptions(args, OPTIONS));
  return (context) => tap(context, asked);
}

async function tap({ say, end, ending }: ProcessContext, asked: Asked) {
  const privateKey = await readPrivateKey(asked.keyFile);
  const keys = [{ version: asked.keyVersion, privateKey }];
  const terminal = createTerminal({ ...asked.terminal, keys });
  const journal = new ApduJournal(say);
  const link = asked.linkUntil(AbortSignal.any([ending, overAfter(asked.withinSeconds)]));
  const result = await terminal.tap(async (command) => {
    journal.command(command);
    const response = await link(command);
    journal.response(response);
    return response;
  });
  for (const line of tellTap(result)) say(line);
  // Whoever stopped this meanwhile is not to take it for a good end.
  if (ending.aborted) process.exitCode = 1;
  const isGood = GOOD_ENDS.includes(result.status) && result.push?.acknowledged !== false;
  end(isGood ? 0 : 1);
  return { stop: async () => {} };
}

function askedOf(values: Values): Asked {
  const terminalId = values['terminal-id'];
  if (terminalId !== undefined && !/^[\x21-\x7e]{1,64}$/.test(terminalId)) {
    throw new UsageError('--terminal-id has 1 to 64 printable ASCII characters and no space');
  }
  return {
    keyFile: needed(values.key, 'key'),
    keyVersion: keyVersionOf(values['key-version']),
    terminal: {
      primitives: nodeSmartTapPrimitives,
      collectorId: collectorIdOf(needed(values.collector, 'collector')),
      live: values['pre-signed'] !== true,
      zlib: values['no-zlib'] !== true,
      secondSelect: values['second-select'] === true ? 'always' : 'when-needed',
      commandStream: streamOf(values.stream),
      serviceTypes: (values.types ?? 'all').split(',').map(serviceTypeOf),
      merchant: terminalId === undefined ? {} : { terminalId },
      ...(values.push !== undefined && { push: pushOf(values.push) }),
    },
    withinSeconds: withinOf(values.within),
    linkUntil: linkOf(values),
  };
}

function streamOf(value = 'S'): 'S' | 'K' {
  if (value === 'S' || value === 'K') return value;
  throw new UsageError('--stream is S (1, 3, 5) or K (0, 1, 2)');
}

function serviceTypeOf(name: string): number {
  const found = Object.entries(SERVICE_TYPE).find(([known]) => known === name);
  if (found) return found[1];
  throw new UsageError(`--types is a list of ${Object.keys(SERVICE_TYPE).join(',')}`);
}

function withinOf(value = String(WITHIN_SECONDS)): number {
  return wholeNumber(value, 'within', 1, MOST_SECONDS);
}

/** @throws UsageError when it is no URI, or does not fit in a command beside the rest */
function pushOf(uri: string): NonNullable<TerminalOptions['push']> {
  if (!URL.canParse(uri) || Buffer.byteLength(uri) > MOST_RECEIPT_URI_BYTES) {
    throw new UsageError(`--push is a URI of at most ${MOST_RECEIPT_URI_BYTES} bytes`);
  }
  return (read) => (read.status === 'malformed' ? null : receiptOf(uri, read.passes));
}

function linkOf({ url, wallet, phone, 'api-key': apiKey }: Values): Asked['linkUntil'] {
  if (phone === undefined) return linkToService(url, wallet, apiKey);
  if (url !== undefined || wallet !== undefined || apiKey !== undefined) {
    throw new UsageError('--phone stands instead of --url, --wallet and --api-key');
  }
  const phoneUrl = httpUrlOf(phone, 'phone');
  return (ending) => phoneLink(phoneUrl, ending);
}

function linkToService(url?: string, wallet?: string, apiKey?: string): Asked['linkUntil'] {
  const walletId = needed(wallet, 'wallet');
  if (!/^wal_[0-9a-z]+$/.test(walletId)) throw new UsageError('--wallet begins with wal_');
  const key = needed(apiKey, 'api-key');
  // Such a key would be told by the error about its header.
  if (!/^[\x21-\x7e]+$/.test(key)) throw new UsageError('--api-key is printable ASCII, no space');
  const place = { url: httpUrlOf(needed(url, 'url'), 'url'), walletId, apiKey: key };
  return (ending) => serviceLink(place, ending);
}
