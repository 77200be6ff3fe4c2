import { type Caller, issuerSeenBy } from '../access/model.ts';
import { invalidInput } from '../problems/answer.ts';

/**
 * The issuer whose things are meant: the one that is named, or the caller's own.
 * @throws ProblemError when root names none
 */
export function issuerNamed(caller: Caller, named: string | undefined): string {
  const issuerId = named ?? issuerSeenBy(caller);
  if (issuerId === null) throw invalidInput('/query/issuerId', 'must be given by root');
  return issuerId;
}
