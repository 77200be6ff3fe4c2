import type { LoadResult } from './load.ts';

/** One row of the table: a figure or the baseline beside it. */
export interface Figure {
  readonly name: string;
  readonly result: LoadResult;
  /** CPU milliseconds an operation, of the server process and of PostgreSQL. */
  readonly cpu: { readonly server: number; readonly postgres: number };
  /** The row this one is compared with, by rate unless said otherwise, and what is to be reached. */
  readonly against?: { readonly name: string; readonly goal?: string; readonly by?: 'p99' | 'cpu' };
}

export function rate({ requests, seconds }: LoadResult): number {
  return requests / seconds;
}

/** A Markdown table of the figures, each beside its baseline. */
export function table(figures: readonly Figure[]): string {
  const head = [
    '| what | /s | p50 ms | p95 ms | p99 ms | CPU ms/op server | CPU ms/op PostgreSQL | ratio | to reach |',
    '|---|---|---|---|---|---|---|---|---|',
  ];
  return [...head, ...figures.map((figure) => row(figure, figures))].join('\n');
}

function row(figure: Figure, all: readonly Figure[]): string {
  const { name, result, cpu, against } = figure;
  const base = all.find((other) => other.name === against?.name);
  const ratio = base ? `${compared(figure, base).toFixed(2)} × ${base.name}` : '';
  const times = [0.5, 0.95, 0.99].map((share) => result.latency.percentile(share).toFixed(1));
  const cells = [
    name,
    Math.round(rate(result)).toLocaleString('en'),
    ...times,
    cpu.server.toFixed(2),
    cpu.postgres.toFixed(2),
    ratio,
    against?.goal ?? '',
  ];
  return `| ${cells.join(' | ')} |`;
}

function compared({ result, cpu, against }: Figure, base: Figure): number {
  if (against?.by === 'cpu') return cpu.server / base.cpu.server;
  if (against?.by !== 'p99') return rate(result) / rate(base.result);
  return result.latency.percentile(0.99) / base.result.latency.percentile(0.99);
}
