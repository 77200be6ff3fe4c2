import { createApp } from '../src/app.ts';
import type { Router } from '../src/http/router.ts';
import { openApiYaml } from '../src/operation/openapi.ts';
import { noMetrics } from '../src/platform/metrics.ts';
import { noblePrimitives } from '../src/smarttap/index.ts';

/** The app with nothing under it: enough to ask what its routes document, and no more. */
export function undressedApp(): Router {
  const never = (): never => {
    throw new Error('this app is for its documentation only');
  };
  return createApp({
    database: { reads: null as never, single: null as never, transact: never, close: never },
    origin: '',
    authenticate: never,
    authenticateTill: never,
    claimDesk: { submit: never, close: never },
    outboxRang: never,
    codeSender: null,
    signInProvider: null,
    bells: { next: never },
    closing: new AbortController().signal,
    smartTap: noblePrimitives,
    sealer: null,
    log: { info: never, warn: never, error: never },
    metrics: noMetrics,
    readiness: never,
    metricsText: null,
  });
}

export function openApiText(): string {
  return openApiYaml(undressedApp());
}
