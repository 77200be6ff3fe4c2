import { randomUUID } from 'node:crypto';
import type { Scratch } from './scratch.ts';

/** A stand with phones, straight into the tables. */
export async function seedStand({ ask }: Scratch, standId: string, phones: number) {
  await ask(
    `insert into issuers (id, name, collector_id, body) values ('9', 'Naive', '9', '{}')
     on conflict do nothing`,
  );
  await ask(
    `insert into stands (id, issuer_id, code, name, tag) values ($1, '9', $1, 'Naive', 'static')`,
    [standId],
  );
  const devices = Array.from({ length: phones }, (_, n) => `${standId}-phone-${n}`);
  for (const id of devices) {
    await ask('insert into member_devices (id, secret_sha256) values ($1, $1)', [id]);
  }
  return devices;
}

/** Counts the sessions of the last minute and then opens one more; null when there are too many. */
export function touchNaively(
  scratch: Scratch,
  standId: string,
  deviceId: string,
  most: number,
): Promise<string | null> {
  return scratch.transaction(async (client) => {
    const counted = await client.query<{ n: number; own: number }>(
      `select count(*)::int as n, count(*) filter (where device_id = $2)::int as own
         from stand_taps where stand_id = $1 and at > now() - interval '1 minute'`,
      [standId, deviceId],
    );
    const { n = 0, own = 0 } = counted.rows[0] ?? {};
    if (n >= most || own > 0) return null;
    const tapId = `tap_${randomUUID()}`;
    await client.query(
      `insert into taps (id, issuer_id, jti, kid, outcome, verdicts, payload)
       values ($1, '9', $1, $2, 'unknown', '[]', '')`,
      [tapId, `stand:${standId}`],
    );
    await client.query(
      `insert into stand_taps (tap_id, stand_id, device_id, session_sha256, proof)
       values ($1, $2, $3, $1, 'static')`,
      [tapId, standId, deviceId],
    );
    return tapId;
  });
}

/** Takes whoever has the address of a session for whose it is, at any time. */
export async function claimsByAddress({ ask }: Scratch, session: string): Promise<boolean> {
  const rows = await ask('select from stand_taps where session_sha256 = $1', [session]);
  return rows.length === 1;
}

/** Looks what the counter of a tag was, compares, and writes it back. */
export function readTagNaively(
  scratch: Scratch,
  standId: string,
  counter: number,
): Promise<boolean> {
  return scratch.transaction(async (client) => {
    const { rows } = await client.query<{ counter: string | null }>(
      'select counter from stands where id = $1',
      [standId],
    );
    if (Number(rows[0]?.counter ?? -1) >= counter) return false;
    await client.query('update stands set counter = $2 where id = $1', [standId, counter]);
    return true;
  });
}
