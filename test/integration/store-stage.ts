import type { Database } from '../../src/platform/database.ts';
import type { Shop } from '../support/seed.ts';

/** What the tests of a store suite stand on; `shop` is another one for each test. */
export interface Stage {
  readonly url: string;
  readonly database: Database;
  readonly shop: Shop;
  readonly write: Database['transact'];
}

/** Texts that break arrays and JSON which are put together by hand. */
export const HARD_TEXTS = [
  'a,b',
  'with "quotes"',
  'back\\slash',
  '{brace}',
  '',
  'NULL',
  "O'Hara",
  '茶',
];
export const FIRST = { after: null, limit: 10 };
export const LATER = new Date('2031-07-08T09:10:11.123Z');
