import { openStage } from './bench/stage.ts';
import { benchTaps, makeIssuer } from './bench/taps.ts';
import { benchClaims } from './bench/claims.ts';
import { table } from './bench/figures.ts';
const stage = await openStage();
try {
  const key = await makeIssuer(stage);
  await stage.sql.query('create extension pg_stat_statements'); const { rows } = await stage.sql.query(`insert into wallets (id, pairwise_secret) select 'wal_' || lpad(to_hex(n), 26, '0'), 'bench' from generate_series(1, 20000) n returning id`);
  const wallets = rows.map((r: any) => r.id);
  if (process.argv[2] === 'taps') console.log(table(await benchTaps(stage, key, wallets)));
  if (process.argv[2] === 'claims') console.log(table(await benchClaims(stage, wallets)));
  const q = await stage.sql.query(`select calls, round(total_exec_time) ms, round((mean_exec_time)::numeric,3) mean, left(query,120) q from pg_stat_statements order by total_exec_time desc limit 14`).catch((e)=>({rows:[String(e)]}));
  console.table(q.rows);
} finally { await stage.close(); }
