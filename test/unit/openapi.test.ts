import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import {
  type DocumentedResponse,
  type MediaType,
  type Operation,
  openApiDocument,
  problemCodesIn,
} from '../../src/operation/openapi.ts';
import { examples } from '../../src/operation/openapi-examples.ts';
import { problemCodes } from '../../src/problems/registry.ts';
import { openApiText, undressedApp } from '../../tools/openapi.ts';
import { problemTable } from '../../tools/problem-table.ts';
import { isObject, resolveReference, type Schema, schemaErrors } from '../support/json-schema.ts';

/** The calls that the contract of the core fixes. */
const CONTRACT = `
  POST /v1/api-keys            GET /v1/api-keys             DELETE /v1/api-keys/{id}
  POST /v1/wallets             POST /v1/wallets/{id}/passes GET /v1/wallets/{id}/passes
  GET /v1/wallets/{id}/coupons GET /v1/wallets/{id}/sync    POST /v1/wallets/{id}/presentations
  GET /v1/presentations/{id}   POST /v1/presentations/{id}/selection
  POST /v1/taps                GET /v1/taps/{id}/explanation
  POST /v1/coupon-classes      GET /v1/coupon-classes       GET /v1/coupon-classes/{id}
  PATCH /v1/coupon-classes/{id}
  POST /v1/coupon-classes/{id}/void                         POST /v1/coupon-classes/{id}/stock
  POST /v1/coupon-classes/{id}/claims                       GET /v1/claims/{id}
  POST /v1/redemptions/quote   POST /v1/redemptions         GET /v1/redemptions/{id}
  POST /v1/redemptions/{id}/reversal
  GET /healthz  GET /readyz  GET /metrics  GET /openapi.yaml  GET /.well-known/jwks.json
  POST /walletobjects/v1/issuer
  GET /walletobjects/v1/issuer/{resourceId}
`.match(/(?:GET|POST|PATCH|DELETE) \S+/g);

/** POSTs that change nothing. */
const QUESTIONS = new Set(['quoteRedemption', 'rankOffers', 'lookUp']);

const document = openApiDocument(undressedApp());
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({
    name: `${method.toUpperCase()} ${path}`,
    method,
    path,
    operation,
  })),
);

function responsesOf({ responses }: Operation): [string, DocumentedResponse][] {
  return Object.entries(responses).map(([status, response]) => [
    status,
    '$ref' in response
      ? (resolveReference(response.$ref, document) as DocumentedResponse)
      : response,
  ]);
}

/** Everything in the document, with its place. */
function everything(value: unknown, at = '#'): { at: string; value: Record<string, unknown> }[] {
  if (Array.isArray(value)) return value.flatMap((item, i) => everything(item, `${at}/${i}`));
  if (!isObject(value)) return [];
  const inside = Object.entries(value).flatMap(([name, child]) =>
    // What an example holds is data.
    name === 'example' ? [] : everything(child, `${at}/${name}`),
  );
  return [{ at, value }, ...inside];
}

describe('openapi.yaml', () => {
  it('is what the routes document now', () => {
    const committed = readFileSync(new URL('../../openapi.yaml', import.meta.url), 'utf8');
    expect(committed === openApiText(), 'stale: run npm run generate').toBe(true);
  });

  it('says in YAML what the document says', () => {
    const said = JSON.parse(JSON.stringify(document)) as unknown;
    expect(parse(openApiText())).toEqual(said);
    expect(parse(openApiText(), { version: '1.1' })).toEqual(said);
  });

  it('is what the service answers', async () => {
    const response = await undressedApp().request('/openapi.yaml');
    expect(response.headers.get('content-type')).toMatch(/^application\/yaml/);
    expect((await response.text()) === openApiText()).toBe(true);
  });

  it('goes with a current docs/problems.md', () => {
    const committed = readFileSync(new URL('../../docs/problems.md', import.meta.url), 'utf8');
    expect(committed === problemTable(), 'stale: run npm run generate').toBe(true);
  });
});

