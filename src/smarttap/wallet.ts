import { decodeCommand, encodeResponse } from './apdu.ts';
import { type SmartTapCommand, smartTapCommand } from './commands.ts';
import { SmartTapError } from './error.ts';
import { SW } from './status-words.ts';
import { answer, fail, readOrError, refuse, type Step } from './wallet-answer.ts';
import { getData } from './wallet-get-data.ts';
import { negotiate } from './wallet-negotiate.ts';
import { settingsOf, type WalletOptions, type WalletSettings } from './wallet-options.ts';
import { pushData } from './wallet-push.ts';
import { selectOse, selectSmartTap } from './wallet-select.ts';
import { openTap, type WalletTap } from './wallet-tap.ts';

/** The handset's end of Smart Tap 2.1. */
export interface Wallet {
  /** Answers one command APDU with one response APDU. It never rejects: a status word says all. */
  handle(apdu: Uint8Array): Promise<Uint8Array>;
  /** The phone has left the field: what comes next is another tap. */
  reset(): void;
}

/**
 * A wallet that keeps its tap in memory, and answers commands one after the other. Nonce and key of
 * the next tap are made ahead, so that the phone answers at once.
 */
export function createWallet(options: WalletOptions): Wallet {
  const settings = settingsOf(options);
  const outside = () => Promise.resolve(openTap(settings.primitives));
  let tap = outside();
  return {
    handle: (apdu) => {
      const handled = tap.then((current) => handle(settings, current, apdu));
      tap = handled.then((after) => after.tap);
      return handled.then(({ response }) => response);
    },
    reset: () => {
      tap = outside();
    },
  };
}

/** The answer to one command, and the tap as it is afterwards. */
export interface HandledCommand {
  readonly tap: WalletTap;
  readonly response: Uint8Array;
}

/**
 * Answers one command of a tap that the caller keeps, as a service does between two requests; to
 * begin one is `openTap`. It never rejects.
 */
export function handleCommand(
  options: WalletOptions,
  tap: WalletTap,
  apdu: Uint8Array,
): Promise<HandledCommand> {
  return handle(settingsOf(options), tap, apdu);
}

async function handle(
  wallet: WalletSettings,
  tap: WalletTap,
  apdu: Uint8Array,
): Promise<HandledCommand> {
  const command = readOrError(() => smartTapCommand(decodeCommand(apdu)));
  const fetched = !(command instanceof SmartTapError) && command.name === 'get-more-data';
  // Whatever comes instead of GET MORE DATA, the parts are not fetched any more.
  const before = fetched ? tap : { ...tap, outgoing: null };
  const step =
    command instanceof SmartTapError
      ? refuse(before, 'request-malformed')
      : await answerTo(wallet, before, command).catch((fault) => fail(wallet, before, fault));
  return responseOf(step, wallet.maxResponseBytes);
}

async function answerTo(
  wallet: WalletSettings,
  tap: WalletTap,
  command: SmartTapCommand,
): Promise<Step> {
  switch (command.name) {
    case 'select-ose':
      return selectOse(wallet, tap);
    case 'select-smart-tap':
      return selectSmartTap(tap);
    case 'select-other':
      return refuse(tap, 'application-unknown');
    case 'negotiate':
      return negotiate(wallet, tap, command.message);
    case 'get-data':
      return getData(wallet, tap, command.message);
    case 'get-more-data':
      return getMoreData(tap);
    case 'push-data':
      return pushData(wallet, tap, command.message);
    case 'get-response':
    case 'unknown':
      return refuse(tap, 'command-unknown');
  }
}

/** GET MORE DATA: what did not fit in the answers before (protocol §9.1). */
function getMoreData(tap: WalletTap): Step {
  if (tap.outgoing === null) return refuse(tap, 'nothing-to-continue');
  const { rest, sw } = tap.outgoing;
  if (rest.length === 0) return refuse(tap, 'everything-sent');
  return { ...answer(tap, rest, sw), inParts: true };
}

/** Cuts what is too long for one response, and keeps the rest. */
function responseOf({ tap, data, sw, inParts }: Step, maxBytes: number): HandledCommand {
  if (!inParts) return { tap, response: encodeResponse({ data, sw }) };
  const rest = data.subarray(maxBytes);
  const part = { data: data.subarray(0, maxBytes), sw: rest.length > 0 ? SW.moreData : sw };
  return { tap: { ...tap, outgoing: { rest, sw } }, response: encodeResponse(part) };
}
