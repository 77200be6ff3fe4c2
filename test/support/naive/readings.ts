import type { Scratch } from './scratch.ts';

/**
 * Looks whether the counter of a tag is higher than the last, and then notes it; gives whether the
 * reading was taken.
 */
export function takeReadingNaively(
  scratch: Scratch,
  standId: string,
  counter: number,
): Promise<boolean> {
  return scratch.transaction(async (client) => {
    const { rows } = await client.query<{ counter: string | null }>(
      'select counter from stands where id = $1',
      [standId],
    );
    const last = rows[0]?.counter ?? null;
    if (last !== null && counter <= Number(last)) return false;
    await client.query('update stands set counter = $2 where id = $1', [standId, counter]);
    return true;
  });
}
