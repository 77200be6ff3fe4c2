import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core';

/** A statement written in plain SQL: prepared once a connection when it has a name. */
export interface Statement<Row> {
  readonly name: string | undefined;
  readonly text: string;
  /** Never set; carries the row's type. */
  readonly row?: Row;
}

export function statement<Row>(name: string, text: string): Statement<Row> {
  return { name, text };
}

/**
 * A statement that is planned anew each time: for rare work over many rows, whose plan must fit
 * the tables as they are now.
 */
export function rareStatement<Row>(text: string): Statement<Row> {
  return { name: undefined, text };
}

/**
 * A way to read. Stores are written against this and run on both drivers. In rows of `run`,
 * timestamps are PostgreSQL's text and int8 is text; JSON is parsed.
 */
export interface Db {
  /** drizzle's query builder on this connection. */
  readonly query: PgDatabase<PgQueryResultHKT>;
  run<Row>(statement: Statement<Row>, values: readonly unknown[]): Promise<Row[]>;
}

declare const writable: unique symbol;

/** A way to write, which exists only inside a transaction. */
export type Tx = Db & { readonly [writable]: true };

export interface TransactOptions {
  /** How often the work may be done in all when the database asks for another try; default 5. */
  readonly attempts?: number;
}

/** The one seam to PostgreSQL. */
export interface Database {
  /** Reads outside a transaction, each statement on its own. */
  readonly reads: Db;
  /** For a write that is one single statement: PostgreSQL makes that a transaction by itself. */
  readonly single: Tx;
  transact<T>(work: (tx: Tx) => Promise<T>, options?: TransactOptions): Promise<T>;
  close(): Promise<void>;
}

/** A row's timestamp text as a Date. */
export function at(text: string): Date {
  return new Date(text);
}

export function atOrNull(text: string | null): Date | null {
  return text === null ? null : new Date(text);
}

/** The first row, which the statement always gives. */
export function only<Row>(rows: readonly Row[]): Row {
  const [row] = rows;
  if (row === undefined) throw new Error('a statement that always gives a row gave none');
  return row;
}
