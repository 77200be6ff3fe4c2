import { drizzle } from 'drizzle-orm/postgres-js';
import postgres from 'postgres';
import type { Database, Db, Statement, Tx } from './database.ts';
import { type Lease, transact } from './transact.ts';

/**
 * PostgreSQL through postgres.js with one connection, for one request at the edge. When its
 * connection dies postgres.js opens another and sends the rest of a transaction there, each
 * statement committing by itself (porsager/postgres#1216); so here a transaction remembers that
 * its connection closed and refuses to go on.
 */
export function openEdgeDatabase(connectionString: string): Database {
  let connectionsLost = 0;
  const sql = postgres(connectionString, {
    max: 1,
    fetch_types: false,
    prepare: true,
    connect_timeout: 10,
    onnotice: () => {},
    onclose: () => {
      connectionsLost += 1;
    },
  });
  const direct = asTx(sql, () => {});
  let turn: Promise<void> = Promise.resolve();

  /** One transaction at a time: there is one connection. */
  async function lease(): Promise<Lease> {
    let release = () => {};
    const before = turn;
    turn = new Promise((resolve) => {
      release = resolve;
    });
    await before;
    const lostBefore = connectionsLost;
    const stillThere = () => {
      if (connectionsLost !== lostBefore) throw connectionClosed();
    };
    const send = async (text: string) => {
      stillThere();
      await sql.unsafe(text);
    };
    return {
      tx: asTx(sql, stillThere),
      begin: async () => void (await sql.unsafe('begin')),
      commit: () => send('commit'),
      rollback: () => send('rollback'),
      release: () => release(),
    };
  }

  return {
    reads: direct,
    single: direct,
    transact: (work, options) => transact(lease, work, options),
    close: () => sql.end({ timeout: 1 }),
  };
}

function asTx(sql: postgres.Sql, check: () => void): Tx {
  const guarded = new Proxy(sql, {
    get(target, property, receiver) {
      if (property === 'unsafe') check();
      return Reflect.get(target, property, receiver);
    },
  });
  const db: Db = {
    query: drizzle(guarded),
    run: async <Row>({ text }: Statement<Row>, values: readonly unknown[]) => {
      const rows = await guarded.unsafe(text, values as postgres.ParameterOrJSON<never>[], {
        prepare: true,
      });
      return [...rows] as unknown as Row[];
    },
  };
  return db as Tx;
}

function connectionClosed(): Error {
  return Object.assign(new Error('the connection of this transaction closed'), {
    code: 'CONNECTION_CLOSED',
  });
}
