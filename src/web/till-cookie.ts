import type { TillCaller } from '../access/model.ts';
import type { AppContext } from '../http/env.ts';
import type { Service } from '../http/service.ts';
import { tillSecretOf } from '../http/till-cookie.ts';

/** The till that this browser is paired as; null for one that is none. */
export async function tillOf(
  c: AppContext,
  { authenticateTill }: Pick<Service, 'authenticateTill'>,
): Promise<TillCaller | null> {
  const secret = tillSecretOf(c);
  const caller = secret === null ? null : await authenticateTill(secret);
  return caller?.kind === 'till' ? caller : null;
}
