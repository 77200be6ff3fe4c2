import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/**
 * What happens to a connection that sends COMMIT: `before`, it is cut and the server never hears
 * it; `after`, the server commits and its answer is lost.
 */
export type CommitCut = 'before' | 'after';

export interface TcpProxy {
  /** The database behind the proxy. */
  readonly url: string;
  /** How many COMMITs came. */
  readonly commits: number;
  /** How many connections were refused. */
  readonly refused: number;
  /** Cuts the next connection that sends COMMIT. */
  cutNextCommit(cut: CommitCut): void;
  /** While true, every connection is closed as soon as it is made. */
  refuse(refusing: boolean): void;
  close(): Promise<void>;
}

/** `commit` as both drivers send it: the end of a simple query. */
const COMMIT = Buffer.from('commit\0');

/** Stands between a driver and PostgreSQL. */
export async function startTcpProxy(databaseUrl: string): Promise<TcpProxy> {
  const target = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  let commits = 0;
  let armed: CommitCut | null = null;
  let refusing = false;
  let refused = 0;

  const server = createServer((client) => {
    if (refusing) {
      refused += 1;
      return void client.on('error', () => {}).destroy();
    }
    const upstream = connect(Number(target.port), target.hostname);
    const cut = () => {
      client.destroy();
      upstream.destroy();
    };
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', cut);
      socket.on('close', () => {
        sockets.delete(socket);
        cut();
      });
    }
    let answerIsLost = false;
    client.on('data', (bytes) => {
      if (bytes.includes(COMMIT)) {
        commits += 1;
        if (armed === 'before') {
          armed = null;
          return cut();
        }
        answerIsLost = armed === 'after';
        armed = null;
      }
      upstream.write(bytes);
    });
    upstream.on('data', (bytes) => (answerIsLost ? cut() : client.write(bytes)));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  const url = new URL(databaseUrl);
  const address = server.address();
  url.port = String(typeof address === 'object' ? address?.port : '');
  url.hostname = '127.0.0.1';
  return {
    url: url.href,
    get commits() {
      return commits;
    },
    get refused() {
      return refused;
    },
    cutNextCommit: (cut) => {
      armed = cut;
    },
    refuse: (now) => {
      refusing = now;
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
