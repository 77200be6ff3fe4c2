import { describe } from 'vitest';
import { openEdgeDatabase } from '../../src/platform/database.edge.ts';
import { runOn } from '../support/postgres.ts';
import { storeSuite } from './store-suite.ts';
import { transactSuite } from './transact-suite.ts';

describe('stores through postgres.js', () => {
  storeSuite(openEdgeDatabase, async (url) => {
    // The edge driver cannot set its session's zone, so times must not hang on the server's.
    const name = new URL(url).pathname.slice(1);
    await runOn(url, `alter database ${name} set timezone = 'Asia/Kathmandu'`);
  });
});

describe('transactions through postgres.js', () => {
  transactSuite(openEdgeDatabase);
});
