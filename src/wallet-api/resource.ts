import type { Caller } from '../access/model.ts';
import type { PassChange } from '../passes/change-class.ts';
import type { PassBody } from '../passes/model.ts';
import type { Db, Tx } from '../platform/database.ts';
import type { ListPage, PageAsked } from './paging.ts';
import type { WalletRefusal } from './refusals.ts';
import type { Collection } from './verticals.ts';

/** A resource as it is answered. */
export type Shown = Readonly<Record<string, unknown>>;

export type Result =
  | { readonly ok: true; readonly value: Shown }
  | { readonly ok: false; readonly refusal: WalletRefusal; readonly subject: string };

export type Change = Omit<PassChange, 'vertical'>;

/** What the calls of a collection do; classes and objects fill it in. */
export interface Resource {
  readonly collection: Collection;
  /** The query parameter that a list goes by. */
  readonly listedBy: 'issuerId' | 'classId';
  insert(tx: Tx, caller: Caller, id: string, body: PassBody): Promise<Result>;
  change(tx: Tx, caller: Caller, change: Change): Promise<Result>;
  get(db: Db, id: string): Promise<Result>;
  list(db: Db, owner: string, page: PageAsked): Promise<ListResult>;
}

export type ListResult =
  | { readonly ok: true; readonly value: ListPage<Shown> }
  | { readonly ok: false; readonly refusal: WalletRefusal; readonly subject: string };
