/** Structured logging: an event in plain words and its facts; never a secret or personal data. */
export interface Log {
  info(event: string, facts?: Readonly<Record<string, unknown>>): void;
  warn(event: string, facts?: Readonly<Record<string, unknown>>): void;
  error(event: string, facts?: Readonly<Record<string, unknown>>): void;
}

export const silentLog: Log = { info: () => {}, warn: () => {}, error: () => {} };

/** What may be told of an error in a log: never its message, which can quote input. */
export function errorFacts(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { error: typeof error };
  const { code } = error as { code?: unknown };
  const cause = error.cause instanceof Error ? errorFacts(error.cause) : undefined;
  const stack = error.stack?.split('\n').filter((line) => line.startsWith('    at '));
  return { error: error.name, ...(typeof code === 'string' && { code }), stack, cause };
}
