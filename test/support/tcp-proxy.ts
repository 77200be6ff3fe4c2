import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { commitWatch } from './postgres-answers.ts';

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
  /** How many answers `loseAnswers` is still to lose. */
  readonly answersToLose: number;
  /** Cuts the next connection that sends COMMIT. */
  cutNextCommit(cut: CommitCut): void;
  /** Cuts the next connections on which the server says that it has committed something. */
  loseAnswers(count: number): void;
  /** While true, every connection is closed as soon as it is made. */
  refuse(refusing: boolean): void;
  /** What goes in that direction vanishes from now on; null cuts what it has harmed. */
  blackhole(direction: 'up' | 'down' | null): void;
  cutAll(): void;
  /** Leads new connections to a database that is elsewhere now. */
  leadTo(databaseUrl: string): void;
  /** From now on whatever either side says comes so much later; may be made longer only. */
  delay(milliseconds: number): void;
  close(): Promise<void>;
}

/** `commit` as both drivers send it: the end of a simple query. */
const COMMIT = Buffer.from('commit\0');

/** What is to happen, and what has. */
interface Line {
  target: URL;
  readonly sockets: Set<Socket>;
  delayMs: number;
  armed: CommitCut | null;
  answersToLose: number;
  refusing: boolean;
  swallowed: 'up' | 'down' | null;
  commits: number;
  refused: number;
}

/** Stands between a driver and PostgreSQL. */
export async function startTcpProxy(databaseUrl: string): Promise<TcpProxy> {
  const line: Line = {
    target: new URL(databaseUrl),
    sockets: new Set(),
    delayMs: 0,
    armed: null,
    answersToLose: 0,
    refusing: false,
    swallowed: null,
    commits: 0,
    refused: 0,
  };
  const server = createServer((client) => {
    if (!line.refusing) return passOn(client, line);
    line.refused += 1;
    client.on('error', () => {}).destroy();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  const url = new URL(databaseUrl);
  const address = server.address();
  url.port = String(typeof address === 'object' ? address?.port : '');
  url.hostname = '127.0.0.1';
  const cutAll = () => {
    for (const socket of line.sockets) socket.destroy();
  };
  return {
    url: url.href,
    get commits() {
      return line.commits;
    },
    get refused() {
      return line.refused;
    },
    get answersToLose() {
      return line.answersToLose;
    },
    cutNextCommit: (cut) => {
      line.armed = cut;
    },
    loseAnswers: (count) => {
      line.answersToLose = count;
    },
    refuse: (now) => {
      line.refusing = now;
    },
    blackhole: (direction) => {
      line.swallowed = direction;
      if (direction === null) cutAll();
    },
    cutAll,
    leadTo: (elsewhere) => {
      line.target = new URL(elsewhere);
    },
    delay: (milliseconds) => {
      line.delayMs = milliseconds;
    },
    close: async () => {
      cutAll();
      server.close();
      await once(server, 'close');
    },
  };
}

/** One connection through the proxy, until either side or a fault ends it. */
function passOn(client: Socket, line: Line): void {
  const { sockets } = line;
  // Timers of one length fire in the order in which they were set.
  const later = (work: () => void) =>
    void (line.delayMs === 0 ? work() : setTimeout(work, line.delayMs));
  const upstream = connect(Number(line.target.port), line.target.hostname);
  const cut = () => {
    client.destroy();
    upstream.destroy();
  };
  for (const socket of [client, upstream]) {
    sockets.add(socket);
    socket.on('error', cut);
    socket.on('close', () => {
      sockets.delete(socket);
      later(cut);
    });
  }
  let answerIsLost = false;
  client.on('data', (bytes) => {
    if (line.swallowed === 'up') return;
    if (bytes.includes(COMMIT)) {
      line.commits += 1;
      if (line.armed === 'before') {
        line.armed = null;
        return cut();
      }
      answerIsLost = line.armed === 'after';
      line.armed = null;
    }
    later(() => upstream.write(bytes));
  });
  const saysCommitted = commitWatch();
  upstream.on('data', (bytes) => {
    const isCommitted = saysCommitted(bytes);
    if (line.swallowed === 'down') return;
    if (isCommitted && line.answersToLose > 0) {
      line.answersToLose -= 1;
      return cut();
    }
    return answerIsLost ? cut() : later(() => client.write(bytes));
  });
}
