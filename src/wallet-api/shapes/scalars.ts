import { z } from '@hono/zod-openapi';
import { digitsOf } from '../../http/schemas.ts';

/**
 * The building blocks of Google's JSON: every field may be absent or null, and null means absent
 * on insert and "clear" on patch; an unknown name is an error at every depth.
 */
export type Shape = z.ZodType<Record<string, unknown>>;

/** A message of these fields; a name puts it into the API document once. */
export function message(name: string, fields: Readonly<Record<string, z.ZodType>>) {
  const open = Object.entries(fields).map(([field, shape]) => [field, shape.nullish()]);
  return z.strictObject(Object.fromEntries(open) as Record<string, z.ZodType>).openapi(name);
}

/** What the server sets, or what Google keeps only for old clients: read, checked and dropped. */
export function dropped(shape: z.ZodType, description: string) {
  return shape.transform(() => undefined).openapi({ description });
}

/** Names the type of a message; deprecated, so taken back and not kept. */
export const kind = dropped(z.string(), 'Deprecated; ignored on input.');

export const text = z.string();
export const flag = z.boolean();
export const double = z.number();

const INT32_MAX = 2_147_483_647;

/** Proto3 JSON takes an int32 as a number or as a text. */
export const int32 = z
  .preprocess(
    (value) => (typeof value === 'string' && /^-?[0-9]{1,10}$/.test(value) ? Number(value) : value),
    z
      .number()
      .int()
      .min(-INT32_MAX - 1)
      .max(INT32_MAX),
  )
  .openapi({ format: 'int32' });

const INT64_LIMIT = 2n ** 63n;

/** Comes as a text or as a number and goes out as a text, with every digit. */
export const int64 = z
  .preprocess(digitsOf, z.string().refine(isInt64, 'must be an int64'))
  .openapi({ format: 'int64' });

function isInt64(text: string): boolean {
  if (!/^(?:0|-?[1-9][0-9]{0,18})$/.test(text)) return false;
  return BigInt(text) < INT64_LIMIT && BigInt(text) >= -INT64_LIMIT;
}

export { int64Id as issuerIdText } from '../../http/schemas.ts';

/** A link that is shown to members: with a scheme, and none that runs code on a page. */
export const uriText = z
  .string()
  .regex(/^(?:[A-Za-z][A-Za-z0-9+.-]*:\S.*)?$/, 'must be a URI with a scheme')
  .refine(
    (uri) => !/^(?:javascript|vbscript|data):/i.test(uri),
    'must not be a script or data URI',
  );

export const hexColor = z
  .string()
  .regex(/^#(?:[0-9A-Fa-f]{3}|[0-9A-Fa-f]{6})$/, 'must be #rrggbb or #rgb');

/** A time as Google writes it: ISO 8601, with or without an offset. */
export const timeText = z.string().openapi({ example: '2026-11-21T09:00:00+08:00' });

/**
 * An enum: taken as documented or under its old lowerCamel alias, answered as documented. Aliases
 * that the rule does not make are listed with the name they stand for.
 */
export function wireEnum(names: readonly string[], aliases: Readonly<Record<string, string>> = {}) {
  const spellings = new Map<unknown, string>(Object.entries(aliases));
  for (const name of names) spellings.set(name, name).set(lowerCamel(name), name);
  return z.preprocess(
    (spelling) => spellings.get(spelling) ?? spelling,
    z.enum(names, { error: `must be one of ${names.join(', ')}` }),
  );
}

function lowerCamel(name: string): string {
  return name.toLowerCase().replace(/_([a-z0-9])/g, (_match, first: string) => first.toUpperCase());
}
