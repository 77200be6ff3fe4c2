import { randomUUID } from 'node:crypto';
import type { Scratch } from './scratch.ts';

/** Looks whether the nonce was used and then uses it; gives whether the tap was taken. */
export function tapNaively(scratch: Scratch, kid: string, jti: string): Promise<boolean> {
  return scratch.transaction(async (client) => {
    const used = await client.query('select from taps where kid = $1 and jti = $2', [kid, jti]);
    if (used.rowCount !== 0) return false;
    await client.query(
      `insert into taps (id, key_id, issuer_id, jti, kid, outcome, verdicts, payload)
       values ($1, 1, '7', $2, $3, 'nothing', '[]', '')`,
      [`tap_${randomUUID()}`, jti, kid],
    );
    return true;
  });
}
