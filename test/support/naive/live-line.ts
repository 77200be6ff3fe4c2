import { setTimeout as pause } from 'node:timers/promises';
import type { Scratch } from './scratch.ts';

/** Tells those who listen just then, and keeps nothing. */
export class NaiveEmitter {
  readonly #readers = new Set<(note: number) => void>();

  tell(note: number): void {
    for (const reader of this.#readers) reader(note);
  }

  listen(reader: (note: number) => void): () => void {
    this.#readers.add(reader);
    return () => void this.#readers.delete(reader);
  }
}

export async function makeNaiveEvents({ ask }: Scratch): Promise<void> {
  await ask('create table naive_events (id bigserial primary key, note int not null)');
}

/** Takes the next number of a sequence, which is not the order of the commits. */
export function tellNaively(scratch: Scratch, note: number, thinkMs: number): Promise<void> {
  return scratch.transaction(async (client) => {
    await client.query('insert into naive_events (note) values ($1)', [note]);
    await pause(thinkMs);
  });
}

/** What is there after the highest number that was seen. */
export async function readNaively(
  { ask }: Scratch,
  after: number,
): Promise<{ readonly id: number; readonly note: number }[]> {
  const rows = await ask<{ id: string; note: number }>(
    'select id, note from naive_events where id > $1 order by id',
    [after],
  );
  return rows.map(({ id, note }) => ({ id: Number(id), note }));
}

/** Reads that the code is there, makes the till, and then takes the code away. */
export function pairNaively(scratch: Scratch, code: string, tillId: string): Promise<boolean> {
  return scratch.transaction(async (client) => {
    const { rowCount } = await client.query(
      'select from pairing_codes where code = $1 and expires_at > now()',
      [code],
    );
    if (rowCount === 0) return false;
    await client.query(
      `insert into tills (id, issuer_id, terminal_id, secret_sha256)
       select $2, issuer_id, terminal_id, $2 from pairing_codes where code = $1`,
      [code, tillId],
    );
    await client.query('delete from pairing_codes where code = $1', [code]);
    return true;
  });
}
