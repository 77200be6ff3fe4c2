import { type Connection, connect } from './connection.edge.ts';
import type { Database, Db, Tx } from './database.ts';
import { asOutcome, type Lease, transact } from './transact.ts';

/**
 * PostgreSQL through postgres.js with one connection, for one request at the edge. A connection
 * that is lost is thrown away and the next try has a new one.
 */
export function openEdgeDatabase(connectionString: string): Database {
  let current: Connection | null = null;
  const ended: Promise<void>[] = [];
  const discard = (old: Connection) => {
    ended.push(old.end().catch(() => {}));
    if (current === old) current = null;
  };
  const connection = (): Connection => {
    if (current?.isLost()) discard(current);
    current ??= connect(connectionString);
    return current;
  };
  const takeTurn = turns();
  return {
    reads: direct(connection),
    single: alone(connection, takeTurn),
    transact: (work, options) =>
      transact(() => lease(connection, takeTurn, discard), work, options),
    close: async () => {
      if (current !== null) discard(current);
      await Promise.all(ended);
    },
  };
}

/** Every transaction begins so: the role's own settings may differ, and a pooler resets them. */
const BEGIN = `begin;
  set local statement_timeout = '20s';
  set local lock_timeout = '10s';
  set local idle_in_transaction_session_timeout = '30s'`;

type TakeTurn = () => Promise<() => void>;

async function lease(
  connection: () => Connection,
  takeTurn: TakeTurn,
  discard: (old: Connection) => void,
): Promise<Lease> {
  const own = connection();
  const done = await takeTurn();
  return {
    // A Tx is a Db that the transaction seam has handed out.
    tx: own.db as Tx,
    begin: async () => void (await own.send(BEGIN)),
    commit: () => own.send('commit'),
    rollback: async () => void (await own.send('rollback')),
    release: (broken) => {
      if (broken) discard(own);
      done();
    },
  };
}

/** Transactions and single writes go one after the other: there is one connection. */
function turns(): TakeTurn {
  let last: Promise<void> = Promise.resolve();
  return async () => {
    const before = last;
    let done = () => {};
    last = new Promise((resolve) => {
      done = resolve;
    });
    await before;
    return done;
  };
}

function direct(connection: () => Connection): Db {
  return {
    get query() {
      return connection().db.query;
    },
    run: (statement, values) => connection().db.run(statement, values),
  };
}

/** Between transactions, so that no other's rollback can take the write back. */
function alone(connection: () => Connection, takeTurn: TakeTurn): Tx {
  const db: Db = {
    get query() {
      return connection().db.query;
    },
    run: async (statement, values) => {
      const done = await takeTurn();
      try {
        return await connection().db.run(statement, values);
      } catch (error) {
        throw asOutcome(error);
      } finally {
        done();
      }
    },
  };
  return db as Tx;
}
