import { actorOf, type Caller } from '../access/model.ts';
import { audit } from '../audit/store.ts';
import type { Tx } from '../platform/database.ts';
import type { PassDraft } from './insert-class.ts';
import { issuerOf, type PassObject } from './model.ts';
import { checkClass, checkLinks } from './object-checks.ts';
import { type Outcome, objectTerms, refused } from './rules.ts';
import { insertObjectRow } from './store.ts';

export async function insertObject(
  tx: Tx,
  caller: Caller,
  { id, vertical, body }: PassDraft,
): Promise<Outcome<PassObject>> {
  const issuerId = issuerOf(id);
  const classId = String(body.classId);
  const terms = objectTerms(vertical, body);
  if (!terms.ok) return terms;
  const passClass = await checkClass(tx, issuerId, vertical, classId);
  if (!passClass.ok) return passClass;
  const links = await checkLinks(tx, issuerId, body);
  if (!links.ok) return links;
  const draft = { id, issuerId, classId, vertical, body, ...terms.value };
  const inserted = await insertObjectRow(tx, draft);
  if (inserted === null) return refused('object-exists', id);
  await audit(tx, {
    actor: actorOf(caller),
    action: 'pass-object.insert',
    subject: id,
    outcome: 'inserted',
    detail: { classId, state: inserted.state },
  });
  return { ok: true, value: inserted };
}
