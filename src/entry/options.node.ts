import { type ParseArgsConfig, parseArgs } from 'node:util';

/** A command was called in a way that it does not know. The message never holds a value. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

type OptionsConfig = NonNullable<ParseArgsConfig['options']>;

/**
 * The options of a command, each given once unless it is `multiple`, and nothing beside them.
 * @throws UsageError that names the option
 */
export function readOptions<const Options extends OptionsConfig>(
  args: readonly string[],
  options: Options,
) {
  const { values, tokens } = parsed(args, options);
  const seen = new Set<string>();
  for (const token of tokens) {
    if (token.kind !== 'option') continue;
    if (seen.has(token.name) && options[token.name]?.multiple !== true) {
      throw new UsageError(`--${token.name} is given twice`);
    }
    seen.add(token.name);
  }
  return values;
}

function parsed<const Options extends OptionsConfig>(args: readonly string[], options: Options) {
  try {
    return parseArgs({ args: [...args], options, strict: true, tokens: true });
  } catch (error) {
    throw new UsageError(inPlainWords(error));
  }
}

/** What Node says is cut before it repeats a word that may be a secret. */
function inPlainWords(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL') return 'a word stands without its option';
  const [, option] = /'(?:-\w, )?(--?[\w-]+)/.exec(message) ?? [];
  if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION') return `${option} is not known`;
  if (code === 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE') return `${option}: its value is wrong`;
  throw error;
}

/** @throws UsageError when the option is missing */
export function needed(value: string | undefined, option: string): string {
  if (value === undefined) throw new UsageError(`--${option} is missing`);
  return value;
}

/** @throws UsageError when the value is no whole number of that range, in decimal digits */
export function wholeNumber(value: string, option: string, least: number, most: number): number {
  const number = /^\d{1,10}$/.test(value) ? Number(value) : Number.NaN;
  if (number >= least && number <= most) return number;
  throw new UsageError(`--${option} is a whole number from ${least} to ${most}`);
}
