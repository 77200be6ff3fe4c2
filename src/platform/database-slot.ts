import type { Database, Db, Tx } from './database.ts';

/** A Database behind which stands another one for every request. */
export interface DatabaseSlot extends Database {
  /** Serves with this database until the function is called that it gives. */
  fill(database: Database): () => void;
}

export function openDatabaseSlot(): DatabaseSlot {
  let current: Database | null = null;
  const filled = (): Database => {
    if (current === null) throw new Error('the database of a request was used outside of it');
    return current;
  };
  return {
    reads: behind(() => filled().reads),
    single: behind(() => filled().single) as Tx,
    transact: (work, options) => filled().transact(work, options),
    close: async () => {},
    fill: (database) => {
      if (current !== null) throw new Error('the slot serves another request');
      current = database;
      return () => {
        current = null;
      };
    },
  };
}

function behind(db: () => Db): Db {
  return {
    get query() {
      return db().query;
    },
    run: (statement, values) => db().run(statement, values),
  };
}
