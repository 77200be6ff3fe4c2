import { OpenAPIHono } from '@hono/zod-openapi';
import type { ZodError } from 'zod';
import { type InputError, ProblemError } from '../problems/answer.ts';
import type { AppEnv } from './env.ts';

export type Router = OpenAPIHono<AppEnv>;

/** A router whose every schema failure becomes one problem with JSON pointers. */
export function newRouter(): Router {
  return new OpenAPIHono<AppEnv>({
    defaultHook: (result) => {
      if (result.success) return;
      // An id of the wrong form in the path names nothing.
      if (result.target === 'param') throw new ProblemError('not-found');
      throw new ProblemError('invalid-request', {
        errors: inputErrors(result.error, result.target),
      });
    },
  });
}

/** The methods that a path knows, as `Allow` tells them; none for a path that is not there. */
export function methodsOf({ router, routes }: Router, path: string): string[] {
  const handles = (method: string) =>
    router.match(method, path)[0].some(([[, route]]) => route.method === method);
  // What is there for all methods is no answer but what every request passes through.
  const methods = new Set(routes.map(({ method }) => method).filter((method) => method !== 'ALL'));
  const known = [...methods].filter(handles);
  if (known.length === 0) return [];
  return [...known, ...(known.includes('GET') ? ['HEAD'] : []), 'OPTIONS'].sort();
}

export function inputErrors(error: ZodError, target: string): InputError[] {
  const root = target === 'json' ? '' : `/${target}`;
  return error.issues.flatMap((issue) => {
    const path = issue.path.map((part) => `/${escapePointer(String(part))}`).join('');
    if (issue.code !== 'unrecognized_keys')
      return [{ pointer: root + path, message: issue.message }];
    return issue.keys.map((key) => ({
      pointer: `${root}${path}/${escapePointer(key)}`,
      message: 'unknown field',
    }));
  });
}

function escapePointer(part: string): string {
  return part.replaceAll('~', '~0').replaceAll('/', '~1');
}
