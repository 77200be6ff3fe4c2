/** What the slices count. On Node it is Prometheus; at the edge nothing keeps a process's numbers. */
export interface Metrics {
  request(
    facts: { readonly method: string; readonly route: string; readonly status: number },
    seconds: number,
  ): void;
  tap(outcome: string): void;
  claim(outcome: string, count: number): void;
  redemption(outcome: string): void;
  job(name: string, outcome: 'done' | 'failed', seconds: number): void;
}

export const noMetrics: Metrics = {
  request: () => {},
  tap: () => {},
  claim: () => {},
  redemption: () => {},
  job: () => {},
};
