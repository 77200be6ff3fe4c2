import { expect } from 'vitest';
import type { TestService } from './service.ts';
import type { Answer } from './service-client.ts';

/** What was asked for, and of which class. */
export interface Asked {
  readonly classId: string;
  readonly answer: Answer<unknown>;
}

interface Entry {
  readonly actor: string;
  readonly subject: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

const WITH_BILL = ['redeem', 'hold', 'confirm', 'release', 'reverse'];

/** One entry says who decided what, by which rule of which version, and with which bill. */
export async function expectExplained(
  { sql }: Pick<TestService, 'sql'>,
  { action, outcome, till }: { action: string; outcome: string; till: string },
  { classId, answer }: Asked,
): Promise<void> {
  expect(`${answer.status} ${answer.text}`).toMatch(/^(?:20[014]|4\d\d .*"code":)/);
  const entries = await sql<Entry>(
    `select actor, subject, detail from audit_entries
      where action = $1 and outcome = $2 and $3 in (detail ->> 'classId', subject)`,
    [action, outcome, classId],
  );
  expect(entries).toHaveLength(1);
  const [entry] = entries;
  const [row] = await sql<{ version: number }>('select version from coupon_classes where id = $1', [
    classId,
  ]);
  expect(entry?.actor).toMatch(/^(?:root|key:[0-9A-Za-z]{16})$/);
  expect(entry?.subject).toMatch(/^[a-z]{3}_|\./);
  const rule = outcome === 'done' ? 'changed' : outcome;
  expect(entry?.detail).toMatchObject({ classId, rule, version: row?.version });
  if (!WITH_BILL.includes(action)) return;
  expect(entry?.detail).toMatchObject({
    redemptionIssuerId: till,
    orderTotalMinor: 4800,
    discountMinor: expect.any(Number),
  });
}

/** Does the work while no code path writes its entry. */
export async function withoutAudit<T>(
  { sql }: Pick<TestService, 'sql'>,
  work: () => Promise<T>,
): Promise<T> {
  await sql(`
    create function forgets() returns trigger language plpgsql as 'begin return null; end';
    create trigger forgets before insert on audit_entries
      for each row execute function forgets()`);
  try {
    return await work();
  } finally {
    await sql('drop function forgets cascade');
  }
}
