import { stringify } from 'yaml';
import type { Router } from '../http/router.ts';
import { problemDocument } from '../problems/answer.ts';
import { type ProblemCode, problems } from '../problems/registry.ts';
import { examples } from './openapi-examples.ts';
import { about, components, tags } from './openapi-head.ts';

export interface MediaType {
  schema: unknown;
  example?: unknown;
}

export interface DocumentedResponse {
  description: string;
  headers?: Record<string, unknown>;
  content?: Record<string, MediaType>;
}

interface Reference {
  $ref: string;
}

export interface Operation {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly summary: string;
  readonly security?: readonly unknown[];
  readonly parameters?: readonly unknown[];
  readonly requestBody?: { readonly content: Record<string, MediaType> };
  readonly responses: Record<string, DocumentedResponse | Reference>;
}

export interface OpenApiDocument {
  readonly openapi: string;
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: Record<string, Record<string, unknown>>;
}

const WRITING_METHODS = new Set(['post', 'put', 'patch', 'delete']);
/** POSTs that change nothing: the body is a question too long for a query. */
const QUESTIONS = new Set(['quoteRedemption', 'rankOffers', 'lookUp']);
const PROBLEM = 'application/problem+json';

/** What the routes document about themselves, and beside it what is true of all of them. */
export function openApiDocument(app: Router): OpenApiDocument {
  const told = app.getOpenAPI31Document({ openapi: '3.1.0', ...about, tags: [...tags] });
  const document = JSON.parse(JSON.stringify(told)) as OpenApiDocument;
  for (const path of Object.values(document.paths)) {
    for (const [method, operation] of Object.entries(path)) {
      path[method] = complete(method, operation);
    }
  }
  const responses = shareResponses(document);
  const { paths, components: found, ...head } = document;
  const { schemas = {} } = found;
  return { ...head, paths, components: { ...components, responses, schemas } };
}

/** The document as it is served and as `openapi.yaml` holds it. */
export function openApiYaml(app: Router): string {
  const comment = '# Made from the routes by `npm run generate`.\n';
  // Many readers are of YAML 1.1, where a bare 2026-11-21 is no text.
  const style = { lineWidth: 100, aliasDuplicateObjects: false, compat: 'yaml-1.1' } as const;
  return comment + stringify(openApiDocument(app), style);
}

/** An operation with the headers that every one has, and its examples. */
function complete(method: string, operation: Operation): Operation {
  const { parameters = [], requestBody, responses, ...named } = operation;
  const answers = Object.entries(responses as Record<string, DocumentedResponse>);
  const writes = WRITING_METHODS.has(method) && !QUESTIONS.has(operation.operationId);
  const tellsProblems = answers.some(([, response]) => isProblem(response));
  for (const [status, response] of answers) {
    const replayable = writes && status.startsWith('2');
    response.headers = { ...response.headers, ...headersOf(replayable, isProblem(response)) };
    exemplifyProblem(response);
  }
  exemplify(operation, answers);
  const all = [...parameters, ...parametersOf(writes, tellsProblems)];
  return {
    ...named,
    ...(all.length > 0 && { parameters: all }),
    ...(requestBody && { requestBody }),
    responses,
  };
}

function parametersOf(writes: boolean, tellsProblems: boolean): Reference[] {
  return [
    ...(writes ? [{ $ref: '#/components/parameters/IdempotencyKey' }] : []),
    ...(tellsProblems ? [{ $ref: '#/components/parameters/AcceptLanguage' }] : []),
  ];
}

function headersOf(replayable: boolean, localized: boolean): Record<string, Reference> {
  return {
    'X-Request-Id': { $ref: '#/components/headers/RequestId' },
    ...(replayable && { 'Idempotent-Replayed': { $ref: '#/components/headers/Replayed' } }),
    ...(localized && { 'Content-Language': { $ref: '#/components/headers/ContentLanguage' } }),
  };
}

function isProblem({ content = {} }: DocumentedResponse): boolean {
  return PROBLEM in content;
}

function exemplify(
  { operationId, requestBody }: Operation,
  answers: readonly (readonly [string, DocumentedResponse])[],
): void {
  const { request, response } = examples[operationId] ?? {};
  const asked = requestBody?.content['application/json'];
  if (request !== undefined && asked !== undefined) asked.example = request;
  const good = answers.find(([status]) => status.startsWith('2'))?.[1];
  const answered = good?.content?.['application/json'];
  if (response !== undefined && answered !== undefined) answered.example = response;
}

/** Each problem answer shows the first of the codes that its description names. */
function exemplifyProblem({ description, content }: DocumentedResponse): void {
  const [code] = problemCodesIn(description);
  const media = content?.[PROBLEM];
  if (media === undefined || code === undefined) return;
  const context = { origin: 'https://pass.example', locale: 'en', requestId: REQUEST_ID } as const;
  media.example = problemDocument(code, context);
}

const REQUEST_ID = 'req_01jd8q6y0v5f3t9n2k4c7h1mbx';

/** The problem codes that a description names in backticks. */
export function problemCodesIn(description: string): ProblemCode[] {
  const names = [...description.matchAll(/`([a-z-]+)`/g)].map(([, name = '']) => name);
  return names.filter((name): name is ProblemCode => name in problems);
}

/** Failures that several operations share become one component with a name. */
function shareResponses({ paths }: OpenApiDocument): Record<string, DocumentedResponse> {
  const operations = Object.values(paths).flatMap((path) => Object.values(path));
  const texts = operations.flatMap(failuresOf).map(([, response]) => JSON.stringify(response));
  const once = new Set(texts.filter((text) => texts.indexOf(text) === texts.lastIndexOf(text)));
  const shared: Record<string, DocumentedResponse> = {};
  for (const operation of operations) {
    for (const [status, response] of failuresOf(operation)) {
      if (once.has(JSON.stringify(response))) continue;
      const name = nameOf(status, response);
      shared[name] ??= response;
      // Two answers of one name stay where they are: a reference would tell one as the other.
      if (JSON.stringify(shared[name]) !== JSON.stringify(response)) continue;
      operation.responses[status] = { $ref: `#/components/responses/${name}` };
    }
  }
  return shared;
}

function failuresOf({ responses }: Operation): [string, DocumentedResponse][] {
  const failures = Object.entries(responses).filter(([status]) => status >= '400');
  return failures.filter((failure): failure is [string, DocumentedResponse] => {
    const [, response] = failure;
    return 'content' in response;
  });
}

/** By its codes, as `NotFound`; Google's failures have none and go by their status. */
function nameOf(status: string, response: DocumentedResponse): string {
  if (!isProblem(response)) return `WalletApiError${status}`;
  return problemCodesIn(response.description).map(pascalCase).join('Or');
}

function pascalCase(code: string): string {
  return code.replaceAll(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
