/**
 * Validates a value against the part of JSON Schema 2020-12 that our OpenAPI document uses. A
 * keyword it does not know is an error, so that nothing passes by being ignored.
 */
export type Schema = Readonly<Record<string, unknown>>;

const ANNOTATIONS = new Set(['description', 'title', 'example', 'examples', 'default', 'format']);

/** What is wrong with the value, each with its place; nothing when it is valid. */
export function schemaErrors(value: unknown, schema: Schema, root: unknown, at = ''): string[] {
  return Object.entries(schema).flatMap(([keyword, expected]) => {
    if (ANNOTATIONS.has(keyword)) return [];
    const check = CHECKS[keyword];
    if (check === undefined) return [`${at}: unknown keyword ${keyword}`];
    return check({ value, expected, schema, root, at });
  });
}

/** What a local reference such as `#/components/schemas/Problem` points at. */
export function resolveReference(reference: string, root: unknown): unknown {
  const names = reference.replace(/^#\//, '').split('/');
  return names.reduce<unknown>((found, name) => {
    const key = name.replaceAll('~1', '/').replaceAll('~0', '~');
    return isObject(found) ? found[key] : undefined;
  }, root);
}

interface Check {
  readonly value: unknown;
  readonly expected: unknown;
  readonly schema: Schema;
  readonly root: unknown;
  readonly at: string;
}

const CHECKS: Readonly<Record<string, (check: Check) => string[]>> = {
  $ref: ({ value, expected, root, at }) => {
    const target = resolveReference(String(expected), root);
    return isObject(target) ? schemaErrors(value, target, root, at) : [`${at}: no ${expected}`];
  },
  type: ({ value, expected, at }) => {
    const types = Array.isArray(expected) ? expected : [expected];
    return types.some((type) => isOfType(value, type)) ? [] : [`${at}: is not ${types.join('|')}`];
  },
  enum: ({ value, expected, at }) =>
    (expected as unknown[]).includes(value) ? [] : [`${at}: is none of the enum`],
  const: ({ value, expected, at }) => (value === expected ? [] : [`${at}: is not ${expected}`]),
  anyOf: (check) => (matching(check) >= 1 ? [] : [`${check.at}: matches none of anyOf`]),
  oneOf: (check) =>
    matching(check) === 1 ? [] : [`${check.at}: matches ${matching(check)} of oneOf`],
  allOf: ({ value, expected, root, at }) =>
    (expected as Schema[]).flatMap((schema) => schemaErrors(value, schema, root, at)),
  pattern: ({ value, expected, at }) =>
    unless(
      typeof value === 'string' && !new RegExp(String(expected), 'u').test(value),
      at,
      'pattern',
    ),
  minLength: ({ value, expected, at }) =>
    unless(typeof value === 'string' && [...value].length < Number(expected), at, 'minLength'),
  maxLength: ({ value, expected, at }) =>
    unless(typeof value === 'string' && [...value].length > Number(expected), at, 'maxLength'),
  minimum: ({ value, expected, at }) =>
    unless(typeof value === 'number' && value < Number(expected), at, 'minimum'),
  maximum: ({ value, expected, at }) =>
    unless(typeof value === 'number' && value > Number(expected), at, 'maximum'),
  exclusiveMinimum: ({ value, expected, at }) =>
    unless(typeof value === 'number' && value <= Number(expected), at, 'exclusiveMinimum'),
  minItems: ({ value, expected, at }) =>
    unless(Array.isArray(value) && value.length < Number(expected), at, 'minItems'),
  maxItems: ({ value, expected, at }) =>
    unless(Array.isArray(value) && value.length > Number(expected), at, 'maxItems'),
  items: ({ value, expected, root, at }) =>
    Array.isArray(value)
      ? value.flatMap((item, i) => schemaErrors(item, expected as Schema, root, `${at}/${i}`))
      : [],
  required: ({ value, expected, at }) =>
    (expected as string[]).flatMap((name) =>
      isObject(value) && !(name in value) ? [`${at}/${name}: is missing`] : [],
    ),
  properties: ({ value, expected, root, at }) =>
    Object.entries(expected as Record<string, Schema>).flatMap(([name, schema]) =>
      isObject(value) && name in value
        ? schemaErrors(value[name], schema, root, `${at}/${name}`)
        : [],
    ),
  additionalProperties: ({ value, expected, schema, root, at }) => {
    const known = isObject(schema.properties) ? schema.properties : {};
    const others = isObject(value) ? Object.keys(value).filter((name) => !(name in known)) : [];
    return others.flatMap((name) => {
      if (expected === false) return [`${at}/${name}: is not known`];
      if (expected === true || !isObject(value)) return [];
      return schemaErrors(value[name], expected as Schema, root, `${at}/${name}`);
    });
  },
};

function matching({ value, expected, root, at }: Check): number {
  const fits = (schema: Schema) => schemaErrors(value, schema, root, at).length === 0;
  return (expected as Schema[]).filter(fits).length;
}

function unless(breaks: boolean, at: string, keyword: string): string[] {
  return breaks ? [`${at}: breaks ${keyword}`] : [];
}

function isOfType(value: unknown, type: unknown): boolean {
  switch (type) {
    case 'null':
      return value === null;
    case 'array':
      return Array.isArray(value);
    case 'object':
      return isObject(value);
    case 'integer':
      return Number.isInteger(value);
    default:
      return typeof value === type;
  }
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
