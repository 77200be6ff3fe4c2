import { actorOf, type Caller } from '../access/model.ts';
import { audit } from '../audit/store.ts';
import type { Tx } from '../platform/database.ts';
import type { PassChange } from './change-class.ts';
import type { PassObject } from './model.ts';
import { checkClass, checkLinks, keepLinks } from './object-checks.ts';
import { type Outcome, objectTerms, refused } from './rules.ts';
import { lockObject, updateObject } from './store.ts';

/** Changes an object, one change at a time; it may move to another class of its issuer. */
export async function changeObject(
  tx: Tx,
  caller: Caller,
  { id, vertical, mode, revise }: PassChange,
): Promise<Outcome<PassObject>> {
  const current = await lockObject(tx, id);
  if (current === null || current.vertical !== vertical) return refused('object-not-found', id);
  const before = { ...current.body, state: current.state };
  const body = keepLinks(before, revise(before));
  const decided = await decideChange(tx, current, body);
  if (!decided.ok) return decided;
  const changed = decided.value;
  await updateObject(tx, changed);
  await audit(tx, {
    actor: actorOf(caller),
    action: `pass-object.${mode}`,
    subject: id,
    outcome: 'changed',
    detail: { version: changed.version, classId: changed.classId, state: changed.state },
  });
  return { ok: true, value: changed };
}

async function decideChange(
  tx: Tx,
  current: PassObject,
  body: PassObject['body'],
): Promise<Outcome<PassObject>> {
  const { issuerId, vertical, version } = current;
  const terms = objectTerms(vertical, body);
  if (!terms.ok) return terms;
  const classId = String(body.classId);
  const moved = classId !== current.classId;
  const passClass = moved ? await checkClass(tx, issuerId, vertical, classId) : null;
  if (passClass !== null && !passClass.ok) return passClass;
  const links = await checkLinks(tx, issuerId, body);
  if (!links.ok) return links;
  return { ok: true, value: { ...current, classId, body, ...terms.value, version: version + 1 } };
}
