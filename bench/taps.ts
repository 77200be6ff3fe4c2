import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import type { Figure } from './figures.ts';
import { post, run } from './load.ts';
import { measure } from './measure.ts';
import type { Stage } from './stage.ts';

const COLLECTOR = '90000001';
const TAPS = 12_000;
const WARM_UP_TAPS = 3000;
const BASELINE = 'Hono + one ES256 check + one select + one insert';

/** Makes the issuer that the benches tap and claim at. */
export async function makeIssuer(stage: Stage): Promise<KeyObject> {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const publicKeyPem = publicKey.export({ type: 'spki', format: 'pem' });
  await stage.call('POST', '/walletobjects/v1/issuer', {
    issuerId: '900',
    name: 'Bench',
    smartTapMerchantData: {
      smartTapMerchantId: COLLECTOR,
      authenticationKeys: [{ id: 1, publicKeyPem }],
    },
  });
  return privateKey;
}

/** Taps that each hand one pass over, beside the least a tap could be. */
export async function benchTaps(
  stage: Stage,
  key: KeyObject,
  wallets: readonly string[],
): Promise<Figure[]> {
  await stage.sql.query(
    'create table if not exists baseline_taps (id bigint generated always as identity primary key, token text not null)',
  );
  await giveEachAPass(stage, wallets);
  // A service runs for weeks; its first seconds, in which code is compiled, are not its figure.
  await baselineTaps(stage, key, WARM_UP_TAPS);
  await tap(stage, 'warm-up', key, wallets, { name: BASELINE }, WARM_UP_TAPS);
  const baseline = await baselineTaps(stage, key, TAPS);
  const goal = { name: BASELINE, goal: '0.5' };
  const full = await tap(stage, 'taps, 32 callers', key, wallets, goal, TAPS);
  const half = Math.round(full.result.requests / full.result.seconds / 2);
  const calmGoal = { name: BASELINE, goal: 'p95 < 200 ms' };
  const calm = await tap(stage, 'taps at half that rate', key, wallets, calmGoal, half * 5, half);
  return [baseline, full, calm];
}

function baselineTaps(stage: Stage, key: KeyObject, count: number): Promise<Figure> {
  const next = requests('/tap', signed(key, tokens(count)));
  return measure(stage, BASELINE, 'baseline', undefined, () =>
    run({ port: stage.baselinePort, callers: 32, next }),
  );
}

async function tap(
  stage: Stage,
  name: string,
  key: KeyObject,
  wallets: readonly string[],
  against: NonNullable<Figure['against']>,
  count: number,
  rate?: number,
): Promise<Figure> {
  const handed = tokens(count);
  await present(stage, handed, wallets);
  const next = requests('/v1/taps', signed(key, handed));
  return measure(stage, name, 'service', against, () =>
    run({ port: stage.servicePort, callers: 32, next, ...(rate !== undefined && { rate }) }),
  );
}

function requests(path: string, payloads: readonly string[]): () => string | null {
  const waiting = payloads.map((payload) => post(path, JSON.stringify({ payload })));
  return () => waiting.pop() ?? null;
}

let made = 0;
function tokens(count: number): string[] {
  return Array.from({ length: count }, () => `bench-token-${made++}`);
}

function signed(key: KeyObject, handed: readonly string[]): string[] {
  const encode = (part: unknown) => Buffer.from(JSON.stringify(part)).toString('base64url');
  const header = encode({ alg: 'ES256', kid: `${COLLECTOR}.1`, typ: 'tap+jwt' });
  const iat = Math.floor(Date.now() / 1000) + 5;
  return handed.map((presentation) => {
    const claims = encode({
      jti: `nonce-for-${presentation}`,
      iat,
      aud: 'http://localhost:8791',
      presentation,
    });
    const input = Buffer.from(`${header}.${claims}`);
    const signature = sign('sha256', input, { key, dsaEncoding: 'ieee-p1363' });
    return `${header}.${claims}.${signature.toString('base64url')}`;
  });
}

async function giveEachAPass(stage: Stage, wallets: readonly string[]): Promise<void> {
  await stage.call('POST', '/walletobjects/v1/genericClass', {
    id: '900.card',
    enableSmartTap: true,
    redemptionIssuers: ['900'],
    multipleDevicesAndHoldersAllowedStatus: 'MULTIPLE_HOLDERS',
  });
  await stage.sql.query(
    `insert into pass_objects (id, issuer_id, class_id, vertical, body, state, redemption_value)
     select '900.pass-' || n, '900', '900.card', 'generic', '{}', 'ACTIVE', 'value-' || n
       from generate_series(0, $1::int - 1) n`,
    [wallets.length],
  );
  await stage.sql.query(
    `insert into wallet_passes (wallet_id, object_id, sole_holder)
     select w.id, '900.pass-' || (w.n - 1), false
       from json_array_elements_text($1::json) with ordinality as w(id, n)`,
    [JSON.stringify(wallets)],
  );
}

/** Presentations as the phones would have made them, good for the length of the bench. */
async function present(
  stage: Stage,
  handed: readonly string[],
  wallets: readonly string[],
): Promise<void> {
  const rows = handed.map((token, index) => ({
    id: `prs_${token}`,
    wallet: wallets[index % wallets.length],
    hash: createHash('sha256').update(token).digest('hex'),
  }));
  await stage.sql.query(
    `insert into presentations (id, wallet_id, token_sha256, screen, expires_at)
     select id, wallet, hash, 'home', now() + interval '10 minutes'
       from json_to_recordset($1::json) as p(id text, wallet text, hash text)`,
    [JSON.stringify(rows)],
  );
  await stage.sql.query('analyze');
}
