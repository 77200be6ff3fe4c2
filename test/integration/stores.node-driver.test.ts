import { describe } from 'vitest';
import { openDatabase } from '../../src/platform/database.node.ts';
import { storeSuite } from './store-suite.ts';
import { transactSuite } from './transact-suite.ts';

describe('stores through node-postgres', () => {
  storeSuite((connectionString) => openDatabase({ connectionString, max: 4 }));
});

describe('transactions through node-postgres', () => {
  transactSuite((connectionString) => openDatabase({ connectionString, max: 4 }));
});