describe('the document', () => {
  it('is OpenAPI 3.1 with a title, a server and a security scheme', () => {
    expect(document).toMatchObject({
      openapi: expect.stringMatching(/^3\.1\.\d+$/),
      info: { title: expect.any(String), version: expect.any(String) },
      servers: [{ url: '/' }],
      components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } } },
    });
  });

  it('refers only to what is there', () => {
    const dangling = everything(document).filter(
      ({ value }) =>
        typeof value.$ref === 'string' && resolveReference(value.$ref, document) === undefined,
    );
    expect(dangling).toEqual([]);
  });

  it.each(CONTRACT ?? [])('has %s', (name) => {
    expect(operations.map((operation) => operation.name)).toContain(name);
  });

  it('names each operation once', () => {
    const ids = operations.map(({ operation }) => operation.operationId);
    expect(ids.filter((id, index) => !id || ids.indexOf(id) !== index)).toEqual([]);
  });

  it('mentions every problem code, at an operation or of all paths', () => {
    const { description } = (document as unknown as { info: { description: string } }).info;
    const everywhere = problemCodesIn(description);
    const told = operations.flatMap(({ operation }) =>
      responsesOf(operation).flatMap(([, { description }]) => problemCodesIn(description)),
    );
    expect(problemCodes.filter((code) => ![...told, ...everywhere].includes(code))).toEqual([]);
  });

  it.each([
    'Issuer',
    'SmartTapMerchantData',
    'AuthenticationKey',
    'LoyaltyClass',
    'LoyaltyObject',
    'LoyaltyPointsBalance',
    'Money',
    'OfferClass',
    'OfferObject',
    'GenericClass',
    'GenericObject',
  ])('takes null for every field of Google’s %s', (name) => {
    const schema = resolveReference(`#/components/schemas/${name}`, document) as Schema;
    const fields = Object.keys(schema.properties as object);
    const cleared = Object.fromEntries(fields.map((field) => [field, null]));
    expect(fields.length).toBeGreaterThan(1);
    expect(schemaErrors(cleared, schema, document)).toEqual([]);
  });

  it('has every example at an operation that exists', () => {
    const ids = operations.map(({ operation }) => operation.operationId);
    expect(Object.keys(examples).filter((id) => !ids.includes(id))).toEqual([]);
  });
});

describe.each(operations)('$name', ({ method, path, operation }) => {
  const declared = (document as unknown as { tags: { name: string }[] }).tags;
  const parameters = (operation.parameters ?? []).map((parameter) => {
    const { $ref } = parameter as { $ref?: string };
    return ($ref === undefined ? parameter : resolveReference($ref, document)) as {
      name: string;
      in: string;
      required: boolean;
    };
  });

  it('says what it is and what it answers', () => {
    expect(operation.summary).toBeTruthy();
    expect(declared.map(({ name }) => name)).toEqual(expect.arrayContaining([...operation.tags]));
    expect(operation.tags.length).toBe(1);
    const statuses = responsesOf(operation).map(([status]) => status);
    expect(statuses.some((status) => status.startsWith('2'))).toBe(true);
    for (const [, { description }] of responsesOf(operation)) expect(description).toBeTruthy();
  });

  it('declares the parameters of its path', () => {
    const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    const told = parameters.filter((parameter) => parameter.in === 'path' && parameter.required);
    expect(told.map(({ name }) => name).sort()).toEqual(inPath.sort());
  });

  it('takes an Idempotency-Key when it writes', () => {
    const asks = method === 'get' || QUESTIONS.has(operation.operationId);
    const told = parameters.some(({ name }) => name === 'Idempotency-Key');
    expect(told).toBe(!asks);
  });

  it('answers failures as problems', () => {
    const schema = path.startsWith('/walletobjects/') ? 'WalletApiError' : 'Problem';
    const failures = responsesOf(operation).filter(([status]) => status >= '400');
    const others = failures.filter(
      ([, { content = {} }]) =>
        !JSON.stringify(Object.values(content)).includes(`#/components/schemas/${schema}"`),
    );
    // Not ready is an answer of its own shape; a page or numbers that are not there have no body.
    const bare = ['readiness', 'metrics', 'problemPage'].includes(operation.operationId);
    expect(bare ? [] : others.map(([status]) => status)).toEqual([]);
  });

  it('carries the request id on every answer', () => {
    for (const [, { headers }] of responsesOf(operation)) {
      expect(headers).toHaveProperty('X-Request-Id');
    }
  });
});

describe('examples', () => {
  const inSchemas = everything(document)
    .filter(({ value }) => 'example' in value && !('schema' in value))
    .map(({ at, value }) => ({ at, example: value.example, schema: value as Schema }));
  const inMedia = everything(document)
    .filter(({ value }) => 'example' in value && 'schema' in value)
    .map(({ at, value }) => {
      const { example, schema } = value as unknown as MediaType;
      return { at, example, schema: schema as Schema };
    });

  it('are there', () => {
    expect(inSchemas.length).toBeGreaterThan(30);
    expect(inMedia.length).toBeGreaterThan(50);
  });

  it.each(['in schemas', 'in requests and answers'])('are valid %s', (where) => {
    const wrong = (where === 'in schemas' ? inSchemas : inMedia).flatMap(
      ({ at, example, schema }) =>
        schemaErrors(example, schema, document).map((error) => `${at} ${error}`),
    );
    expect(wrong).toEqual([]);
  });
});
