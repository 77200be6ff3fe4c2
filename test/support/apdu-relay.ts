import { exportJWK } from 'jose';
import { nodeSmartTapPrimitives } from '../../src/platform/smart-tap-primitives.node.ts';
import {
  createTerminal,
  type TapResult,
  type TerminalOptions,
  type Transceive,
} from '../../src/smarttap/index.ts';
import type { Merchant } from './world.ts';

/** A phone that relays what the terminal says to the service, as an HCE service does. */
export interface Relay {
  readonly transceive: Transceive;
  /** The presentation that the service says this tap is of. */
  presentationId(): string | null;
  session(): string | null;
}

/**
 * One tap of that wallet: the first command begins a session, the others go on with it. Each
 * command goes to the next of the service's API processes.
 */
export function relayFor(urls: readonly string[], key: string, walletId: string): Relay {
  let last = new Headers();
  let turn = 0;
  const transceive = async (apdu: Uint8Array) => {
    const url = urls[turn++ % urls.length] ?? '';
    const response = await postApdu(url, key, walletId, apdu, last.get('tap-session'));
    if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
    last = response.headers;
    return new Uint8Array(await response.arrayBuffer());
  };
  return {
    transceive,
    presentationId: () => last.get('tap-presentation'),
    session: () => last.get('tap-session'),
  };
}

export function postApdu(
  url: string,
  key: string,
  walletId: string,
  apdu: Uint8Array,
  session: string | null = null,
  headers: Readonly<Record<string, string>> = {},
): Promise<Response> {
  return fetch(`${url}/v1/wallets/${walletId}/apdu`, {
    method: 'POST',
    headers: {
      Authorization: `Bearer ${key}`,
      'Content-Type': 'application/octet-stream',
      ...(session !== null && { 'Tap-Session': session }),
      ...headers,
    },
    body: apdu as Uint8Array<ArrayBuffer>,
  });
}

/** The merchant's terminal on the wire. */
export async function wireTerminal(
  { terminal }: Pick<Merchant, 'terminal'>,
  options: Partial<TerminalOptions> = {},
) {
  const { d = '' } = await exportJWK(terminal.privateKey);
  const privateKey = new Uint8Array(Buffer.from(d, 'base64url'));
  return createTerminal({
    collectorId: Number(terminal.collectorId),
    keys: [{ version: terminal.keyVersion, privateKey }],
    primitives: nodeSmartTapPrimitives,
    ...options,
  });
}

export const valuesOf = ({ passes }: Pick<TapResult, 'passes'>) => passes.map(({ value }) => value);
