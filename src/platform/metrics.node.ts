import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Metrics } from './metrics.ts';

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.4, 0.8, 1.5, 5];

/** What Prometheus is told of this process, and of the jobs of all. */
export interface ProcessMetrics extends Metrics {
  parkedJobs(count: number): void;
  /** What `/metrics` answers. */
  text(): Promise<string>;
}

export function openMetrics(): ProcessMetrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const requests = new Histogram({
    name: 'tapline_http_request_seconds',
    help: 'Time to answer a request, by route pattern.',
    labelNames: ['method', 'route', 'status'],
    buckets: SECONDS,
    registers,
  });
  const outcomes = (name: string, help: string) =>
    new Counter({ name, help, labelNames: ['outcome'], registers });
  const taps = outcomes('tapline_taps_total', 'Taps by outcome.');
  const claims = outcomes('tapline_claims_total', 'Claims by outcome.');
  const redemptions = outcomes('tapline_redemptions_total', 'Redemptions by outcome.');
  const jobs = new Histogram({
    name: 'tapline_job_seconds',
    help: 'Time a worker took for a job.',
    labelNames: ['name', 'outcome'],
    buckets: SECONDS,
    registers,
  });
  const parkedJobs = new Gauge({
    name: 'tapline_jobs_parked',
    help: 'Jobs that were begun too often without coming to their end, and wait for an operator.',
    registers,
  });
  return {
    request: ({ method, route, status }, seconds) =>
      requests.observe({ method, route, status }, seconds),
    tap: (outcome) => taps.inc({ outcome }),
    claim: (outcome, count) => claims.inc({ outcome }, count),
    redemption: (outcome) => redemptions.inc({ outcome }),
    job: (name, outcome, seconds) => jobs.observe({ name, outcome }, seconds),
    parkedJobs: (count) => parkedJobs.set(count),
    text: () => registry.metrics(),
  };
}
