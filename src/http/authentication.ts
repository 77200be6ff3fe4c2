import type { MiddlewareHandler } from 'hono';
import { type Caller, holdsScope, type Scope } from '../access/model.ts';
import { ProblemError } from '../problems/answer.ts';
import type { AppContext, AppEnv } from './env.ts';
import type { Service } from './service.ts';

/** Answers 401 to a caller without a valid bearer token. */
export function requireCaller({ authenticate }: Service): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    const [, token] = /^Bearer ([\x21-\x7e]+)$/i.exec(c.req.header('authorization') ?? '') ?? [];
    const caller = token === undefined ? null : await authenticate(token);
    if (caller === null) throw new ProblemError('unauthenticated');
    c.set('caller', caller);
    await next();
  };
}

/** The caller, which must hold the scope. */
export function callerWith(c: AppContext, scope: Scope): Caller {
  const caller = c.get('caller');
  if (caller === undefined) throw new ProblemError('unauthenticated');
  if (!holdsScope(caller, scope)) throw new ProblemError('forbidden');
  return caller;
}
