import { type Db, rareStatement } from '../platform/database.ts';

/** Whom and what a class names; member classes and stores are those of its own issuer. */
export interface References {
  readonly redemptionIssuers?: readonly string[] | undefined;
  readonly memberClasses?: readonly string[] | undefined;
  readonly stores?: readonly string[] | undefined;
  readonly cloneClassId?: string | null | undefined;
}

export interface UnknownReference {
  readonly field: string;
  readonly id: string;
}

const unknown = rareStatement<UnknownReference>(`
   select 'issuerId' as field, $1::text as id
    where not exists (select from issuers where id = $1)
   union all
   select 'redemptionIssuers', named.id from json_array_elements_text($2::json) as named(id)
    where not exists (select from issuers where issuers.id = named.id)
   union all
   select 'memberClasses', named.id from json_array_elements_text($3::json) as named(id)
    where not exists (select from pass_classes c where c.id = named.id and c.issuer_id = $1)
   union all
   select 'stores', named.id from json_array_elements_text($4::json) as named(id)
    where not exists (select from stores s where s.issuer_id = $1 and s.id = named.id)
   union all
   select 'cloneOnRedeem/classId', $5::text
    where $5::text is not null
      and not exists (select from coupon_classes c where c.id = $5 and c.issuer_id = $1)`);

/** What a class of that issuer names and nobody has. */
export function unknownReferences(
  db: Db,
  issuerId: string,
  { redemptionIssuers = [], memberClasses = [], stores = [], cloneClassId = null }: References,
): Promise<UnknownReference[]> {
  const lists = [redemptionIssuers, memberClasses, stores].map((ids) => JSON.stringify(ids));
  return db.run(unknown, [issuerId, ...lists, cloneClassId]);
}
