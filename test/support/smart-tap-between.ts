import { concatBytes } from '../../src/smarttap/bytes.ts';
import {
  type Exchange,
  encodeResponse,
  type TapResult,
  type TerminalOptions,
  type WalletOptions,
} from '../../src/smarttap/index.ts';
import { hex } from './smart-tap.ts';
import { terminalWith, walletWith } from './smart-tap-stage.ts';

/** Our terminal in the field of our wallet, and something between them that changes answers. */

export type Name = Exchange['name'];

/** Changes what the handset says: to an answer, or by default not. `turn` counts from 0 by name. */
export type Change = (name: Name, response: Uint8Array, turn: number) => Uint8Array | null;

export interface Stage {
  readonly terminal?: Partial<TerminalOptions>;
  readonly wallet?: Partial<WalletOptions>;
  readonly change?: Change;
}

/** Taps the one with the other. */
export function tapped({
  terminal = {},
  wallet = {},
  change = () => null,
}: Stage): Promise<TapResult> {
  const handset = walletWith(wallet);
  const turns = new Map<Name, number>();
  return terminalWith(terminal).tap(async (command) => {
    const response = await handset.handle(command);
    const name = nameOf(command);
    const turn = turns.get(name) ?? 0;
    turns.set(name, turn + 1);
    return change(name, response, turn) ?? response;
  });
}

const INSTRUCTIONS: Readonly<Record<number, Name>> = {
  83: 'negotiate',
  80: 'get-data',
  82: 'push-data',
};

export function nameOf(command: Uint8Array): Name {
  const [cla, ins = 0, , , , first] = command;
  if (ins === 0xa4) return first === 0x4f ? 'select-ose' : 'select-smart-tap';
  if (ins === 0xc0) return cla === 0 ? 'get-response' : 'get-more-data';
  const name = INSTRUCTIONS[ins];
  if (!name) throw new Error(`no terminal of ours sends instruction ${ins}`);
  return name;
}

export const word = (sw: string) => hex(sw);
/** Answers one command with a status word alone, as often as `times`. */
export const saying =
  (name: Name, sw: string, times = Number.POSITIVE_INFINITY): Change =>
  (asked, _response, turn) =>
    asked === name && turn < times ? word(sw) : null;
export const namesOf = ({ exchanges }: TapResult) => exchanges.map(({ name }) => name);
export const messagesOf = ({ exchanges }: TapResult, name: Name) =>
  exchanges.filter((one) => one.name === name).map(({ command }) => command.subarray(5, -1));

/** Gives that command's answers data, with status 9000. */
export const withData =
  (name: Name, data: Uint8Array): Change =>
  (asked) =>
    asked === name ? encodeResponse({ data, sw: 0x9000 }) : null;

/** Keeps the body of that command's answers and gives them another word. */
export const withWord =
  (name: Name, sw: string): Change =>
  (asked, response) =>
    asked === name ? concatBytes(response.subarray(0, -2), word(sw)) : null;
