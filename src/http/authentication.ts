import type { MiddlewareHandler } from 'hono';
import { type Caller, holdsScope, type Scope, type TillCaller } from '../access/model.ts';
import { ProblemError } from '../problems/answer.ts';
import type { AppContext, AppEnv } from './env.ts';
import { isFromElsewhere } from './own-pages.ts';
import type { Service } from './service.ts';
import { tillSecretOf } from './till-cookie.ts';

type Authentication = Pick<Service, 'authenticate' | 'authenticateTill' | 'origin'>;

/** Answers 401 to a caller with neither a valid bearer token nor the cookie of a paired till. */
export function requireCaller(service: Authentication): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    const caller = await callerOf(c, service);
    if (caller === null) throw new ProblemError('unauthenticated');
    c.set('caller', caller);
    await next();
  };
}

/** Whether the caller of an answer that goes on would still be let in. */
export async function isStillKnown(c: AppContext, service: Authentication): Promise<boolean> {
  return (await callerOf(c, service)) !== null;
}

function callerOf(c: AppContext, service: Authentication): Promise<Caller | null> {
  const authorization = c.req.header('authorization');
  return authorization === undefined ? tillOf(c, service) : bearerOf(authorization, service);
}

async function bearerOf(
  authorization: string,
  { authenticate }: Authentication,
): Promise<Caller | null> {
  const [, token] = /^Bearer ([\x21-\x7e]+)$/i.exec(authorization) ?? [];
  return token === undefined ? null : authenticate(token);
}

/** A browser sends its cookies also for pages of others, which must change nothing with them. */
async function tillOf(
  c: AppContext,
  { authenticateTill, origin }: Authentication,
): Promise<Caller | null> {
  const secret = tillSecretOf(c);
  const till = secret === null ? null : await authenticateTill(secret);
  if (till !== null && isFromElsewhere(c.req.raw, origin)) throw new ProblemError('forbidden');
  return till;
}

/** The caller, which must hold the scope. */
export function callerWith(c: AppContext, scope: Scope): Caller {
  const caller = c.get('caller');
  if (caller === undefined) throw new ProblemError('unauthenticated');
  if (!holdsScope(caller, scope)) throw new ProblemError('forbidden');
  return caller;
}

/** The calling till, which must be one of that terminal; without one, of any. */
export function tillWith(c: AppContext, terminalId?: string): TillCaller {
  const caller = c.get('caller');
  if (caller === undefined) throw new ProblemError('unauthenticated');
  if (caller.kind !== 'till') throw new ProblemError('not-a-till');
  if (terminalId !== undefined && caller.terminalId !== terminalId) {
    throw new ProblemError('not-found');
  }
  return caller;
}
