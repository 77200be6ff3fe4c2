import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import type { Config } from '../platform/config.ts';
import { StartRefusedError } from './start.ts';

type Place = Pick<Config, 'port' | 'host'>;

/** @throws StartRefusedError that says which setting to change; that of the port may be an option */
export async function listenOn(
  server: Server,
  { port, host }: Place,
  portSetting = 'PORT',
): Promise<AddressInfo> {
  try {
    await once(server.listen(port, host), 'listening');
  } catch (error) {
    throw inPlainWords(error as NodeJS.ErrnoException, { port, host }, portSetting);
  }
  return server.address() as AddressInfo;
}

/** Finds a taken port before a database is prepared in vain. */
export async function checkPort(place: Place): Promise<void> {
  const probe = createServer((socket) => socket.destroy());
  await listenOn(probe, place);
  probe.close();
  await once(probe, 'close');
}

function inPlainWords(
  error: NodeJS.ErrnoException,
  { port, host }: Place,
  portSetting: string,
): Error {
  const reasons: Readonly<Record<string, string>> = {
    EADDRINUSE: `port ${port} is taken: set ${portSetting} to another, or stop what listens there`,
    EACCES: `port ${port} is closed to this user: set ${portSetting} to one above 1023`,
    EADDRNOTAVAIL: `${host} is no address of this machine: set HOST to one`,
    ENOTFOUND: `${host} is no address of this machine: set HOST to one`,
  };
  const reason = reasons[error.code ?? ''];
  return reason === undefined ? error : new StartRefusedError(reason, { cause: error });
}
