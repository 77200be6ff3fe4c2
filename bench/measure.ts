import type { Figure } from './figures.ts';
import type { LoadResult } from './load.ts';
import type { Stage } from './stage.ts';

/** Runs a load and takes the CPU it cost beside its times. */
export async function measure(
  stage: Stage,
  name: string,
  server: 'service' | 'baseline' | 'none',
  against: Figure['against'],
  load: () => Promise<LoadResult>,
): Promise<Figure> {
  const before = stage.cpu();
  const result = await load();
  const after = stage.cpu();
  const each = (seconds: number) => (seconds * 1000) / result.requests;
  const bad = [...result.statuses].filter(([status]) => status >= 400);
  if (bad.length > 0) throw new Error(`${name}: answers with status ${JSON.stringify(bad)}`);
  process.stderr.write(`${name}: ${Math.round(result.requests / result.seconds)}/s\n`);
  return {
    name,
    result,
    cpu: {
      server: server === 'none' ? 0 : each(after[server] - before[server]),
      postgres: each(after.postgres - before.postgres),
    },
    ...(against && { against }),
  };
}
